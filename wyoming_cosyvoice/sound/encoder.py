"""Streaming encoder: samples -> WAV, FLAC, Ogg Opus, MP3, AAC or raw PCM."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import soundfile

from wyoming_cosyvoice.audio import PcmFormat, to_int16, to_pcm16, wav_header
from wyoming_cosyvoice.sound.aac import AacFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Format:
    """A file or stream format."""

    name: str
    content_type: str
    extension: str
    container: str = ""
    """Name in libsndfile; empty for formats written without libsndfile."""

    codec: str = ""
    rates_hz: tuple[int, ...] = ()
    """Supported sample rates; empty for any."""

    compression: float | None = None
    """0 is the largest file, 1 the smallest; None leaves it to the codec."""

    bitrate_mode: str | None = None

    def rate_hz(self, wanted_hz: int) -> int:
        """Return the wanted rate, or the next higher one that is supported."""
        above = [rate for rate in self.rates_hz if rate >= wanted_hz]
        return min(above) if above else wanted_hz


_INTEGER = "PCM_16"
_OPUS = ("OGG", "OPUS", (8_000, 12_000, 16_000, 24_000, 48_000))

FORMATS = {
    "wav": Format("wav", "audio/wav", "wav"),
    "flac": Format("flac", "audio/flac", "flac", "FLAC", _INTEGER),
    "ogg": Format("ogg", "audio/ogg", "ogg", *_OPUS),
    "opus": Format("opus", "audio/ogg", "ogg", *_OPUS),
    # With a constant bit rate, players can show the time without the first frame, which
    # holds the length and is written last.
    "mp3": Format(
        *("mp3", "audio/mpeg", "mp3", "MP3", "MPEG_LAYER_III"),
        compression=0.7,
        bitrate_mode="CONSTANT",
    ),
    "aac": Format("aac", "audio/aac", "aac", "ADTS"),
    "pcm": Format("pcm", "audio/pcm", "pcm"),
}
"""Name in requests -> format; ``ogg`` and ``opus`` are the same: Opus in Ogg."""


class Encoder:
    """Encodes one file of mono samples.

    With ``is_stream`` bytes are returned as soon as they are ready, and the header does
    not contain the length. Without it ``finish`` returns all bytes.
    """

    def __init__(self, kind: Format, rate_hz: int, *, is_stream: bool = True) -> None:
        self._kind = kind
        self._is_stream = is_stream
        self._audio = PcmFormat(rate_hz)
        self._sink = _Sink()
        self._pcm: list[bytes] = []
        self._is_begun = False
        self._file = self._open_file(kind, rate_hz)

    def _open_file(
        self, kind: Format, rate_hz: int
    ) -> soundfile.SoundFile | AacFile | None:
        if kind.name == "aac":
            return AacFile(self._sink, rate_hz)
        return (
            soundfile.SoundFile(
                self._sink,
                "w",
                rate_hz,
                channels=1,
                format=kind.container,
                subtype=kind.codec,
                compression_level=kind.compression,
                bitrate_mode=kind.bitrate_mode,
            )
            if kind.container
            else None
        )

    def encode(self, samples: NDArray[np.float32]) -> bytes:
        """Take samples (S,) in [-1, 1]; return the bytes that are ready."""
        if self._file is not None:
            # libsndfile rounds differently, and FLAC must have the samples of WAV.
            is_integer = self._kind.codec == _INTEGER
            data: Any = to_int16(samples) if is_integer else samples
            self._file.write(data)
            return self._sink.take() if self._is_stream else b""
        pcm = to_pcm16(samples)
        if not self._is_stream:
            self._pcm.append(pcm)
            return b""
        return self._header(None) + pcm

    def finish(self) -> bytes:
        """Return the remaining bytes; nothing may be encoded afterwards."""
        if self._file is not None:
            self._file.close()
            return self._sink.take() if self._is_stream else self._sink.getvalue()
        pcm = b"".join(self._pcm)
        return self._header(None if self._is_stream else len(pcm)) + pcm

    def close(self) -> None:
        """Release the encoder without finishing; harmless after ``finish``."""
        if self._file is not None:
            self._file.close()

    def _header(self, data_bytes: int | None) -> bytes:
        if self._is_begun or self._kind.name != "wav":
            return b""
        self._is_begun = True
        return wav_header(self._audio, data_bytes)


class _Sink(io.BytesIO):
    """A file whose beginning may have been sent already.

    Encoders seek back to the header at the end to write the length. A stream's reader
    does not get that update, as with any live stream.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def close(self) -> None:
        """Stay open.

        Python closes objects in any order, and an encoder that was not finished writes
        the end of its file when it is freed.
        """

    def take(self) -> bytes:
        """Return the bytes added since the last call."""
        fresh = self.getbuffer()[self._taken :].tobytes()
        self._taken += len(fresh)
        return fresh
