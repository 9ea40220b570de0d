"""``say --play``: play samples with a library or a program of this machine."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wyoming_cosyvoice.cli.output import Write

PLAYERS = {
    "pacat": ("--playback", "--format=s16le", "--channels=1", "--rate={rate}"),
    "aplay": ("-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", "{rate}", "-"),
    "play": (
        *("-q", "-t", "raw", "-e", "signed", "-b", "16", "-L", "-c", "1"),
        *("-r", "{rate}", "-"),
    ),
    "ffplay": (
        *("-nodisp", "-autoexit", "-loglevel", "error", "-f", "s16le"),
        *("-ar", "{rate}", "-i", "-"),
    ),
}
"""Programs that play 16-bit mono PCM from standard input, with their arguments."""


def check_player() -> None:
    """Check that something on this machine can play sound.

    Raises: ConfigError.
    """
    if _sounddevice() is None and _program(0) is None:
        raise ConfigError(
            "No player was found.",
            remedy=f"Install one of {', '.join(PLAYERS)}, or the package sounddevice.",
        )


@contextlib.contextmanager
def playing(rate_hz: int) -> Iterator[Write]:
    """Yield a function that plays samples (S,); wait at the end until all are played.

    Raises: ConfigError if nothing can play, or the player fails.
    """
    device = _sounddevice()
    if device is not None:
        with _stream(device, rate_hz) as stream:
            yield lambda samples: stream.write(to_pcm16(samples))
            stream.stop()  # returns when the last sample has been played
        return
    command = _program(rate_hz)
    if command is None:
        check_player()
        return
    with subprocess.Popen(command, stdin=subprocess.PIPE) as player:
        pipe = player.stdin
        if pipe is None:
            raise RuntimeError("The player was started without a pipe.")
        try:
            yield lambda samples: pipe.write(to_pcm16(samples))
        except BrokenPipeError:
            pass  # its exit code says why
        finally:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
        code = player.wait()
    if code:
        raise ConfigError(
            f"{command[0]} cannot play: it ended with code {code}.",
            remedy="Add --output FILE to keep the sound instead.",
        )


def _stream(device: Any, rate_hz: int) -> Any:
    try:
        return device.RawOutputStream(samplerate=rate_hz, channels=1, dtype="int16")
    except device.PortAudioError as error:
        raise ConfigError(f"The loudspeaker cannot be used: {error}.") from error


def _sounddevice() -> Any:
    """Return the library if it and PortAudio are installed, else None."""
    try:
        return importlib.import_module("sounddevice")
    except (ImportError, OSError):
        return None


def _program(rate_hz: int) -> list[str] | None:
    for name, arguments in PLAYERS.items():
        path = shutil.which(name)
        if path is not None:
            return [path, *(word.format(rate=rate_hz) for word in arguments)]
    return None
