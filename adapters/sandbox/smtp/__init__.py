"""A mail server that takes every mail, whoever it is for."""
