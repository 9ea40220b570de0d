"""The public API: speak from Python in two lines.

    from wyoming_cosyvoice import load
    load().save("Hello there.", "hello.wav")

All calls block and compute in the calling thread. Use a ``Synthesizer`` from one thread
at a time; for many clients, run the server instead.
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
    """Open a model: a folder, the name of a downloaded one, or ``starter``.

    Without a name, it is the model that the command line would use: the last chosen
    one, the only one, or the starter. ``config`` has the settings (threads, steps,
    sound, default voice, data folder). Raises: ModelError, ConfigError.
    """
    config = config or Config()
    if config.data_dir is None:
        config = replace(config, data_dir=default_data_dir(os.environ))
    name = config.model.name if model is None else os.fspath(model)
    folder = find_model(name, config.data_folder, precision=config.model.precision)
    return Synthesizer(open_synthesizer(folder, config), config)


class Synthesizer:
    """A loaded model; see ``load``."""

    def __init__(self, synthesizer: PackSynthesizer, config: Config) -> None:
        """Wrap an opened model, with defaults from ``config``."""
        self._synthesizer = synthesizer
        self._config = config

    @property
    def sample_rate(self) -> int:
        """Sample rate of the output."""
        return self._synthesizer.sample_rate

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The voices; ``voice`` may be an id, name or speaker."""
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
        """Speak a text; yield its samples (S,) in [-1, 1] as they are computed.

        Without a ``voice``, it is chosen by the language of the text; ``language`` is a
        tag such as ``zh-CN``; ``speed`` is from 0.5 to 2.0. The same ``seed`` gives the
        same samples. Raises: ConfigError for an unknown voice or an invalid speed,
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
        """Speak a text into a file; the extension is the format: wav, mp3, flac or ogg.

        Other parameters and errors: as ``stream``. Raises: ConfigError for another
        extension, OSError.
        """
        path = Path(path)
        kind = FORMATS.get(path.suffix.removeprefix(".").lower())
        if kind is None:
            raise ConfigError(
                f"{path.name} does not have the extension of a sound file.",
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
