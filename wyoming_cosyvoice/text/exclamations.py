"""Which sentences are exclaimed: those that end with nothing but exclamation marks.

Short sentences are said together; they are exclaimed if all of them are.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.questions import TITLE

_CLOSING = "[\"'”’）)\\]」』]*"
_IS_MARKED = pattern(rf"(?<![?？!！])[!！]+{_CLOSING}\s*$")
_OTHER_END = pattern(rf"[.?]{_CLOSING}\s+\S|[。？]{_CLOSING}\s*\S")


def is_exclaimed(source: str) -> bool:
    """Whether a sentence, as it is written, is an exclamation."""
    if not _IS_MARKED.search(source):
        return False
    return not _OTHER_END.search(TITLE.sub("", source.lower()))
