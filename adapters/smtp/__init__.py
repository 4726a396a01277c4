"""Mail of our own, by SMTP."""
