"""Distinguish the St. of a saint from that of a street by its context."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import any_of, pattern

_NAMES = any_of("""
    Agnes Albans? Andrew Anne? Anthony Augustine Barts Basil Benedict Bernard Catharines
    Catherine Clair Clement Cloud Columba Croix David Dominic Elizabeth Elmo Francis Gallen
    George Helena Helens Ignatius Ives James Jerome Joan Johns? Joseph Jude Kilda Kitts
    Lawrence Louis Lucia Luke Maarten Margaret Mark Martin Mary Matthew Michael Moritz
    Nicholas Nick Olaf Pancras Patrick Paul Petersburg Peter Pierre Pölten Regis Stephen
    Teresa Thomas Tropez Valentine Vincent Xavier
""")
SAINT = rf"\s?{_NAMES}(?:'s|s)?\b"
# A street has its name or number before it: Main St., 5th St.
NAME_BEFORE = r"(?:[A-Z][\w'-]+|[0-9](?:st|nd|rd|th))\s"
CAPITAL = r"\s?[A-Z]"

_SAINT = pattern(SAINT)
_NAME_BEFORE = pattern(rf"{NAME_BEFORE}\Z")
_CAPITAL = pattern(CAPITAL)


def is_saint(before: str, after: str) -> bool:
    """Whether ``St`` between these is a saint, not a street."""
    if not _CAPITAL.match(after):
        return False
    return bool(_SAINT.match(after)) or not _NAME_BEFORE.search(before)


def is_street(before: str) -> bool:
    """Whether ``before`` ends with the name of a street."""
    return bool(_NAME_BEFORE.search(before))
