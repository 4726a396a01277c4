"""Emails: how they are written, sent, tracked, and what comes back."""
