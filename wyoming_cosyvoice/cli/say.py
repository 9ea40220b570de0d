"""``say``: speak a text into a file, a pipe or a loudspeaker."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from wyoming_cosyvoice.cli.explain import print_explanation
from wyoming_cosyvoice.cli.output import check_output, explaining, writing
from wyoming_cosyvoice.cli.timing import Timing
from wyoming_cosyvoice.errors import BadParameter, ConfigError
from wyoming_cosyvoice.library.installed import find_model, warn_about_precision
from wyoming_cosyvoice.sound.chain import Chain
from wyoming_cosyvoice.sound.subtitles import WRITERS
from wyoming_cosyvoice.sound.word_times import WordTimes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.audio import TimedWord
    from wyoming_cosyvoice.cli.output import Write
    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
    from wyoming_cosyvoice.text import Sentence
    from wyoming_cosyvoice.voices import Voice

_LONG_CHARS = 300
"""Texts from this length on show a progress bar."""


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Speak, and report on standard error how long it took.

    Raises: ModelError, ConfigError, BadParameter for a text with nothing to say.
    """
    if not arguments.explain:
        _check(arguments)
    folder = find_model(
        config.model.name, config.data_folder, precision=config.model.precision
    )
    warn_about_precision(folder, config.model.precision)
    texts = _texts(arguments)
    if arguments.explain:
        print_explanation("".join(texts), folder, arguments, config)
        return 0
    # Imported here: an explanation needs no networks.
    from wyoming_cosyvoice.cli.user_voice import choose_user_voice  # noqa: PLC0415
    from wyoming_cosyvoice.library.opening import open_synthesizer  # noqa: PLC0415

    synthesizer = open_synthesizer(folder, config)
    voice = choose_user_voice(synthesizer, arguments, config)
    spoken_text = _SpokenText(synthesizer, voice, arguments, config)
    with _outputs(arguments, synthesizer.sample_rate) as outputs:
        for samples in spoken_text.samples(texts):
            for write in outputs:
                write(samples)
        if not spoken_text.timing.audio_s:
            raise BadParameter("There is nothing to say in this text.", field="text")
    if arguments.subtitles is not None:
        _write_subtitles(arguments.subtitles, spoken_text.words)
    print(spoken_text.timing.summary(), file=sys.stderr)
    return 0


def _check(arguments: argparse.Namespace) -> None:
    """Check the options before anything is computed. Raises: ConfigError."""
    check_output(arguments.output, is_played=arguments.play)
    if arguments.subtitles is not None:
        if _subtitle_kind(arguments.subtitles) not in WRITERS:
            raise ConfigError(
                f"{arguments.subtitles} is not a name for subtitles.",
                remedy="End it with .srt or .vtt.",
            )
        with explaining(arguments.subtitles):
            if not Path(arguments.subtitles).absolute().parent.is_dir():
                raise ConfigError(
                    f"The folder of {arguments.subtitles} does not exist."
                )
    if arguments.transcript is not None and arguments.reference is None:
        raise ConfigError(
            "--transcript belongs to a recording.", remedy="Add --reference FILE."
        )
    if arguments.play:
        from wyoming_cosyvoice.cli.player import check_player  # noqa: PLC0415

        check_player()


def _texts(arguments: argparse.Namespace) -> Iterable[str]:
    """Return the text; standard input is read line by line. Raises: ConfigError."""
    if arguments.file is not None:
        try:
            return [Path(arguments.file).read_text(encoding="utf-8-sig")]
        except UnicodeDecodeError:
            raise ConfigError(
                f"{arguments.file} is not UTF-8 text.",
                remedy="Save it as UTF-8.",
            ) from None
        except OSError as error:
            raise ConfigError(
                f"Cannot read {arguments.file}: {error.strerror}."
            ) from None
    return _standard_input() if arguments.text == "-" else [arguments.text]


def _standard_input() -> Iterator[str]:
    """Yield the lines of standard input as they come. Raises: ConfigError."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="strict")
    try:
        yield from sys.stdin
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"Standard input is not {error.encoding.upper()} text.",
            remedy="Save it as UTF-8, and use --file.",
        ) from None


@contextlib.contextmanager
def _outputs(arguments: argparse.Namespace, rate_hz: int) -> Iterator[list[Write]]:
    """Yield the functions that take samples: for a file, a player, or both."""
    with contextlib.ExitStack() as stack:
        outputs: list[Write] = []
        if arguments.output is not None or not arguments.play:
            outputs.append(stack.enter_context(writing(arguments.output, rate_hz)))
        if arguments.play:
            from wyoming_cosyvoice.cli.player import playing  # noqa: PLC0415

            outputs.append(stack.enter_context(playing(rate_hz)))
        yield outputs


@dataclass
class _SpokenText:
    """A text being spoken; collects its word times and its timing."""

    synthesizer: PackSynthesizer
    voice: Voice | None
    arguments: argparse.Namespace
    config: Config
    words: list[TimedWord] = field(default_factory=list)
    timing: Timing = field(default_factory=Timing)

    def samples(self, texts: Iterable[str]) -> Iterator[NDArray[np.float32]]:
        """Yield samples, some pieces empty, from the same chain as the server's."""
        rate_hz = self.synthesizer.sample_rate
        chain = Chain(self.config.sound, rate_hz)
        times = WordTimes(chain, rate_hz)
        for sentence in self._sentences(texts):
            spoken = self.synthesizer.speak(
                sentence,
                voice=self.voice,
                speed=self.config.speech.speed,
                seed=self.arguments.seed,
                instruction=self.arguments.instruct,
                emotion=self.arguments.emotion,
            )
            times.begin()
            for samples in spoken:
                yield self._counted(chain.process(samples))
            self.words += times.collect(spoken.words)
        yield self._counted(chain.finish())
        # Silence is cut off the end, which words may reach into.
        self.words = [
            replace(
                word,
                start_s=min(word.start_s, self.timing.audio_s),
                end_s=min(word.end_s, self.timing.audio_s),
            )
            for word in self.words
        ]

    def _counted(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        self.timing.add(len(samples) / self.synthesizer.sample_rate)
        return samples

    def _sentences(self, texts: Iterable[str]) -> Iterator[Sentence]:
        """Yield sentences while text still arrives; show progress for a long text."""
        reader = self.synthesizer.reader(
            text_format=self.arguments.text_format,
            voice=self.voice,
            language=self.config.speech.language,
        )
        for text in texts:
            is_long = len(text) > _LONG_CHARS and sys.stderr.isatty()
            sentences = reader.feed(text)
            with tqdm(
                total=len(sentences),
                unit=" sentences",
                disable=not is_long,
                leave=False,
            ) as bar:
                for sentence in sentences:
                    yield sentence
                    bar.update()
        yield from reader.finish()
        if reader.skipped:
            parts = ", ".join(
                f"{part.text} ({part.language})" for part in reader.skipped
            )
            print(
                f"Skipped, because the model cannot read it: {parts}", file=sys.stderr
            )


def _subtitle_kind(path: str) -> str:
    return Path(path).suffix.removeprefix(".").lower()


def _write_subtitles(path: str, words: list[TimedWord]) -> None:
    content = WRITERS[_subtitle_kind(path)](words)
    with explaining(path):
        Path(path).write_text(content, encoding="utf-8")
