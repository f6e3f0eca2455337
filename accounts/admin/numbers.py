"""Numbers that come in with a request."""


def whole_number(given: object) -> int | None:
    """The number that `given` writes in plain digits; None for anything else, and for what no row's key can be."""
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
