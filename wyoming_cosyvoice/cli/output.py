"""Outputs of ``say``: sound files, and a stream of WAV on a pipe or device."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from wyoming_cosyvoice.audio import PcmFormat, to_pcm16, wav_header
from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    Write = Callable[[NDArray[np.float32]], object]

EXTENSIONS = ("wav", "flac", "mp3", "opus", "ogg")
"""Accepted extensions of a file name; a file without one is WAV."""


def check_output(output: str | None, *, is_played: bool = False) -> None:
    """Check that the output can be written, before anything is computed.

    Raises: ConfigError.
    """
    if output == "-" or (output is None and not is_played):
        if sys.stdout is None:
            raise ConfigError("Standard output is closed.", remedy="Add --output FILE.")
        if sys.stdout.isatty():
            raise ConfigError(
                "A terminal cannot play sound.",
                remedy="Add --output FILE to keep it, or --play to hear it.",
            )
        return
    if output is None:
        return
    path = Path(output)
    with explaining(output):
        if path.is_dir():
            raise ConfigError(f"{path} is a folder.", remedy="Give the name of a file.")
        if not path.absolute().parent.is_dir():
            raise ConfigError(f"The folder {path.absolute().parent} does not exist.")
        _kind(path)


@contextlib.contextmanager
def explaining(output: str) -> Iterator[None]:
    """Turn what the system says about a file into an error for users.

    Raises: ConfigError.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(
            f"Cannot write {output}: {error.strerror or error}."
        ) from error


@contextlib.contextmanager
def writing(output: str | None, rate_hz: int) -> Iterator[Write]:
    """Yield a function that writes samples (S,).

    A file is created or replaced only when it is complete. Pipes and devices receive
    WAV as it is computed.
    Raises: ConfigError if the file cannot be written.
    """
    audio = PcmFormat(rate_hz)
    if output in (None, "-"):
        with (
            explaining("to standard output"),
            _streaming(sys.stdout.buffer, audio) as write,
        ):
            yield write
        return
    path = Path(str(output)).resolve()
    with explaining(str(output)):
        if path.exists() and not path.is_file():
            with path.open("wb") as device, _streaming(device, audio) as write:
                yield write
            return
        part = path.with_name(f".{path.name}.part")
        kind = _kind(path)
        open_file = _wav_file if kind == "wav" else _encoded_file
        try:
            with part.open("wb") as file, open_file(file, rate_hz, kind) as write:
                yield write
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _kind(path: Path) -> str:
    """Return one of ``EXTENSIONS``. Raises: ConfigError."""
    ending = path.suffix.removeprefix(".").lower()
    is_device = path.exists() and not path.is_file()
    if not ending or is_device:
        return "wav"
    if ending not in EXTENSIONS:
        likely = nearest(ending, EXTENSIONS)
        tip = f" Did you mean {path.with_suffix(f'.{likely}').name}?" if likely else ""
        raise ConfigError(
            f"{path.name} ends in .{ending}.",
            remedy=f"Files can be {', '.join(EXTENSIONS)}.{tip}",
        )
    return ending


@contextlib.contextmanager
def _streaming(stream: BinaryIO, audio: PcmFormat) -> Iterator[Write]:
    is_begun = False

    def write(samples: NDArray[np.float32]) -> None:
        nonlocal is_begun
        if not is_begun:
            stream.write(wav_header(audio, None))
            is_begun = True
        stream.write(to_pcm16(samples))
        stream.flush()

    yield write


@contextlib.contextmanager
def _wav_file(file: BinaryIO, rate_hz: int, _: str) -> Iterator[Write]:
    audio = PcmFormat(rate_hz)
    header_bytes = file.write(wav_header(audio, 0))
    yield lambda samples: file.write(to_pcm16(samples))
    data_bytes = file.tell() - header_bytes
    file.seek(0)
    file.write(wav_header(audio, data_bytes))


@contextlib.contextmanager
def _encoded_file(file: BinaryIO, rate_hz: int, kind: str) -> Iterator[Write]:
    # Imported here: a WAV file needs no encoder.
    from wyoming_cosyvoice.sound.encoder import FORMATS  # noqa: PLC0415
    from wyoming_cosyvoice.sound.sound_file import encoding  # noqa: PLC0415

    with encoding(file, rate_hz, FORMATS[kind]) as write:
        yield write
