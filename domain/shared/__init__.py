"""What every feature stands on: ids, errors, the principal, paging, time and jobs."""
