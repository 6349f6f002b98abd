"""Small words of sentences and headings. Pure."""


def lower_first(text: str) -> str:
    """ "Huyện Quảng Hòa" inside a sentence."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """For a heading; "mã GSO" keeps its capitals."""
    return text[:1].upper() + text[1:]
