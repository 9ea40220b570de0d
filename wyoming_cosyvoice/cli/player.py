"""``say --play``: play samples with a library or a program of this machine."""

from __future__ import annotations

import contextlib
import importlib
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from wyoming_cosyvoice.audio import to_pcm16
from wyoming_cosyvoice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

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


SLACK_S = 1.0
"""How much earlier than its sound a player may end, by its clock and its buffers."""


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
    with _Program(command, rate_hz) as program:
        yield program.write


class _Program:
    """A running player; leaving the context waits until all is played."""

    def __init__(self, command: list[str], rate_hz: int) -> None:
        self._command = command
        self._rate_hz = rate_hz
        self._samples = 0
        self._began = time.monotonic()
        # Its messages are shown only if it fails.
        self._messages = tempfile.TemporaryFile()  # noqa: SIM115 - closed on leaving
        self._player = subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=self._messages
        )

    def __enter__(self) -> Self:
        return self

    def write(self, samples: NDArray[np.float32]) -> None:
        """Play samples (S,). Raises: BrokenPipeError if the player has ended."""
        if not self._samples:
            self._began = time.monotonic()
        self._samples += len(samples)
        if self._player.stdin is not None:
            self._player.stdin.write(to_pcm16(samples))

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for the player.

        Raises: ConfigError if it failed or ended before the sound did.
        """
        if self._player.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._player.stdin.close()
        code = self._player.wait()
        heard_s = time.monotonic() - self._began
        message = self._message()
        if kind is not None and kind is not BrokenPipeError:
            return
        sound_s = self._samples / self._rate_hz
        # Some players that cannot open the sound card end with code 0. For a sound that
        # is too short for the clock, what they say shows it.
        is_early = heard_s < sound_s - SLACK_S or (sound_s <= SLACK_S and message)
        if code or kind is not None or is_early:
            how = f"with code {code}" if code else "before the sound did"
            raise ConfigError(
                f"{Path(self._command[0]).name} cannot play: "
                f"{message or f'it ended {how}'}.",
                remedy="Add --output FILE to keep the sound instead.",
            )

    def _message(self) -> str:
        """Return the last line that the player wrote."""
        with self._messages as file:
            file.seek(0)
            lines = file.read().decode(errors="replace").split("\n")
        written = [line.strip() for line in lines if line.strip()]
        return written[-1].rstrip(".") if written else ""


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
