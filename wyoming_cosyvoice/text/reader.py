"""Turn text that arrives in pieces into sentences that can be spoken."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.text import budget, cleanup, respelling, ssml
from wyoming_cosyvoice.text.ahead import (
    GrowingSentence,
    continues,
    settled_chars,
    settled_reading,
)
from wyoming_cosyvoice.text.fit import fit
from wyoming_cosyvoice.text.language import language_of_tag
from wyoming_cosyvoice.text.punctuation import complete
from wyoming_cosyvoice.text.readable import refusal
from wyoming_cosyvoice.text.reading import Reading, read
from wyoming_cosyvoice.text.reasoning import ReasoningFilter
from wyoming_cosyvoice.text.sentence import BASIC, SPACED, Sentence
from wyoming_cosyvoice.text.splitter import Splitter, WrittenSentence

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from wyoming_cosyvoice.text.lexicon import Lexicon
    from wyoming_cosyvoice.text.sentence import Skipped

TEXT_FORMATS = ("text", "ssml")

_KEPT_COUNTS = 512
_PARAGRAPH_PAUSE_S = 0.8
_TINY_S = 0.4
"""A sentence whose shortest time is below this is joined with the next one."""
_LONGEST_S = 30.0
"""The longest time of a sentence whose end is not known yet."""


class SentenceReader:
    """Read text in pieces, give sentences as early as is safe.

    The same text gives the same sentences however it is cut, as long as it flows. A
    tiny sentence waits for the next one and joins it; when the text stops coming,
    ``pause`` gives what is complete. SSML is read when the text is over. One reader
    serves one thread; after ``finish`` it is ready for another text.

    ``count_tokens`` says how many text tokens a spoken sentence has, and ``max_tokens``
    how many it may have. The languages are of ``LANGUAGES`` or BCP 47 tags of them;
    ``languages`` are those that the model speaks (None: all). What it cannot read is
    left out and noted in ``skipped``.

    ``sounds`` are the marks of sounds that the model knows, such as ``[laughter]``;
    they stay in the spoken text, all others are silent. With ``reads_phones`` words of
    the lexicon become phones where it has them. ``reads_ahead`` are the languages in
    which ``ahead`` gives sentences that are not complete.

    Raises: BadParameter if ``text_format`` is neither ``text`` nor ``ssml``.
    """

    def __init__(
        self,
        *,
        count_tokens: Callable[[str], int],
        text_format: str = "text",
        voice_language: str | None = None,
        request_language: str | None = None,
        languages: tuple[str, ...] | None = None,
        lexicon: Lexicon | None = None,
        max_tokens: int = 80,
        sounds: Collection[str] = (),
        reads_phones: bool = False,
        reads_ahead: Collection[str] = (),
        on_reading: Callable[[Reading], None] | None = None,
    ) -> None:
        if text_format not in TEXT_FORMATS:
            raise BadParameter(
                f"The text format is {text_format!r}.",
                field="text_format",
                remedy=f"Use one of {', '.join(TEXT_FORMATS)}.",
            )
        # The same words come again, and a long sentence is counted whole and in parts.
        self._count_tokens = lru_cache(_KEPT_COUNTS)(count_tokens)
        self._is_ssml = text_format == "ssml"
        self._languages = languages
        self._priors = (self._known(voice_language), self._known(request_language))
        self._lexicon = lexicon
        self._max_tokens = max_tokens
        self._sounds = frozenset(sounds)
        self._reads_phones = reads_phones
        self._reads_ahead = frozenset(() if self._is_ssml else reads_ahead)
        self._on_reading = on_reading
        self._repair = cleanup.CharacterRepair()
        self._reasoning = ReasoningFilter()
        self._splitter = Splitter()
        self._running = ""
        self._markup: list[str] = []
        self._held: Sentence | None = None
        self._growing: GrowingSentence | None = None
        self._has_given = False
        self.skipped: list[Skipped] = []
        """Parts of the text that the model cannot read."""

    @property
    def held_chars(self) -> int:
        """Characters that wait for more text."""
        return self._splitter.held_chars + sum(map(len, self._markup))

    def feed(self, text: str) -> list[Sentence]:
        """Take more text; return the sentences that are finished."""
        text = self._repair.feed(text)
        if self._is_ssml:
            self._markup.append(text)
            return []
        text = self._reasoning.feed(text)
        return self._speak(self._splitter.feed(text), ssml.Style())

    def ahead(self, *, may_begin: bool) -> list[Sentence | GrowingSentence]:
        """Read as much of the unfinished sentence as is settled.

        Return the sentence when it is begun, if that is wanted, after what waited for
        it; later calls, and the end of the sentence, extend it in place.
        """
        growing = self._growing
        if not self._reads_ahead or (growing is None and not may_begin):
            return []
        found = self._settled(0 if growing is None else growing.settled)
        if found is None:
            return []
        sentence, settled = found
        before = self._held if growing is None else growing.before
        joined = None if before is None else self._joined(before, sentence)
        if growing is not None:
            longer = sentence if before is None else joined
            if longer is not None and growing.extend(longer, settled):
                self._splitter.commit(settled)
            return []
        if (joined or sentence).min_speech_s < _TINY_S:
            return []
        apart = [before] if before is not None and joined is None else []
        self._growing = GrowingSentence(
            joined or sentence, settled, _LONGEST_S, before if joined else None
        )
        self._held, self._has_given = None, True
        self._splitter.commit(settled)
        return [*apart, self._growing]

    def pause(self) -> list[Sentence]:
        """Return the sentences that are complete, because no text comes for now."""
        if self._is_ssml:
            return []
        text = self._reasoning.feed(self._repair.pause())
        written = self._splitter.feed(text) + self._splitter.pause()
        return self._speak(written, ssml.Style()) + self._release()

    def finish(self) -> list[Sentence]:
        """Return the sentences that are left.

        Raises: LanguageNotSpoken if there was text, but none that can be read.
        """
        sentences = self._finish()
        if self._growing is not None:
            self._growing.complete(self._growing.so_far)
            self._growing = None
        has_given, self._has_given = self._has_given, False
        if self.skipped and not (has_given or sentences):
            raise refusal(self.skipped, self._languages or ())
        return sentences

    def _finish(self) -> list[Sentence]:
        text = self._repair.finish()
        if self._is_ssml:
            resolve = partial(respelling.resolve, in_phones=self._reads_phones)
            runs = ssml.parse("".join([*self._markup, text]), resolve)
            self._markup = []
            return [sentence for run in runs for sentence in self._speak_run(run)]
        text = self._reasoning.feed(text) + self._reasoning.finish()
        written = self._splitter.feed(text) + self._splitter.finish()
        return self._speak(written, ssml.Style()) + self._release()

    def _speak_run(self, run: ssml.Run) -> list[Sentence]:
        written = self._splitter.feed(run.text)
        sentences = self._speak(written + self._splitter.finish(), run.style)
        sentences += self._release()
        if sentences and run.pause_s:
            pause = max(sentences[-1].pause_s, run.pause_s)
            sentences[-1] = replace(sentences[-1], pause_s=pause)
        return sentences

    def _speak(
        self, written: list[WrittenSentence], style: ssml.Style
    ) -> list[Sentence]:
        spoken: list[Sentence] = []
        for each in written:
            growing, self._growing = self._growing, None
            if growing is not None:
                self._held = growing.before
            given: list[Sentence] = []
            for sentence in self._read(each, style):
                given += self._merge(sentence)
            if growing is not None:
                given = self._complete(growing, each, given)
            spoken += given
        self._has_given = self._has_given or bool(spoken)
        return spoken

    def _read(self, written: WrittenSentence, style: ssml.Style) -> list[Sentence]:
        """Return a written sentence as none, one or the parts of a long one."""
        reading = self._reading(written, style)
        self.skipped += reading.skipped
        if self._on_reading is not None and (reading.spoken or reading.skipped):
            self._on_reading(reading)
        if not reading.spoken:
            return []
        self._running = reading.language
        sentences = [
            self._sentence(reading, part, style) for part in self._parts(reading)
        ]
        if sentences and written.ends_paragraph:
            sentences[-1] = replace(sentences[-1], pause_s=_PARAGRAPH_PAUSE_S)
        return sentences

    def _reading(self, written: WrittenSentence, style: ssml.Style) -> Reading:
        return read(
            written,
            priors=(self._known(style.language), *self._priors),
            running=self._running,
            lexicon=self._lexicon,
            is_marked_up=self._is_ssml,
            sounds=self._sounds,
            reads_phones=self._reads_phones,
            languages=self._languages,
        )

    def _settled(self, known: int) -> tuple[Sentence, int] | None:
        """Return the beginning of the unfinished sentence, and its characters.

        None if no more than ``known`` characters are settled.
        """
        written, style = self._splitter.unfinished, ssml.Style()
        settled = settled_chars(written.text)
        if settled > self._splitter.decided_chars:
            settled = settled_chars(written.text[: self._splitter.decided_chars])
        while settled > known:
            reading = settled_reading(
                written.text,
                settled,
                lambda text: self._reading(replace(written, text=text), style),
            )
            if reading is None or reading.language not in self._reads_ahead:
                return None
            count = self._count_tokens(reading.spoken)
            if count <= self._max_tokens:
                return self._sentence(reading, reading.spoken, style), settled
            settled = settled_chars(written.text[: settled * self._max_tokens // count])
        return None

    def _complete(
        self, growing: GrowingSentence, written: WrittenSentence, given: list[Sentence]
    ) -> list[Sentence]:
        """Complete a sentence that was begun before its end; return what follows it."""
        begun = growing.so_far
        if given and continues(given[0].spoken, begun.spoken, begun.language):
            growing.complete(given[0])
            return given[1:]
        # It is read in another way than its beginning: read the rest by itself.
        rest = replace(written, text=written.text[growing.settled :], starts_line=False)
        spoken = self._reading(rest, ssml.Style()).spoken
        blank = " " if begun.language in SPACED else ""
        spoken = f"{begun.spoken}{blank}{spoken}".strip()
        shortest, longest = budget.speech_limits(spoken, begun.language)
        growing.complete(
            replace(
                given[-1] if given else begun,
                source=written.text.strip(),
                spoken=spoken,
                language=begun.language,
                min_speech_s=shortest,
                max_speech_s=longest,
            )
        )
        self._held = None
        return []

    def _parts(self, reading: Reading) -> list[str]:
        """Cut what is too long; each part ends with a mark, as the model wants it."""
        if self._count_tokens(reading.spoken) <= self._max_tokens:
            return [reading.spoken]
        room = max(self._count_tokens(","), self._count_tokens("。"))
        parts = fit(reading.spoken, self._count_tokens, self._max_tokens - room)
        completed = (complete(part, reading.language, is_clause=True) for part in parts)
        return [part for part in completed if any(char.isalpha() for char in part)]

    def _sentence(self, reading: Reading, spoken: str, style: ssml.Style) -> Sentence:
        shortest, longest = budget.speech_limits(spoken, reading.language)
        return Sentence(
            reading.written,
            spoken,
            reading.language,
            shortest,
            longest,
            rate=style.rate,
            voice=style.voice,
        )

    def _merge(self, sentence: Sentence) -> list[Sentence]:
        """Join a tiny sentence that waits with this one, or let it go before it."""
        given = []
        if self._held is not None:
            joined = self._joined(self._held, sentence)
            if joined is None:
                given.append(self._held)
            sentence = joined or sentence
            self._held = None
        if sentence.min_speech_s < _TINY_S and not sentence.pause_s:
            self._held = sentence
            return given
        return [*given, sentence]

    def _joined(self, first: Sentence, second: Sentence) -> Sentence | None:
        """Return both as one sentence, or None if they do not go together."""
        if (first.language, first.rate, first.voice) != (
            second.language,
            second.rate,
            second.voice,
        ):
            return None
        blank = " " if first.language in SPACED else ""
        spoken = f"{first.spoken}{blank}{second.spoken}"
        if self._count_tokens(spoken) > self._max_tokens:
            return None
        shortest, longest = budget.speech_limits(spoken, first.language)
        return replace(
            second,
            source=f"{first.source}{blank}{second.source}",
            spoken=spoken,
            min_speech_s=shortest,
            max_speech_s=longest,
        )

    def _release(self) -> list[Sentence]:
        held, self._held = self._held, None
        self._has_given = self._has_given or held is not None
        return [] if held is None else [held]

    def _known(self, tag: str | None) -> str | None:
        """Return our name of a language; None if the model does not speak it."""
        name = language_of_tag(tag) if tag else None
        is_spoken = name in BASIC or name in (self._languages or ())
        return name if is_spoken else None
