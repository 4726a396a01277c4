"""Salesflows: ordered steps with delays between them, and the contacts who walk through them."""
