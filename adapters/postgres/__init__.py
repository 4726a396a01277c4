"""PostgreSQL: the truth. Tables, the unit of work, one file of stores a feature."""
