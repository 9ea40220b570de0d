"""Speech requests -> audio in the response, as a whole or streamed."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from wyoming_cosyvoice.audio import state_length
from wyoming_cosyvoice.errors import CosyVoiceError, SynthesisCancelled, VoiceNotFound
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.sound.encoder import FORMATS, Encoder
from wyoming_cosyvoice.sound.resampler import Resampler
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.engine.engine import Speech, SpeechRequest
    from wyoming_cosyvoice.server.http.context import Context
    from wyoming_cosyvoice.sound.encoder import Format
    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)

_SKIPPED_PARTS, _SKIPPED_CHARS = 10, 40
"""Most of the parts, and of their characters, that a header tells of."""

CANCELLED = "cancelled"
"""Outcome of a speech whose client left or stopped reading."""

CUTS = (CosyVoiceError, SynthesisCancelled, TimeoutError, ConnectionError)
"""Errors that end a partly sent response."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A speech request with its audio format."""

    text: str
    request: SpeechRequest
    format: Format = FORMATS["wav"]
    rate_hz: int | None = None
    """None for the rate of the model."""

    is_stream: bool = False
    patience_s: float = 0.0
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
def speaking(request: web.Request, wanted: Wanted) -> Iterator[Spoken]:
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


async def answer_speech(request: web.Request, wanted: Wanted) -> web.StreamResponse:
    """Speak, and respond with the audio.

    Raises: CosyVoiceError before any audio was sent.
    """
    context = request.app[CONTEXT]
    with speaking(request, wanted) as spoken:
        pieces = sound_pieces(context, spoken.speech, wanted)
        async with contextlib.aclosing(pieces):
            first = await anext(pieces, b"")
            headers = _headers(spoken.speech, wanted)
            if wanted.is_stream and wanted.patience_s and wanted.format.name == "wav":
                return await _stream_or_whole(request, wanted, first, pieces, spoken)
            if wanted.is_stream:
                return await _stream(request, headers, first, pieces, spoken)
            body = b"".join([first, *[piece async for piece in pieces]])
        headers |= _figures(spoken.speech)
        if wanted.has_timings:
            timed = _timed(spoken.speech, wanted, body)
            del headers["Content-Type"], headers["Content-Disposition"]
            timed.headers.update(headers)
            return timed
        return web.Response(body=body, headers=headers)


def _timed(speech: Speech, wanted: Wanted, sound: bytes) -> web.Response:
    """Return audio and words, with times in seconds from the start of the audio."""
    _, rate_hz = _rates(speech, wanted)
    return json_response(
        {
            "audio": base64.b64encode(sound).decode(),
            "content_type": wanted.format.content_type,
            "sample_rate": rate_hz,
            "duration_s": round(speech.stats.audio_s, 3),
            "words": [
                {
                    "text": word.text,
                    "start_s": round(word.start_s, 3),
                    "end_s": round(word.end_s, 3),
                }
                for word in speech.words
            ],
        }
    )


async def sound_pieces(
    context: Context, speech: Speech, wanted: Wanted
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
                model_hz, rate_hz = _rates(speech, wanted)
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


def _rates(speech: Speech, wanted: Wanted) -> tuple[int, int]:
    model_hz = speech.rate_hz
    if model_hz is None:
        raise RuntimeError("A speech gave sound without a sample rate.")
    return model_hz, wanted.format.rate_hz(wanted.rate_hz or model_hz)


def _headers(speech: Speech, wanted: Wanted) -> dict[str, str]:
    _, rate_hz = _rates(speech, wanted)
    return {
        "Content-Type": wanted.format.content_type,
        "Content-Disposition": f'inline; filename="speech.{wanted.format.extension}"',
        "X-Sample-Rate": str(rate_hz),
        **skipped_header(speech),
    }


def skipped_header(speech: Speech) -> dict[str, str]:
    """Return the parts that the model could not read as JSON, if there are any.

    The whole text is read before any audio is made. Headers are short, so only the
    beginnings of the first parts are listed.
    """
    if not speech.skipped:
        return {}
    parts = [
        {"text": part.text[:_SKIPPED_CHARS], "language": part.language}
        for part in speech.skipped[:_SKIPPED_PARTS]
    ]
    return {"X-Skipped": json.dumps(parts)}


def _figures(speech: Speech) -> dict[str, str]:
    """Return the timing figures of a finished speech in seconds."""
    stats = speech.stats
    figures = {
        "X-Audio-Seconds": stats.audio_s,
        "X-Computing-Seconds": stats.computing_s,
        "X-First-Audio-Seconds": stats.first_audio_s or 0.0,
    }
    return {name: f"{value:.3f}" for name, value in figures.items()}


async def _stream_or_whole(
    request: web.Request,
    wanted: Wanted,
    first: bytes,
    pieces: AsyncGenerator[bytes],
    spoken: Spoken,
) -> web.StreamResponse:
    """Respond with a complete WAV file if the speech ends soon, else stream it."""
    loop = asyncio.get_running_loop()
    sound, end_s = first, loop.time() + wanted.patience_s
    headers = _headers(spoken.speech, wanted)
    following = asyncio.ensure_future(_next(pieces))
    try:
        while (await asyncio.wait({following}, timeout=end_s - loop.time()))[0]:
            piece = following.result()
            if not piece:
                headers |= _figures(spoken.speech)
                return web.Response(body=state_length(sound), headers=headers)
            sound += piece
            following = asyncio.ensure_future(_next(pieces))
        rest = _after(following, pieces)
        return await _stream(request, headers, sound, rest, spoken)
    finally:
        # A generator cannot be closed while its next piece is awaited.
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _next(pieces: AsyncGenerator[bytes]) -> bytes:
    """Return the next piece; an empty one marks the end."""
    return await anext(pieces, b"")


async def _after(
    following: asyncio.Future[bytes], pieces: AsyncGenerator[bytes]
) -> AsyncIterator[bytes]:
    """Yield the pending piece and those after it."""
    if piece := await following:
        yield piece
        async for each in pieces:
            yield each


async def _stream(
    request: web.Request,
    headers: dict[str, str],
    first: bytes,
    pieces: AsyncIterator[bytes],
    spoken: Spoken,
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    # Otherwise proxies would buffer the audio until its end.
    response.headers["X-Accel-Buffering"] = "no"
    await response.prepare(request)
    try:
        await write(request, response, first)
        async for piece in pieces:
            await write(request, response, piece)
        await response.write_eof()
    except CUTS as error:
        spoken.cut(error)
        _LOGGER.warning("A stream was cut: %s", error or "its client does not read")
        # Without the final chunk, the client knows that the audio is incomplete.
        abort(request)
    return response


async def write(
    request: web.Request, response: web.StreamResponse, data: bytes
) -> None:
    """Send a part of a response. Raises: TimeoutError if the client does not read."""
    async with asyncio.timeout(request.app[CONTEXT].config.limits.write_s):
        await response.write(data)


def abort(request: web.Request) -> None:
    """Drop the connection."""
    if request.transport is not None:
        request.transport.abort()


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
