"""The HTTP face: parses, asks one service, answers. Decides nothing."""
