"""Audio as server-sent events, as OpenAI's API has them for ``stream_format: sse``."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from wyoming_cosyvoice.errors import CosyVoiceError, SynthesisCancelled
from wyoming_cosyvoice.server.http.audio_response import (
    abort,
    begin_stream,
    skipped_header,
    write,
)
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.server.http.speaking import sound_pieces, speaking

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.server.http.speaking import AudioRequest, Spoken


async def answer_events(
    request: web.Request, wanted: AudioRequest
) -> web.StreamResponse:
    """Answer a request with audio in events.

    Raises: CosyVoiceError before any audio was sent.
    """
    with speaking(request, wanted) as spoken:
        pieces = sound_pieces(request.app[CONTEXT], spoken.speech, wanted)
        async with contextlib.aclosing(pieces):
            first = await anext(pieces, b"")
            response = web.StreamResponse(
                headers={
                    "Content-Type": "text/event-stream",
                    # Otherwise proxies would buffer the events.
                    "X-Accel-Buffering": "no",
                    **skipped_header(spoken.speech),
                }
            )
            await begin_stream(request, response)
            try:
                await _write_events(request, response, spoken, first, pieces)
            except (TimeoutError, ConnectionError) as error:
                spoken.cut(error)
                abort(request)
        return response


async def _write_events(
    request: web.Request,
    response: web.StreamResponse,
    spoken: Spoken,
    first: bytes,
    pieces: AsyncIterator[bytes],
) -> None:
    try:
        await write(request, response, _delta(first))
        async for piece in pieces:
            await write(request, response, _delta(piece))
        last = _done(spoken.speech)
    except (CosyVoiceError, SynthesisCancelled) as error:
        spoken.cut(error)
        last = {"type": "error", "code": spoken.outcome}
    await write(request, response, _event(last))
    await response.write_eof()


def _delta(sound: bytes) -> bytes:
    audio = base64.b64encode(sound).decode()
    return _event({"type": "speech.audio.delta", "audio": audio})


def _done(speech: Speech) -> dict[str, Any]:
    chars = speech.stats.chars
    usage = {"input_tokens": chars, "output_tokens": 0, "total_tokens": chars}
    return {"type": "speech.audio.done", "usage": usage}


def _event(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
