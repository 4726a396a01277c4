"""What users are told of: the feed, its live stream, and which of it is worth an email."""
