"""A speech request of any handler: opened, encoded piece by piece, logged."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import CosyVoiceError, SynthesisCancelled, VoiceNotFound
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.sound.encoder import FORMATS, Encoder
from wyoming_cosyvoice.sound.resampler import Resampler
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import numpy as np
    from aiohttp import web
    from numpy.typing import NDArray

    from wyoming_cosyvoice.engine.engine import Speech, SpeechRequest
    from wyoming_cosyvoice.server.http.context import Context
    from wyoming_cosyvoice.sound.encoder import Format
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)


CANCELLED = "cancelled"
"""Outcome of a speech whose client left or stopped reading."""

CUTS = (CosyVoiceError, SynthesisCancelled, TimeoutError, ConnectionError)
"""Errors that end a partly sent response."""


@dataclass(frozen=True, slots=True)
class AudioRequest:
    """A speech request with its audio format."""

    text: str
    request: SpeechRequest
    format: Format = FORMATS["wav"]
    rate_hz: int | None = None
    """None for the rate of the model."""

    is_stream: bool = False
    whole_wait_s: float = 0.0
    """How long a stream waits for its end after the first audio: a WAV file that is
    complete by then states its length, which many programs need."""

    has_timings: bool = False
    """Whether the response is JSON with word times."""


def voice_named(context: Context, name: str | None) -> Voice | None:
    """Return the voice of a name; None for None.

    Raises: VoiceNotFound, because a script would not notice the use of another voice.
    """
    voice = find_voice(context.engine.voices, name)
    if voice is None and name is not None:
        raise VoiceNotFound(
            f"There is no voice {name[:40]!r}.", remedy="GET /voices lists them."
        )
    return voice


@dataclass(slots=True)
class Spoken:
    """A speech being sent to a client, and the error that cut it, if any."""

    speech: Speech
    outcome: str | None = None

    def cut(self, error: BaseException) -> None:
        """Record why the audio is cut: an error, or a client that does not read."""
        self.outcome = error.code if isinstance(error, CosyVoiceError) else CANCELLED


@contextlib.contextmanager
def speaking(request: web.Request, wanted: AudioRequest) -> Iterator[Spoken]:
    """Open a speech, and log its outcome at the end.

    Raises: CosyVoiceError.
    """
    asked = replace(wanted.request, client=request.remote)
    spoken = Spoken(request.app[CONTEXT].engine.open(asked))
    speech, outcome = spoken.speech, CANCELLED
    try:
        speech.feed(wanted.text)
        speech.finish()
        yield spoken
        outcome = spoken.outcome or "done"
    except CosyVoiceError as error:
        outcome = error.code
        raise
    except SynthesisCancelled:
        raise CosyVoiceError("The request was cancelled.") from None
    finally:
        speech.cancel()
        _log(request, speech, outcome)


async def sound_pieces(
    context: Context, speech: Speech, wanted: AudioRequest
) -> AsyncGenerator[bytes]:
    """Yield the encoded audio of a speech in non-empty pieces.

    Raises: the error that ended the speech.
    """
    loop = asyncio.get_running_loop()
    resampler: Resampler | None = None
    encoder: Encoder | None = None
    try:
        async for samples in speech:
            if resampler is None or encoder is None:
                model_hz, rate_hz = rates(speech, wanted)
                resampler = Resampler(model_hz, rate_hz)
                encoder = Encoder(wanted.format, rate_hz, is_stream=wanted.is_stream)
            turn = partial(_process, resampler, encoder, samples)
            if piece := await loop.run_in_executor(context.executor, turn):
                yield piece
        if resampler is not None and encoder is not None:
            last = partial(_finish, resampler, encoder)
            yield await loop.run_in_executor(context.executor, last)
    finally:
        if encoder is not None:
            # Queued in the thread, which may still be encoding for a client that left.
            with contextlib.suppress(RuntimeError):  # the server stopped
                context.executor.submit(encoder.close)


def _process(
    resampler: Resampler, encoder: Encoder, samples: NDArray[np.float32]
) -> bytes:
    return encoder.encode(resampler.process(samples))


def _finish(resampler: Resampler, encoder: Encoder) -> bytes:
    return encoder.encode(resampler.finish()) + encoder.finish()


def rates(speech: Speech, wanted: AudioRequest) -> tuple[int, int]:
    """Return the sample rates of the model and of the response."""
    model_hz = speech.rate_hz
    if model_hz is None:
        raise RuntimeError("A speech gave sound without a sample rate.")
    return model_hz, wanted.format.rate_hz(wanted.rate_hz or model_hz)


def _log(request: web.Request, speech: Speech, outcome: str) -> None:
    stats = speech.stats
    _LOGGER.info(
        "HTTP request %d of %s: %s, %d characters, %.1f s of sound, first after %.2f s,"
        " computed in %.1f s",
        speech.id,
        request.remote,
        outcome,
        stats.chars,
        stats.audio_s,
        stats.first_audio_s or 0.0,
        stats.computing_s,
    )
