"""The audio of a speech as the response: as a whole, or streamed."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
from typing import TYPE_CHECKING

from aiohttp import web

from wyoming_cosyvoice.audio import state_length
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.server.http.speaking import (
    CUTS,
    AudioRequest,
    Spoken,
    rates,
    sound_pieces,
    speaking,
)
from wyoming_cosyvoice.server.sockets import bound_send_buffer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from wyoming_cosyvoice.engine.engine import Speech


_LOGGER = logging.getLogger(__name__)

_SKIPPED_PARTS, _SKIPPED_CHARS = 10, 40
"""The most parts in a header, and the most characters of each."""


async def answer_speech(
    request: web.Request, wanted: AudioRequest
) -> web.StreamResponse:
    """Speak, and respond with the audio.

    Raises: CosyVoiceError before any audio was sent.
    """
    context = request.app[CONTEXT]
    with speaking(request, wanted) as spoken:
        pieces = sound_pieces(context, spoken.speech, wanted)
        async with contextlib.aclosing(pieces):
            first = await anext(pieces, b"")
            headers = _headers(spoken.speech, wanted)
            is_wav = wanted.format.name == "wav"
            if wanted.is_stream and wanted.whole_wait_s and is_wav:
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


def _timed(speech: Speech, wanted: AudioRequest, sound: bytes) -> web.Response:
    """Return audio and words, with times in seconds from the start of the audio."""
    _, rate_hz = rates(speech, wanted)
    audio_s = speech.stats.audio_s
    return json_response(
        {
            "audio": base64.b64encode(sound).decode(),
            "content_type": wanted.format.content_type,
            "sample_rate": rate_hz,
            "duration_s": round(audio_s, 3),
            "words": [
                {
                    "text": word.text,
                    "start_s": round(min(word.start_s, audio_s), 3),
                    # Silence is cut off the end, which words may reach into.
                    "end_s": round(min(word.end_s, audio_s), 3),
                }
                for word in speech.words
            ],
        }
    )


def _headers(speech: Speech, wanted: AudioRequest) -> dict[str, str]:
    _, rate_hz = rates(speech, wanted)
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
    wanted: AudioRequest,
    first: bytes,
    pieces: AsyncGenerator[bytes],
    spoken: Spoken,
) -> web.StreamResponse:
    """Respond with a complete WAV file if the speech ends soon, else stream it."""
    loop = asyncio.get_running_loop()
    sound, end_s = first, loop.time() + wanted.whole_wait_s
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
    await begin_stream(request, response)
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


async def begin_stream(request: web.Request, response: web.StreamResponse) -> None:
    """Send the headers of a response that is sent as it is made."""
    if request.transport is not None:
        bound_send_buffer(request.transport)
    await response.prepare(request)


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
