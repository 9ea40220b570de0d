"""Samples -> a complete file of a format, at a rate that the format supports."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO

from wyoming_cosyvoice.sound.encoder import Encoder
from wyoming_cosyvoice.sound.resampler import Resampler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.sound.encoder import Format


@contextlib.contextmanager
def encoding(
    file: BinaryIO, rate_hz: int, kind: Format
) -> Iterator[Callable[[NDArray[np.float32]], object]]:
    """Yield a function that takes samples (S,); ``file`` is written at the end."""
    file_hz = kind.rate_hz(rate_hz)
    resampler = Resampler(rate_hz, file_hz)
    encoder = Encoder(kind, file_hz, is_stream=False)
    try:
        yield lambda samples: encoder.encode(resampler.process(samples))
        encoder.encode(resampler.finish())
        file.write(encoder.finish())
    finally:
        encoder.close()
