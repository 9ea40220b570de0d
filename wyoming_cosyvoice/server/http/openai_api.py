"""The speech part of OpenAI's API, so that its clients work unchanged."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from aiohttp import web

from wyoming_cosyvoice.config import SPEED_RANGE
from wyoming_cosyvoice.engine.engine import SpeechRequest
from wyoming_cosyvoice.errors import BadParameter, CosyVoiceError
from wyoming_cosyvoice.server.http.answers import json_response, read_json
from wyoming_cosyvoice.server.http.audio_response import answer_speech
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.fields import (
    LANGUAGE_TAG,
    MAX_SEED,
    SAMPLE_RATES_HZ,
    format_of,
    optional,
)
from wyoming_cosyvoice.server.http.speaking import AudioRequest, voice_named
from wyoming_cosyvoice.server.http.speech_events import answer_events
from wyoming_cosyvoice.text import LANGUAGES

if TYPE_CHECKING:
    from wyoming_cosyvoice.voices import Voice

MODEL = "cosyvoice"

_OPENAI_VOICES = (
    *("alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin"),
    *("nova", "onyx", "sage", "shimmer", "verse"),
)
"""Default names that clients send; the server then chooses the voice."""

# The rate that clients expect for ``pcm``, which has no header.
_PCM_RATE_HZ = 24_000

_WHOLE_FILE_WAIT_S = 0.2
"""Without ``stream``, short WAV files are sent as a whole: see ``AudioRequest``."""

_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm", "ogg")
_DEFAULT_FORMAT = "mp3"

BODY = {
    "type": "object",
    "required": ["input"],
    # Clients of other servers of this API send additional fields.
    "additionalProperties": True,
    "properties": {
        "model": optional(
            "string",
            "Any name; the loaded model is used.",
            maxLength=200,
            examples=[MODEL],
        ),
        "input": {"type": "string", "description": "What to say.", "minLength": 1},
        "voice": {
            "type": ["string", "object", "null"],
            "description": "Id of a voice; OpenAI's names leave it to the text.",
            "maxLength": 200,
            "required": ["id"],
            "properties": {"id": {"type": "string", "maxLength": 200}},
        },
        "instructions": optional(
            "string",
            "How to speak, in English; models that follow no instructions ignore it.",
            maxLength=4096,
        ),
        "response_format": optional(
            "string",
            f"Kind of file, in any case: {', '.join(_FORMATS)}.",
            maxLength=40,
            default=_DEFAULT_FORMAT,
        ),
        "speed": {
            "type": ["number", "string", "null"],
            "description": f"How fast; what is beyond {SPEED_RANGE[0]} to "
            f"{SPEED_RANGE[1]} is taken for its end.",
            "maxLength": 40,
        },
        "stream_format": optional(
            "string",
            "audio for the audio itself, sse for server-sent events.",
            maxLength=40,
        ),
        "language": optional(
            "string",
            f"{', '.join(LANGUAGES)}, or a tag such as zh-CN; another is left to the "
            "text.",
            maxLength=40,
        ),
        "seed": optional(
            "integer",
            "The same seed gives the same audio.",
            minimum=0,
            maximum=MAX_SEED,
        ),
        "sample_rate": optional(
            "integer", "Samples per second.", enum=list(SAMPLE_RATES_HZ)
        ),
        "stream": optional(
            "boolean",
            "Whether to stream; otherwise a WAV file states its length.",
            default=True,
        ),
    },
}


async def post_speech(request: web.Request) -> web.StreamResponse:
    """Handle ``POST /v1/audio/speech``; the audio is always streamed."""
    context = request.app[CONTEXT]
    limits = context.config.limits
    body = await read_json(
        request, BODY, max_bytes=limits.http_body_bytes, within_s=limits.http_body_s
    )
    voice = _voice(request, body.get("voice"))
    kind = _format(body.get("response_format"))
    rate_hz = int(body["sample_rate"]) if "sample_rate" in body else None
    own = context.user_voices
    follows = (
        own is not None and own.emotion_by(voice.id if voice else "") == "instruction"
    )
    wanted = AudioRequest(
        text=body["input"],
        request=SpeechRequest(
            voice=voice,
            language=_language(body.get("language")),
            speed=_speed(body.get("speed")),
            seed=int(body["seed"]) if "seed" in body else None,
            instruction=body.get("instructions") if follows else None,
        ),
        format=format_of(kind, "response_format"),
        rate_hz=rate_hz or (_PCM_RATE_HZ if kind == "pcm" else None),
        is_stream=bool(body.get("stream", True)),
        whole_wait_s=0.0 if "stream" in body else _WHOLE_FILE_WAIT_S,
    )
    if str(body.get("stream_format")).casefold() == "sse":
        return await answer_events(request, wanted)
    return await answer_speech(request, wanted)


async def get_models(_: web.Request) -> web.Response:
    """Handle ``GET /v1/models``."""
    return json_response({"object": "list", "data": [_MODEL]})


async def get_speech_models(_: web.Request) -> web.Response:
    """Handle ``GET /v1/audio/models``."""
    return json_response({"models": [_MODEL], "object": "list", "data": [_MODEL]})


async def get_model(request: web.Request) -> web.Response:
    """Handle ``GET /v1/models/{model}``."""
    if request.match_info["model"] != MODEL:
        raise web.HTTPNotFound
    return json_response(_MODEL)


async def get_voices(request: web.Request) -> web.Response:
    """Handle ``GET /v1/audio/voices``, as other servers of this API do."""
    voices = request.app[CONTEXT].engine.voices
    return json_response(
        {"voices": [{"id": voice.id, "name": voice.name} for voice in voices]}
    )


_MODEL = {"id": MODEL, "object": "model", "created": 0, "owned_by": "wyoming-cosyvoice"}


def _format(name: str | None) -> str:
    kind = (name or _DEFAULT_FORMAT).strip().casefold()
    if kind not in _FORMATS:
        raise BadParameter(
            f"response_format {kind!r} is not supported.",
            field="response_format",
            remedy=f"Choose one of {', '.join(_FORMATS)}.",
        )
    return kind


def _speed(speed: float | str | None) -> float | None:
    """Return a speed clamped to our range; OpenAI allows 0.25 to 4."""
    if speed is None or speed == "":
        return None
    try:
        value = float(speed)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        raise BadParameter(f"speed {speed!r} is not a number.", field="speed")
    slowest, fastest = SPEED_RANGE
    return min(max(value, slowest), fastest)


def _language(tag: str | None) -> str | None:
    """Return the tag of a supported language, else None: detect it from the text."""
    return tag if tag is not None and re.fullmatch(LANGUAGE_TAG, tag) else None


def _voice(request: web.Request, voice: Any) -> Voice | None:
    name = (voice["id"] if isinstance(voice, dict) else voice) or None
    context = request.app[CONTEXT]
    try:
        return voice_named(context, name)
    except CosyVoiceError as error:
        if isinstance(name, str) and name.casefold() in _OPENAI_VOICES:
            return None
        raise BadParameter(error.message, field="voice", remedy=error.remedy) from None


_JSON = "application/json"
OPERATIONS = (
    Operation(
        "POST",
        "/v1/audio/speech",
        post_speech,
        "Speak a text, as in OpenAI's API.",
        body=BODY,
        answers={200: "audio/*"},
        errors=(500, 409, 503, 504),
    ),
    Operation(
        "GET", "/v1/models", get_models, "List the one model.", answers={200: _JSON}
    ),
    Operation(
        "GET",
        "/v1/audio/models",
        get_speech_models,
        "List the one model, as other servers of this API do.",
        answers={200: _JSON},
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
