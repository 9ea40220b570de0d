"""The words around an English word, and what they show of its part of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKS = frozenset(",.!?;:")
NUMBERS = frozenset(
    """
    one two three four five six seven eight nine ten eleven twelve fifteen twenty
    thirty forty fifty sixty ninety
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_BEFORE_VERB = frozenset(
    """
    to will can could would should may might must do does did don't doesn't
    didn't won't can't couldn't wouldn't shouldn't i you we they please
    let's never always who i'll you'll we'll they'll he'll she'll it'll
    cannot gonna
    """.split()  # noqa: SIM905 - a list to be read and extended
)
AFTER_ORDER = frozenset(
    """
    the a an my your our his her its their this that these those all every
    both it them me us some any everything what when
    """.split()  # noqa: SIM905 - a list to be read and extended
)
BE = frozenset(
    """
    is are am was were be been being i'm you're he's she's it's we're
    they're isn't aren't wasn't weren't that's get gets got getting become
    becomes became
    """.split()  # noqa: SIM905 - a list to be read and extended
)
HAVE = frozenset(
    """
    have has had i've you've we've they've he'd she'd they'd haven't hasn't
    hadn't having was were been be being is are already ever
    """.split()  # noqa: SIM905 - a list to be read and extended
)
PAST = frozenset(
    """
    yesterday ago once earlier last previously already before then when
    while finished
    """.split()  # noqa: SIM905 - a list to be read and extended
)
DEGREE = frozenset(
    """
    very so too pretty quite really how extremely as not
    """.split()  # noqa: SIM905 - a list to be read and extended
)


class Context:
    """A word and its sentence, in lower case; marks are words too."""

    def __init__(self, words: Sequence[str], place: int) -> None:
        self.words = words
        self.place = place

    def at(self, offset: int) -> str:
        """Return the word at an offset; empty if there is none."""
        place = self.place + offset
        return self.words[place] if 0 <= place < len(self.words) else ""

    def has(self, words: str) -> bool:
        """Whether one of these words is in the sentence."""
        return not set(words.split()).isdisjoint(self.words)

    def next_in(self, words: str) -> bool:
        """Whether the next word is one of these."""
        return self.at(1) in words.split()

    def after(self, words: str) -> bool:
        """Whether the word before is one of these."""
        return self.at(-1) in words.split()

    @property
    def begins(self) -> bool:
        """Whether it starts a sentence or a clause."""
        before = self.at(-1)
        return not before or before in MARKS or before in ("and", "then", "or")

    @property
    def is_verb(self) -> bool:
        """Whether it is in the position of a verb."""
        return self.at(-1) in _BEFORE_VERB or (
            self.begins and self.at(1) in AFTER_ORDER
        )
