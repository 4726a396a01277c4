"""Sample data worth looking at: an organization, people, Salesflows under way, weeks of history."""
