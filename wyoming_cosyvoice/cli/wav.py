"""Where ``say`` puts its sound: a WAV file, or a stream of WAV while it is made."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from wyoming_cosyvoice.audio import wav_header
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wyoming_cosyvoice.audio import PcmFormat

    Write = Callable[[bytes], object]


def check_output(output: str | None) -> None:
    """Refuse what cannot be written to, before anything is computed.

    Raises: ConfigError.
    """
    if output in (None, "-"):
        if sys.stdout.isatty():
            raise ConfigError(
                "A terminal cannot play sound.",
                remedy="Add --output FILE.wav, or pipe it to a player: | aplay",
            )
        return
    path = Path(str(output))
    if path.is_dir():
        raise ConfigError(f"{path} is a folder.", remedy="Give the name of a file.")
    if not path.absolute().parent.is_dir():
        raise ConfigError(f"There is no folder {path.absolute().parent}.")


@contextlib.contextmanager
def writing(output: str | None, audio: PcmFormat) -> Iterator[Write]:
    """Give a function that takes PCM.

    A file appears, or is replaced, only when all of its sound is there; what is no
    file, such as a pipe, gets the sound at once.
    Raises: ConfigError if the file cannot be written.
    """
    if output in (None, "-"):
        with _streaming(sys.stdout.buffer, audio) as write:
            yield write
        return
    path = Path(str(output)).resolve()
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device, _streaming(device, audio) as write:
                yield write
        else:
            with _whole_file(path, audio) as write:
                yield write
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigError(f"Cannot write {output}: {error.strerror}.") from error


@contextlib.contextmanager
def _streaming(stream: BinaryIO, audio: PcmFormat) -> Iterator[Write]:
    is_begun = False

    def write(pcm: bytes) -> None:
        nonlocal is_begun
        if not is_begun:
            stream.write(wav_header(audio, None))
            is_begun = True
        stream.write(pcm)
        stream.flush()

    yield write


@contextlib.contextmanager
def _whole_file(path: Path, audio: PcmFormat) -> Iterator[Write]:
    part = path.with_name(f".{path.name}.part")
    header_bytes = len(wav_header(audio, 0))
    try:
        with part.open("wb") as file:
            file.write(wav_header(audio, 0))
            yield file.write
            data_bytes = file.tell() - header_bytes
            file.seek(0)
            file.write(wav_header(audio, data_bytes))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
