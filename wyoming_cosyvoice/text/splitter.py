"""Cut running text into sentences while it arrives.

Text comes in pieces of any size; as long as it flows, what comes out depends on the
text alone, never on how it was cut. That holds because each decision about a place in
the text looks at what precedes it and at a bounded number of characters after it,
and is put off until those are there or the text is over. When the text stops coming
(``pause``), what is complete is given without waiting for what may follow.

A cut is made after the enders of the five languages, at line breaks and block tags, and
after a comma when a sentence gets long. It is never made inside a number, an
abbreviation, a URL, a list marker or a quotation that continues with と.
"""

from __future__ import annotations

from dataclasses import dataclass

from wyoming_cosyvoice.text import sentence_ends as ends
from wyoming_cosyvoice.text.full_stops import (
    is_abbreviation,
    is_list_number,
    may_be_abbreviation,
    reach,
)
from wyoming_cosyvoice.text.scripts import ANY_CJK


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """One sentence as it was written, with its place in the text."""

    text: str
    starts_line: bool = True
    """Whether block markup (a heading, a list marker) may stand at its start."""
    is_clause: bool = False
    """Whether the sentence continues in the next one."""
    ends_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where a sentence ends."""

    end: int
    is_clause: bool = False
    ends_line: bool = False
    ends_paragraph: bool = False


_NO_CUT = _Cut(0)


class Splitter:
    """Cut text that arrives in pieces into sentences; see the module docstring."""

    def __init__(self) -> None:
        self._buffer = ""
        self._scanned = 0
        self._committed = 0
        self._starts_line = True
        self._is_in_fence = False
        self._has_given = False

    @property
    def held_chars(self) -> int:
        """Characters of the sentence that is not finished."""
        return len(self._buffer)

    @property
    def unfinished(self) -> WrittenSentence:
        """The sentence that is not finished, as far as its text is there."""
        return WrittenSentence(self._buffer, self._starts_line, is_clause=True)

    @property
    def decided_chars(self) -> int:
        """Characters of the unfinished sentence among which no end will be found.

        Commas do not count: ``commit`` keeps the sentence from ending at them.
        """
        return 0 if self._is_in_fence else self._scanned

    def commit(self, chars: int) -> None:
        """Keep the first characters of the unfinished sentence together."""
        self._committed = chars

    def feed(self, text: str) -> list[WrittenSentence]:
        """Take more text; return the sentences that are finished."""
        self._buffer += text
        return self._take(is_final=False)

    def pause(self) -> list[WrittenSentence]:
        """Return what is complete as it stands, because no more text comes for now.

        What could continue is decided as at the end of the text. Kept are a sentence
        without an end, one whose full stop may belong to a number or an abbreviation,
        and a tag that has begun.
        """
        tag = ends.TAG_BEGUN.search(self._buffer)
        kept = tag.group() if tag else ""
        self._buffer = self._buffer.removesuffix(kept)
        sentences = self._take(is_final=True, is_pause=True)
        self._buffer += kept
        # Decided anew when more text is there.
        self._scanned = 0
        return sentences

    def finish(self) -> list[WrittenSentence]:
        """Return what is left, and be ready for another text."""
        sentences = self._take(is_final=True)
        self._starts_line, self._is_in_fence = True, False
        self._has_given = False
        return sentences

    def _take(self, *, is_final: bool, is_pause: bool = False) -> list[WrittenSentence]:
        sentences: list[WrittenSentence] = []
        start = 0
        while (cut := self._next_cut(start, is_final=is_final)) is not None:
            is_at_end = cut.end == len(self._buffer) and not cut.ends_line
            if is_pause and is_at_end and not self._is_complete(start):
                break
            text = self._buffer[start : cut.end]
            start = self._scanned = cut.end
            if text.strip():
                sentence = WrittenSentence(
                    text, self._starts_line, cut.is_clause, cut.ends_paragraph
                )
                sentences.append(sentence)
                self._has_given = True
            if cut.ends_line:
                if ends.FENCE.match(text) and self._starts_line:
                    self._is_in_fence = not self._is_in_fence
                self._starts_line = True
            elif text.strip():
                self._starts_line = False
        self._buffer = self._buffer[start:]
        self._scanned -= start
        self._committed = max(0, self._committed - start)
        return sentences

    def _next_cut(self, start: int, *, is_final: bool) -> _Cut | None:
        """Find the end of the sentence at ``start``; None: not known yet."""
        text, length = self._buffer, len(self._buffer)
        if start >= length:
            return None
        limit = start + self._limit(
            start, ends.LONG if self._has_given else ends.LONG_FIRST
        )
        cut = self._cut_at_event(start, limit, is_final=is_final)
        if cut is not None or self._scanned < min(length, limit):
            return cut
        if length <= limit:
            return _Cut(length) if is_final else None
        marks = [m.end() for m in ends.CLAUSE_MARK.finditer(text, start, limit)]
        shortest = start + self._limit(start, ends.SHORTEST_CLAUSE)
        shortest = max(shortest, self._committed)
        marks = [end for end in marks if end >= shortest]
        if marks and not self._is_in_fence:
            return _Cut(marks[-1] if self._has_given else marks[0], is_clause=True)
        return self._cut_far(start, limit, is_final=is_final)

    def _limit(self, start: int, lengths: tuple[int, int]) -> int:
        """Choose between the lengths for CJK and for other text."""
        return lengths[
            not ANY_CJK.search(self._buffer, start, start + ends.LONG_FIRST[0])
        ]

    def _cut_far(self, start: int, limit: int, *, is_final: bool) -> _Cut | None:
        """Cut a sentence that is long already at the first place that allows it."""
        text, length = self._buffer, len(self._buffer)
        hard = start + (limit - start) * ends.HARD_FACTOR
        self._scanned = max(self._scanned, limit)
        cut = self._cut_at_event(start, hard, is_final=is_final)
        end = cut.end if cut else self._scanned
        mark = ends.CLAUSE_MARK.search(text, max(limit - 1, self._committed), end)
        if mark and not self._is_in_fence:
            return _Cut(mark.end(), is_clause=True)
        if cut is not None or self._scanned < min(length, hard):
            return cut
        if length > hard:
            blank = max(text.rfind(" ", limit, hard), text.rfind("\n", limit, hard))
            return _Cut(blank + 1 if blank > 0 else hard, is_clause=True)
        return _Cut(length) if is_final else None

    def _cut_at_event(self, start: int, end: int, *, is_final: bool) -> _Cut | None:
        """Decide the events before ``end`` in turn; stop at one that has to wait."""
        while event := ends.EVENT.search(self._buffer, self._scanned, end):
            here = event.start()
            decision = self._decide(start, here, is_final=is_final)
            if decision is None:
                self._scanned = here
                return None
            if decision.end > 0:
                return decision
            self._scanned = here + 1
        self._scanned = min(len(self._buffer), end)
        return None

    def _decide(self, start: int, here: int, *, is_final: bool) -> _Cut | None:
        """Say whether a sentence ends at ``here``; None: more text is needed."""
        match self._buffer[here]:
            case "\n":
                return self._at_line_break(start, here, is_final=is_final)
            case _ if self._is_in_fence:
                return _NO_CUT
            case "<":
                return self._at_tag(here, is_final=is_final)
            case ".":
                return self._at_full_stop(start, here, is_final=is_final)
            case _:
                return self._at_ender(start, here, is_final=is_final)

    def _at_line_break(self, start: int, here: int, *, is_final: bool) -> _Cut | None:
        text = self._buffer
        blanks = ends.BLANK_LINES.match(text, here)
        end = blanks.end() if blanks else here + 1
        if end == len(text) and end - here < ends.LONGEST_BLANK and not is_final:
            return None
        line = text[start:here]
        is_wrapped = (
            text[end : end + 1].islower()
            and text[end].isascii()
            and end == here + 1
            and here - start > ends.WRAPPED_LINE
            and line[-1:].isascii()
            and line[-1:] not in ".!?:"
        )
        if is_wrapped and not self._is_in_fence and not ends.FENCE.match(line):
            return _NO_CUT
        # Blanks after the break are the indentation of the next line.
        last = text.rfind("\n", here, end)
        return _Cut(last + 1, ends_line=True, ends_paragraph=last > here)

    def _at_tag(self, here: int, *, is_final: bool) -> _Cut | None:
        tag = ends.BLOCK_TAG.match(self._buffer, here)
        if tag:
            return _Cut(tag.end(), ends_line=True)
        if not is_final and ends.OPEN_TAG.match(self._buffer, here):
            return None
        return _NO_CUT

    def _at_ender(self, start: int, here: int, *, is_final: bool) -> _Cut | None:
        text = self._buffer
        end, follower = self._after(here)
        if follower >= len(text):
            return _Cut(len(text)) if is_final else None
        following = text[follower]
        if following == "\n":
            return self._at_line_break(start, follower, is_final=is_final)
        is_half_width = text[here] in "!?"
        if is_half_width and follower == end and following.isascii():
            is_after_cjk = here > start and ANY_CJK.match(text[here - 1])
            if not (is_after_cjk and following.isalnum()):
                return _NO_CUT
        if text[here] == "!" and ends.FACTORIAL.search(
            text, max(start, here - 12), here
        ):
            return self._at_factorial(start, here, follower, is_final=is_final)
        is_quoted = any(mark in "」』”" for mark in text[here + 1 : end])
        if is_quoted and follower == end and follower + 1 == len(text) and not is_final:
            return None
        continues = (
            is_quoted and follower == end and ends.QUOTE_CONTINUES.match(text, follower)
        )
        return _NO_CUT if following in ends.CONTINUES or continues else _Cut(follower)

    def _at_factorial(
        self, start: int, here: int, follower: int, *, is_final: bool
    ) -> _Cut | None:
        """Decide on 5!, which may be a number of a formula."""
        text = self._buffer
        if text[follower].islower() and ends.FACTORIAL_OF_LETTER.search(
            text, max(start, here - 12), here
        ):
            return _NO_CUT
        if not is_final and ends.FACTORIAL_IS_OPEN.match(text, follower):
            return None
        goes_on = ends.FACTORIAL_GOES_ON.match(text, follower)
        continues = goes_on or text[follower] in ends.CONTINUES
        return _NO_CUT if continues else _Cut(follower)

    def _at_full_stop(self, start: int, here: int, *, is_final: bool) -> _Cut | None:
        text = self._buffer
        end, follower = self._after(here)
        if follower >= len(text):
            return _Cut(len(text)) if is_final else None
        if is_list_number(text, start, here) or text[follower] in ends.CONTINUES:
            return _NO_CUT
        if text[follower] == "\n":
            return self._at_line_break(start, follower, is_final=is_final)
        if follower == end:
            before = text[here - 1] if here > start else ""
            return self._at_inner_stop(before, text[follower], end)
        if len(text) < reach(text, start, here, follower) and not is_final:
            return None
        is_inside = is_abbreviation(text, start, here, follower)
        return _NO_CUT if is_inside else _Cut(follower)

    def _at_inner_stop(self, before: str, following: str, end: int) -> _Cut:
        """Decide on a full stop without a blank: only CJK text ends in one."""
        if ANY_CJK.match(following) and before != ".":
            return _NO_CUT if before.isdigit() else _Cut(end)
        is_after_cjk = bool(ANY_CJK.match(before))
        return _Cut(end) if is_after_cjk and following.isalpha() else _NO_CUT

    def _is_complete(self, start: int) -> bool:
        """Whether the text from ``start`` ends with the end of a sentence."""
        ending = ends.COMPLETE.search(self._buffer, start)
        if ending is None or self._is_in_fence:
            return False
        here = ending.start()
        if self._buffer[here] != ".":
            return True
        if self._buffer[here - 1 : here].isdecimal():
            has_more = ending.end() > here + 1
            return has_more and not is_list_number(self._buffer, start, here)
        return not may_be_abbreviation(self._buffer, start, here)

    def _after(self, here: int) -> tuple[int, int]:
        """Return where the closing marks after an ender end, and the blanks behind."""
        after = ends.AFTER_ENDER.match(self._buffer, here + 1)
        end = after.end() if after else here + 1
        blanks = ends.BLANKS.match(self._buffer, end)
        return end, blanks.end() if blanks else end
