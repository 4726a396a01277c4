"""What follows from a culture such as `de-AT`, beside its country."""


def language_of(culture: str) -> str:
    """The language that is spoken in it: `de`."""
    return culture.replace("_", "-").partition("-")[0].lower()
