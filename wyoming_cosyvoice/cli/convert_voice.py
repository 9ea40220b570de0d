"""``convert-voice``: say the words of a recording in another voice."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice.cli.output import check_output, writing
from wyoming_cosyvoice.cli.timing import Timing
from wyoming_cosyvoice.errors import BadRecording, ConfigError, UnusableFile
from wyoming_cosyvoice.files import read_file
from wyoming_cosyvoice.library.installed import find_model, warn_about_precision
from wyoming_cosyvoice.sound.chain import Chain

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config

_MAX_BYTES = 512 << 20
"""Ten minutes of any WAV file but the largest."""


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Convert, and say on standard error how long it took.

    Raises: BadRecording, ConfigError, ModelError, SynthesisError.
    """
    check_output(arguments.output)
    if config.speech.voice is None and arguments.reference is None:
        raise ConfigError(
            "A voice is needed.", remedy="Add --voice NAME or --reference RECORDING."
        )
    content = _read(Path(arguments.recording))
    folder = find_model(
        config.model.name, config.data_folder, precision=config.model.precision
    )
    warn_about_precision(folder, config.model.precision)
    # Imported here: wrong files are reported before networks are opened.
    from wyoming_cosyvoice.cli.user_voice import choose_user_voice  # noqa: PLC0415
    from wyoming_cosyvoice.library.opening import open_synthesizer  # noqa: PLC0415

    synthesizer = open_synthesizer(folder, config)
    pieces = synthesizer.source_reader(content).finish()
    voice = choose_user_voice(synthesizer, arguments, config)
    rate_hz = synthesizer.sample_rate
    chain = Chain(replace(config.sound, trim=False), rate_hz)
    timing = Timing()
    with writing(arguments.output, rate_hz) as write:
        for piece in pieces:
            for made in synthesizer.convert(piece, voice=voice, seed=arguments.seed):
                samples = chain.process(made)
                timing.add(len(samples) / rate_hz)
                write(samples)
        write(chain.finish())
    print(timing.summary(), file=sys.stderr)
    return 0


def _read(path: Path) -> bytes:
    try:
        return read_file(path, max_bytes=_MAX_BYTES)
    except FileNotFoundError as error:
        raise BadRecording(f"There is no file {str(path)!r}.") from error
    except UnusableFile as error:
        raise BadRecording(
            f"The recording {path.name!r} cannot be read: {error}"
        ) from error
