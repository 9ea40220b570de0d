"""AAC in ADTS frames, encoded by PyAV, which is an optional package.

Only clients of OpenAI's API request it. libsndfile, which writes the other formats,
cannot encode it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    import numpy as np
    from numpy.typing import NDArray

_BITS_PER_S = 64_000


NEEDED = "wyoming-cosyvoice[aac]"
"""The extra to install."""


def is_available() -> bool:
    """Whether PyAV is installed."""
    try:
        import av  # noqa: F401, PLC0415 - optional
    except ImportError:
        return False
    return True


class AacFile:
    """Writes mono samples to a file, as ``soundfile.SoundFile`` does."""

    def __init__(self, sink: BinaryIO, rate_hz: int) -> None:
        """Open the container. Raises: ImportError if PyAV is not installed."""
        import av  # noqa: PLC0415 - optional

        self._av = av
        self._rate_hz = rate_hz
        self._container = av.open(sink, "w", format="adts")
        self._stream = self._container.add_stream("aac", rate=rate_hz)
        self._stream.layout = "mono"
        self._stream.bit_rate = _BITS_PER_S
        self._is_open = True

    def write(self, samples: NDArray[np.float32]) -> None:
        """Encode samples (S,)."""
        if not len(samples):
            return
        frame = self._av.AudioFrame.from_ndarray(
            samples[None, :],  # (1, S): one channel
            format="fltp",
            layout="mono",
        )
        frame.sample_rate = self._rate_hz
        self._container.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Flush the encoder and close the file; idempotent."""
        if self._is_open:
            self._is_open = False
            self._container.mux(self._stream.encode(None))
            self._container.close()
