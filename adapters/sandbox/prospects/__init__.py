"""The people at the other end: what reaches them, and what they do with it."""
