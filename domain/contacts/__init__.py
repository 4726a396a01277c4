"""The people to be sold to: their records, how they are found, and whether they may be written to."""
