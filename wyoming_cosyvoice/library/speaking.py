"""The public face: speak from Python in two lines.

    from wyoming_cosyvoice import load
    load().save("Hello there.", "hello.wav")

Everything here blocks and computes where it is called. One ``Synthesizer`` serves one
thread at a time; a program with many listeners runs the server instead.
"""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.config import Config, SpeechConfig, default_data_dir
from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.library.installed import find_model, voice_named
from wyoming_cosyvoice.library.opening import open_synthesizer
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.encoder import FORMATS
from wyoming_cosyvoice.sound.sound_file import encoding
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
    from wyoming_cosyvoice.voices import Voice


def load(
    model: str | os.PathLike[str] | None = None, config: Config | None = None
) -> Synthesizer:
    """Open a model: a folder, or the name of one that was fetched; ``starter`` is here.

    Without a name, it is what the command line would use: the model that was chosen
    last, the only one, or the starter. ``config`` sets what options set there (threads,
    steps, sound, default voice, data folder). Raises: ModelError, ConfigError.
    """
    config = config or Config()
    if config.data_dir is None:
        config = replace(config, data_dir=default_data_dir(os.environ))
    name = config.model.name if model is None else os.fspath(model)
    folder = find_model(name, config.data_folder, precision=config.model.precision)
    return Synthesizer(open_synthesizer(folder, config), config)


class Synthesizer:
    """A model that speaks; ``load`` opens one."""

    def __init__(self, synthesizer: PackSynthesizer, config: Config) -> None:
        """Take an opened model, and how to speak where a call does not say."""
        self._synthesizer = synthesizer
        self._config = config

    @property
    def sample_rate(self) -> int:
        """Samples per second of everything that it speaks."""
        return self._synthesizer.sample_rate

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Voices that ``voice`` can name, by id, name or speaker."""
        return self._synthesizer.voices

    def stream(
        self,
        text: str,
        *,
        voice: str | None = None,
        language: str | None = None,
        speed: float | None = None,
        seed: int | None = None,
    ) -> Iterator[NDArray[np.float32]]:
        """Speak a text; yield its samples (S,) in [-1, 1] as they are made.

        Without a ``voice`` it follows the language of the text; ``language`` is a tag
        such as ``zh-CN``; ``speed`` is from 0.5 to 2.0. The same ``seed`` gives the
        same samples. Raises: ConfigError for a voice or a speed that there is not,
        LanguageNotSpoken, SynthesisError.
        """
        defaults = self._config.speech
        speech = SpeechConfig(
            language=language or defaults.language,
            speed=defaults.speed if speed is None else speed,
            seed=defaults.seed if seed is None else seed,
        )
        return self._samples(text, voice_named(self.voices, voice), speech)

    def _samples(
        self, text: str, voice: Voice | None, speech: SpeechConfig
    ) -> Iterator[NDArray[np.float32]]:
        preferred = find_voice(self.voices, self._config.speech.voice)
        reader = self._synthesizer.reader(
            voice=voice or preferred, language=speech.language
        )
        chain = Chain(self._config.sound, self.sample_rate)
        for sentence in (*reader.feed(text), *reader.finish()):
            spoken = self._synthesizer.speak(
                sentence,
                voice=voice,
                preferred=preferred,
                speed=speech.speed,
                seed=speech.seed,
            )
            for samples in spoken:
                if len(ready := chain.process(samples)):
                    yield ready
        yield chain.finish()

    def speak(
        self,
        text: str,
        *,
        voice: str | None = None,
        language: str | None = None,
        speed: float | None = None,
        seed: int | None = None,
    ) -> NDArray[np.float32]:
        """Speak a text; return all of its samples (S,) in [-1, 1].

        Parameters and errors: as ``stream``.
        """
        pieces = self.stream(
            text, voice=voice, language=language, speed=speed, seed=seed
        )
        return np.concatenate([*pieces])

    def save(
        self,
        text: str,
        path: str | os.PathLike[str],
        *,
        voice: str | None = None,
        language: str | None = None,
        speed: float | None = None,
        seed: int | None = None,
    ) -> None:
        """Speak a text into a file; its ending says which kind: wav, mp3, flac, ogg.

        Other parameters and errors: as ``stream``. Raises: ConfigError for another
        ending, OSError.
        """
        path = Path(path)
        kind = FORMATS.get(path.suffix.removeprefix(".").lower())
        if kind is None:
            raise ConfigError(
                f"{path.name} is not a sound file by its ending.",
                remedy=f"Files can be {', '.join(FORMATS)}.",
            )
        pieces = self.stream(
            text, voice=voice, language=language, speed=speed, seed=seed
        )
        content = io.BytesIO()
        with encoding(content, self.sample_rate, kind) as write:
            for samples in pieces:
                write(samples)
        path.write_bytes(content.getvalue())
