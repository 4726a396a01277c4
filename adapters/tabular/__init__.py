"""Files of rows: what they are, how they are read, in a process of their own, as whoever wrote them is a stranger."""
