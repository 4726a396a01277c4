"""Files of people: what their columns mean, what becomes of each row, and taking all of it back."""
