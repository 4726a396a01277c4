"""Calls: what a user dials from and leaves behind."""
