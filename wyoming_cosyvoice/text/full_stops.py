"""Whether a full stop ends a sentence, or belongs to the word or number before it.

Places: ``start`` is where the sentence begins in the text, ``here`` the full stop,
``follower`` the next character after it, its closing marks and blanks.
"""

from __future__ import annotations

from wyoming_cosyvoice.text import sentence_ends as ends
from wyoming_cosyvoice.text.abbreviations import (
    AMOUNT,
    DIRECTION,
    DISTANCES,
    HIGHWAY,
    INITIALS,
    MEASURES,
    MONTH,
    NUMBER,
    NUMBER_CHARS,
    NUMBERED,
    OPEN_LETTERS,
    PLACE,
    PLACES_AND_DEGREES,
    QUARTER,
    SOFT,
    TITLES,
    WORDS_TOO,
    ZONE,
)
from wyoming_cosyvoice.text.decisions import saints
from wyoming_cosyvoice.text.scripts import ANY_CJK

_HIGHWAY_CHARS = 20
WAITING = NUMBERED | SOFT | DISTANCES
"""What stands behind these decides whether a sentence ends."""


def reach(text: str, start: int, here: int, follower: int) -> int:
    """Return up to where the text must be there to decide."""
    word = word_before(text, start, here)
    following = text[follower]
    if word.lower() in WAITING and (following.isupper() or following == "("):
        return follower + NUMBER_CHARS
    is_number = text[here - 1 : here].isdecimal() and following.isdecimal()
    is_part = is_number or (len(word) == 1 and word.islower())
    return follower + ends.NEXT_PART_CHARS * is_part


def is_abbreviation(  # noqa: PLR0911 - one rule after the other
    text: str, start: int, here: int, follower: int
) -> bool:
    """Whether the full stop belongs to the word, and a sentence continues."""
    following = text[follower]
    if following.islower():
        return True
    if text[here - 1].isdecimal():
        before = text[max(start, here - 12) : here]
        return bool(
            ends.ORDINAL_BEFORE.search(before)
            or MONTH.match(text, follower)
            or _is_spaced_date(text, before, follower)
        )
    word = word_before(text, start, here)
    if len(word) == 1 and _is_part(text, start, here, follower):
        return True
    name = word.lower()
    if name == "st" and _is_saint(text, start, here):
        return True
    if name == "sr" and ends.TITLE_BEFORE.search(text[max(start, here - 8) : here - 2]):
        return True
    if name in SOFT:
        is_sentence = following.isupper() or ANY_CJK.match(following)
        return not is_sentence or ZONE.match(text, follower) is not None
    is_capital = text[here - 1].isupper()
    if len(name) == 1 and is_capital and name != "i":
        return _is_initial(text, start, here, follower)
    if INITIALS.fullmatch(word):
        return not following.isupper() or name not in PLACES_AND_DEGREES
    if name in NUMBERED or name.endswith("str"):
        return bool(NUMBER.match(text, follower))
    is_joined = text[here - len(word) - 1 : here - len(word)] == "-"
    is_counted = is_joined or AMOUNT.match(text, follower) is not None
    is_way = name in DISTANCES and DIRECTION.match(text, follower) is not None
    return (
        (name in MEASURES and is_counted)
        or is_way
        or (name in TITLES and (not is_capital or "." in name))
    )


def _is_spaced_date(text: str, before: str, follower: int) -> bool:
    """Whether the full stop belongs to a date: 2025. 12. 1. ~ 12. 5."""
    if text[follower] in "~-(（":
        return ends.DAY_BEFORE.search(before) is not None
    has_more = ends.DATE_GOES_ON.match(text, follower)
    return has_more is not None and ends.DATE_BEFORE.search(before) is not None


def word_before(text: str, start: int, here: int) -> str:
    """Return the word that ends at ``here``; empty if none does."""
    word = ends.WORD_BEFORE.search(text[max(start, here - 12) : here])
    return word.group() if word else ""


def _is_part(text: str, start: int, here: int, follower: int) -> bool:
    """Whether a letter is a part of an abbreviation in several: z. B."""
    before = text[max(start, here - 5) : here - 1]
    has_more = text[here - 1].islower() and ends.NEXT_PART.match(text, follower)
    return bool(has_more or ends.PART_BEFORE.search(before))


def _is_initial(text: str, start: int, here: int, follower: int) -> bool:
    """Whether a capital belongs to a name, a street or a bill of the Senate.

    J. Smith, 42 W. 5th St., S. 2345.
    """
    is_capital = text[follower].isupper()
    if HIGHWAY.search(text, max(start, here - _HIGHWAY_CHARS), here):
        return not is_capital
    is_bill = text[here - 1] == "S" and text[follower].isdecimal()
    return (
        is_capital
        or is_bill
        or QUARTER.search(text, max(start, here - 3), here) is not None
    )


def _is_saint(text: str, start: int, here: int) -> bool:
    """Whether no name of a street stands before the St. of a sentence."""
    before = text[start : here - 2][-40:]
    is_first = not before.strip() or " " not in before.strip()
    return is_first or not saints.is_street(before) or bool(PLACE.search(before))


def may_be_abbreviation(text: str, start: int, here: int) -> bool:
    """Whether the full stop may belong to the word before it."""
    word = word_before(text, start, here)
    name = word.lower()
    if name in WORDS_TOO:
        is_whole = not text[start : here - len(word)].strip()
        return word[0].isupper() and not is_whole
    if len(name) == 1:
        return word != "I"
    return name in TITLES | NUMBERED | SOFT | OPEN_LETTERS


def is_list_number(text: str, start: int, here: int) -> bool:
    """Whether the full stop belongs to a list marker, as in ``1. text``."""
    before = text[max(start, here - 6) : here]
    if not before[-1:].isdigit():
        return False
    if here - start <= len(before):
        return ends.LINE_NUMBER.fullmatch(text[start:here]) is not None
    return False
