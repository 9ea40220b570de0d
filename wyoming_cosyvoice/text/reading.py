"""From one written sentence to how it is said, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text import (
    cleanup,
    faces,
    hidden,
    language,
    markdown,
    phones,
    punctuation,
    readable,
)
from wyoming_cosyvoice.text.european import detect_european
from wyoming_cosyvoice.text.normalize import Token, formulas, normalize
from wyoming_cosyvoice.text.scripts import ANY_CJK
from wyoming_cosyvoice.text.sentence import EUROPEAN
from wyoming_cosyvoice.text.sounds import keep as hide_sounds
from wyoming_cosyvoice.text.sounds import silence

if TYPE_CHECKING:
    from collections.abc import Collection

    from wyoming_cosyvoice.text.lexicon import Lexicon
    from wyoming_cosyvoice.text.sentence import Skipped
    from wyoming_cosyvoice.text.splitter import WrittenSentence


@dataclass(frozen=True, slots=True)
class Reading:
    """What each step made of one written sentence."""

    written: str
    """As it arrived."""
    clean: str
    """Without markup, emoji and broken characters."""
    respelled: str
    """With the words of the user's lexicon replaced."""
    language: str
    changes: tuple[Token, ...]
    """What the normaliser said in another way than it was written, and as what."""
    spoken: str
    """As it is said; empty if there is nothing to say."""
    skipped: tuple[Skipped, ...] = ()
    """What the model cannot read, and is left out."""


def read(
    sentence: WrittenSentence,
    *,
    priors: tuple[str | None, str | None, str | None],
    running: str,
    lexicon: Lexicon | None,
    is_marked_up: bool = False,
    sounds: Collection[str] = (),
    reads_phones: bool = False,
    languages: Collection[str] | None = None,
) -> Reading:
    """Return how ``sentence`` is said.

    ``priors`` are the languages of the voice and the request, ``running`` that of the
    text so far, ``languages`` those that the model speaks (None: all that there are).
    In SSML (``is_marked_up``) tags have been read before. ``sounds`` are the marks of
    sounds that the model knows; ``reads_phones`` says whether it has tokens of phones.
    """
    text = cleanup.clean(faces.drop(hide_sounds(sentence.text, sounds)))
    text = silence(formulas.hide(text))
    if not is_marked_up:
        text = markdown.strip_markdown(text, starts_line=sentence.starts_line)
    text = " ".join(markdown.strip_emoji(text).split())
    respelled = text
    if lexicon is not None:
        respelled = lexicon.apply(text, in_phones=reads_phones)
    # Phones do not show the language of a word; how it was written does.
    shown = phones.as_written(text) if phones.are_hidden_in(respelled) else respelled
    marked, voice, request = priors
    hints = (marked, request, running, voice)
    name = language.detect(shown, priors, running, hints)
    european = [each for each in EUROPEAN if languages and each in languages]
    if european and not ANY_CJK.search(shown):
        detected = detect_european(shown, hints)
        name = detected if detected in european else name
    kept = respelled
    skipped: list[Skipped] = []
    if languages is not None:
        kept, name, skipped = readable.keep_readable(
            respelled, name, languages=languages, priors=priors, running=running
        )
    said, changes = normalize(kept, name)
    if languages is not None:
        said, signs = readable.drop_letters(said, languages)
        skipped += signs
    spoken = ""
    if any(map(str.isalpha, said)) or phones.are_hidden_in(said):
        spoken = punctuation.complete(said, name, is_clause=sentence.is_clause)
        spoken = hidden.show(spoken)
    return Reading(
        hidden.show(sentence.text.strip()),
        formulas.show(text),
        formulas.show(respelled),
        name,
        tuple(changes),
        spoken,
        tuple(skipped),
    )
