"""``say --explain``: what each step of the front end made of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from wyoming_cosyvoice.cli.settings import Settings
    from wyoming_cosyvoice.synth import Synthesizer
    from wyoming_cosyvoice.text import Reading, Sentence


def print_explanation(
    text: str,
    synthesizer: Synthesizer,
    arguments: argparse.Namespace,
    settings: Settings,
) -> None:
    """Print how ``text`` would be read with this model, voice and lexicon."""
    readings: list[Reading] = []
    reader = synthesizer.reader(
        text_format=arguments.text_format,
        voice=settings.voice,
        language=settings.language,
        on_reading=readings.append,
    )
    sentences = [*reader.feed(text), *reader.finish()]
    for reading in readings:
        print("\n".join(_reading(reading)), end="\n\n")
    for number, sentence in enumerate(sentences, 1):
        print("\n".join(_sentence(number, sentence, synthesizer)))
    if not sentences:
        print("There is nothing to say in this text.")


def _reading(reading: Reading) -> Iterator[str]:
    """Yield what was written, and each step that changed it."""
    yield f"written    {reading.written}"
    if reading.clean != reading.written:
        yield f"clean      {reading.clean}"
    if reading.respelled != reading.clean:
        yield f"lexicon    {reading.respelled}"
    yield f"language   {reading.language}"
    for change in reading.changes:
        yield f"  {change.kind:<13}{change.written} -> {change.spoken}"
    yield f"spoken     {reading.spoken}"


def _sentence(
    number: int, sentence: Sentence, synthesizer: Synthesizer
) -> Iterator[str]:
    """Yield what the networks get of a sentence."""
    tokens = synthesizer.text_tokens(sentence)
    yield f"sentence {number} {sentence.spoken}"
    yield f"  language {sentence.language}"
    yield f"  tokens   {len(tokens)}: {' '.join(map(str, tokens))}"
    length = f"{sentence.min_speech_s:.1f} to {sentence.max_speech_s:.1f} s"
    yield f"  length   {length}, then {sentence.pause_s:.1f} s of silence"
    if sentence.voice is not None:
        yield f"  voice    {sentence.voice}"
    if sentence.rate != 1.0:
        yield f"  rate     {sentence.rate:g}"
