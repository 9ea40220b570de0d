"""Tell the St. of a saint from that of a street by what stands beside it."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

_SAINTS = pattern(
    r"\s?(?:Agnes|Albans?|Andrew|Anne?|Anthony|Augustine|Barts|Basil|Benedict|Bernard|Catharines|Catherine|Clair|Clement"
    r"|Cloud|Columba|Croix|David|Dominic|Elizabeth|Elmo|Francis|Gallen|George|Helena|Helens|Ignatius|Ives|James|Jerome"
    r"|Joan|John|Johns|Joseph|Jude|Kilda|Kitts|Lawrence|Louis|Lucia|Luke|Maarten|Margaret|Mark|Martin|Mary|Matthew"
    r"|Michael|Moritz|Nicholas|Nick|Olaf|Pancras|Patrick|Paul|Peter|Petersburg|Pierre|Pölten|Regis|Stephen|Teresa|Thomas"
    r"|Tropez|Valentine|Vincent|Xavier)(?:'s|s)?\b"
)
# A street has its name or number before it: Main St., 5th St.
_NAME_BEFORE = pattern(r"(?:[A-Z][\w'-]+|[0-9](?:st|nd|rd|th))\s\Z")
_CAPITAL = pattern(r"\s?[A-Z]")


def is_saint(before: str, after: str) -> bool:
    """Whether ``St`` between these is a saint, not a street."""
    if not _CAPITAL.match(after):
        return False
    return bool(_SAINTS.match(after)) or not _NAME_BEFORE.search(before)


def is_street(before: str) -> bool:
    """Whether ``before`` ends with the name of a street."""
    return bool(_NAME_BEFORE.search(before))
