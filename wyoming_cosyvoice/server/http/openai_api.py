"""The part of OpenAI's API that speaks, so that its clients work unchanged."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from wyoming_cosyvoice.config import SPEED_RANGE
from wyoming_cosyvoice.engine.engine import SpeechRequest
from wyoming_cosyvoice.errors import BadParameter, CosyVoiceError, SynthesisCancelled
from wyoming_cosyvoice.server.http.answers import json_response, read_json
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.speaking import (
    Wanted,
    abort,
    answer_speech,
    check_voice,
    sound_pieces,
    speaking,
    write,
)
from wyoming_cosyvoice.server.http.tts import optional
from wyoming_cosyvoice.sound.encoder import FORMATS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wyoming_cosyvoice.engine.speech import Speech
    from wyoming_cosyvoice.server.http.speaking import Spoken

MODEL = "cosyvoice"

_THEIR_VOICES = (
    *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin"),
    *("nova", "onyx", "sage", "shimmer", "verse"),
)
"""Names that clients send by default; they leave the choice of a voice to us."""

# What their clients expect of ``pcm``, which cannot tell its rate.
_PCM_RATE_HZ = 24_000

BODY = {
    "type": "object",
    "required": ["input"],
    "additionalProperties": False,
    "properties": {
        "model": optional(
            "string", "Any name; the one model speaks.", maxLength=200, examples=[MODEL]
        ),
        "input": {"type": "string", "description": "What to say.", "minLength": 1},
        "voice": {
            "type": ["string", "object", "null"],
            "description": "Id of a voice; OpenAI's own names leave it to the text.",
            "maxLength": 200,
            "required": ["id"],
            "properties": {"id": {"type": "string", "maxLength": 200}},
        },
        "instructions": optional(
            "string",
            "How to speak, in English; models that follow none ignore it.",
            maxLength=4096,
        ),
        "response_format": optional(
            "string",
            "Kind of file.",
            enum=["mp3", "opus", "flac", "wav", "pcm"],
            default="mp3",
        ),
        "speed": optional(
            "number", "How fast.", minimum=SPEED_RANGE[0], maximum=SPEED_RANGE[1]
        ),
        "stream_format": optional(
            "string", "Sound itself, or events with it.", enum=["audio", "sse"]
        ),
    },
}


async def post_speech(request: web.Request) -> web.StreamResponse:
    """Answer ``POST /v1/audio/speech``; sound is always sent as it is made."""
    context = request.app[CONTEXT]
    limits = context.config.limits
    body = await read_json(
        request, BODY, max_bytes=limits.http_body_bytes, within_s=limits.http_body_s
    )
    voice = _voice(request, body.get("voice"))
    kind = body.get("response_format", "mp3")
    own = context.own_voices
    follows = own is not None and own.emotion_by(voice or "") == "instruction"
    wanted = Wanted(
        text=body["input"],
        request=SpeechRequest(
            voice=voice,
            speed=body.get("speed"),
            instruction=body.get("instructions") if follows else None,
        ),
        format=FORMATS[kind],
        rate_hz=_PCM_RATE_HZ if kind == "pcm" else None,
        is_stream=True,
    )
    if body.get("stream_format") == "sse":
        return await _answer_events(request, wanted)
    return await answer_speech(request, wanted)


async def get_models(_: web.Request) -> web.Response:
    """Answer ``GET /v1/models``."""
    return json_response({"object": "list", "data": [_MODEL]})


async def get_model(request: web.Request) -> web.Response:
    """Answer ``GET /v1/models/{model}``."""
    if request.match_info["model"] != MODEL:
        raise web.HTTPNotFound
    return json_response(_MODEL)


async def get_voices(request: web.Request) -> web.Response:
    """Answer ``GET /v1/audio/voices``, as other servers of this API do."""
    voices = request.app[CONTEXT].engine.voices
    return json_response(
        {"voices": [{"id": voice.id, "name": voice.name} for voice in voices]}
    )


_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": "wyoming-cosyvoice"}


def _voice(request: web.Request, voice: Any) -> str | None:
    name = voice["id"] if isinstance(voice, dict) else voice
    context = request.app[CONTEXT]
    try:
        check_voice(context, name)
    except CosyVoiceError as error:
        if isinstance(name, str) and name.casefold() in _THEIR_VOICES:
            return None
        raise BadParameter(error.message, field="voice", remedy=error.remedy) from None
    return str(name) if name else None


async def _answer_events(request: web.Request, wanted: Wanted) -> web.StreamResponse:
    """Send sound as server-sent events, as ``stream_format: sse`` asks.

    Raises: CosyVoiceError, as long as no sound was sent.
    """
    with speaking(request, wanted) as spoken:
        pieces = sound_pieces(request.app[CONTEXT], spoken.speech, wanted)
        async with contextlib.aclosing(pieces):
            first = await anext(pieces, b"")
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            await response.prepare(request)
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


_JSON = "application/json"
OPERATIONS = (
    Operation(
        "POST",
        "/v1/audio/speech",
        post_speech,
        "Speak a text, as OpenAI's API does.",
        body=BODY,
        answers={200: "audio/*"},
        errors=(500, 409, 503, 504),
    ),
    Operation(
        "GET", "/v1/models", get_models, "List the one model.", answers={200: _JSON}
    ),
    Operation(
        "GET",
        "/v1/models/{model}",
        get_model,
        "Show the one model.",
        answers={200: _JSON},
        errors=(404,),
    ),
    Operation(
        "GET", "/v1/audio/voices", get_voices, "List all voices.", answers={200: _JSON}
    ),
)
