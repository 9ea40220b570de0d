"""``say``: speak a text into a WAV file or a pipe."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wyoming_cosyvoice.audio import PcmFormat, to_pcm16
from wyoming_cosyvoice.cli.explain import print_explanation
from wyoming_cosyvoice.cli.wav import check_output, writing
from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.library.installed import (
    check_voice,
    find_model,
    warn_of_precision,
)
from wyoming_cosyvoice.sound.chain import Chain

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.cli.settings import Settings
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
    from wyoming_cosyvoice.text import Sentence


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Speak, and say on standard error how long it took.

    Raises: ModelError, ConfigError, BadParameter for a text with nothing to say.
    """
    if not arguments.explain:
        check_output(arguments.output)
    folder = find_model(settings.model, settings.data_dir, precision=settings.precision)
    warn_of_precision(folder, settings.precision)
    texts: Iterable[str] = sys.stdin if arguments.text == "-" else [arguments.text]
    if arguments.explain:
        print_explanation("".join(texts), folder, arguments, settings)
        return 0
    # Imported here: an explanation needs no networks.
    from wyoming_cosyvoice.library.opening import open_synthesizer  # noqa: PLC0415

    synthesizer = open_synthesizer(folder, settings)
    check_voice(synthesizer.voices, settings.voice)
    clock = _Clock()
    with writing(arguments.output, PcmFormat(synthesizer.sample_rate)) as write:
        for samples in _speak(texts, synthesizer, arguments, settings):
            clock.note(len(samples) / synthesizer.sample_rate)
            write(to_pcm16(samples))
        if not clock.audio_s:
            raise BadParameter("There is nothing to say in this text.", field="text")
    print(clock.summary(), file=sys.stderr)
    return 0


def _speak(
    texts: Iterable[str],
    synthesizer: PackSynthesizer,
    arguments: argparse.Namespace,
    settings: Settings,
) -> Iterator[NDArray[np.float32]]:
    """Yield samples, some of them empty, through the same chain as a server's."""
    chain = Chain(settings.sound_config(), synthesizer.sample_rate)
    for sentence in _sentences(texts, synthesizer, arguments, settings):
        for samples in synthesizer.speak(
            sentence,
            voice=settings.voice,
            speed=settings.speed,
            seed=arguments.seed,
            instruction=arguments.instruct,
        ):
            yield chain.process(samples)
    yield chain.finish()


def _sentences(
    texts: Iterable[str],
    synthesizer: PackSynthesizer,
    arguments: argparse.Namespace,
    settings: Settings,
) -> Iterator[Sentence]:
    """Yield sentences while text still comes in, from a pipe line by line."""
    reader = synthesizer.reader(
        text_format=arguments.text_format,
        voice=settings.voice,
        language=settings.language,
    )
    for text in texts:
        yield from reader.feed(text)
    yield from reader.finish()


@dataclass
class _Clock:
    """How much sound was made since when; made when the work begins."""

    began: float = 0.0
    audio_s: float = 0.0
    first_audio_s: float = 0.0

    def __post_init__(self) -> None:
        self.began = time.perf_counter()

    def note(self, audio_s: float) -> None:
        if audio_s and not self.audio_s:
            self.first_audio_s = time.perf_counter() - self.began
        self.audio_s += audio_s

    def summary(self) -> str:
        took_s = time.perf_counter() - self.began
        return (
            f"{self.audio_s:.1f} s of speech in {took_s:.1f} s "
            f"(rtf {took_s / self.audio_s:.2f}), first audio after "
            f"{self.first_audio_s:.2f} s"
        )
