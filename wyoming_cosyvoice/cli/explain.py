"""``say --explain``: show the result of each step of the front end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.library.installed import voice_named
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.front_end import FrontEnd, pack_voices
from wyoming_cosyvoice.text import Lexicon

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.text import Reading, Sentence


def print_explanation(
    text: str,
    folder: Path,
    arguments: argparse.Namespace,
    config: Config,
) -> None:
    """Print how ``text`` would be read with this model, voice and lexicon.

    Raises: ModelError, ConfigError for the voice, LanguageNotSpoken.
    """
    pack = Pack.open(folder)
    voices = pack_voices(pack.manifest)
    voice = voice_named(voices, config.speech.voice)
    front = FrontEnd.open(pack, Lexicon(config.data_folder / LEXICON))
    readings: list[Reading] = []
    reader = front.reader(
        text_format=arguments.text_format,
        voice=voice,
        language=config.speech.language,
        on_reading=readings.append,
    )
    try:
        sentences = [*reader.feed(text), *reader.finish()]
    finally:
        for reading in readings:
            print("\n".join(_reading(reading)), end="\n\n")
    for number, sentence in enumerate(sentences, 1):
        print("\n".join(_sentence(number, sentence, front)))
    if not sentences:
        print("There is nothing to say in this text.")


def _reading(reading: Reading) -> Iterator[str]:
    """Yield the written sentence and each step that changed it."""
    yield f"written    {reading.written}"
    if reading.clean != reading.written:
        yield f"clean      {reading.clean}"
    if reading.respelled != reading.clean:
        yield f"lexicon    {reading.respelled}"
    yield f"language   {reading.language}"
    for change in reading.changes:
        row = f"  [{change.reason}]" if change.reason else ""
        yield f"  {change.kind:<13}{change.written} -> {change.spoken.strip()}{row}"
    for part in reading.skipped:
        yield f"skipped    {part.text} ({part.language})"
    yield f"spoken     {reading.spoken}"


def _sentence(number: int, sentence: Sentence, front: FrontEnd) -> Iterator[str]:
    """Yield the input of the networks for a sentence."""
    tokens = front.text_tokens(sentence)
    yield f"sentence {number} {sentence.spoken}"
    yield f"  language {sentence.language}"
    yield f"  tokens   {len(tokens)}: {' '.join(map(str, tokens))}"
    length = f"{sentence.min_speech_s:.1f} to {sentence.max_speech_s:.1f} s"
    yield f"  length   {length}, then {sentence.pause_s:.1f} s of silence"
    if sentence.voice is not None:
        yield f"  voice    {sentence.voice}"
    if sentence.rate != 1.0:
        yield f"  rate     {sentence.rate:g}"
