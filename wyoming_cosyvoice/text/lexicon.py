"""Pronunciations by the user."""


class Lexicon:
    """Words that are said in another way than they are written."""
