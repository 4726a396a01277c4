"""Stand-ins of the outside providers, spoken to over HTTP; see README.md. Imports nothing of Engage."""
