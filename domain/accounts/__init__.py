"""Organizations, users, their sessions, and the hours in which they work."""
