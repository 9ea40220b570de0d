"""``POST /tts`` and ``GET /tts``: text to speech."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from aiohttp import web

from wyoming_cosyvoice.config import SPEED_RANGE
from wyoming_cosyvoice.engine.engine import SpeechRequest
from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.files import parse_json
from wyoming_cosyvoice.server.http import schema
from wyoming_cosyvoice.server.http.audio_response import answer_speech
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.fields import (
    LANGUAGE_TAG,
    SPEECH_FIELDS,
    format_of,
    optional,
    read_upload,
    temporary_voice,
    uploading,
)
from wyoming_cosyvoice.server.http.speaking import AudioRequest, voice_named
from wyoming_cosyvoice.text import LANGUAGES
from wyoming_cosyvoice.voices import EMOTIONS

if TYPE_CHECKING:
    from wyoming_cosyvoice.voices import Voice

_MAX_TRANSCRIPT_CHARS = 1000


BODY = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {
            "type": "string",
            "description": "What to say, up to 10,000 characters.",
            "minLength": 1,
            "examples": ["你好，世界。"],
        },
        "text_format": optional(
            "string", "Format of the text.", enum=["text", "ssml"], default="text"
        ),
        "language": optional(
            "string",
            f"One of {', '.join(LANGUAGES)}, or a tag such as zh-CN; detected if it is "
            "left out.",
            pattern=LANGUAGE_TAG,
        ),
        "voice": SPEECH_FIELDS["voice"],
        "reference_audio": SPEECH_FIELDS["reference_audio"],
        "reference_text": optional(
            "string",
            "Transcript of the recording.",
            maxLength=_MAX_TRANSCRIPT_CHARS,
        ),
        "speed": optional(
            "number",
            "Speed; 1.0 is that of the voice, and 0.8 to 1.2 sounds best.",
            minimum=SPEED_RANGE[0],
            maximum=SPEED_RANGE[1],
            default=1.0,
        ),
        "emotion": optional("string", "Emotion of the voice.", enum=list(EMOTIONS)),
        "instruct": optional(
            "string",
            "How to speak, for models that follow instructions: in English for "
            "CosyVoice-300M-Instruct, in Chinese or English for CosyVoice2 and 3.",
            maxLength=_MAX_TRANSCRIPT_CHARS,
        ),
        "seed": SPEECH_FIELDS["seed"],
        "format": SPEECH_FIELDS["format"],
        "sample_rate": SPEECH_FIELDS["sample_rate"],
        "stream": SPEECH_FIELDS["stream"],
        "timings": optional(
            "boolean",
            "Whether the answer is JSON: audio is the audio as base64, and words has "
            "the time of each word, or of each sentence if words have no times.",
            default=False,
        ),
    },
}


_IN_QUERY = (
    "text",
    "text_format",
    "language",
    "voice",
    "speed",
    "emotion",
    "instruct",
    "seed",
    "format",
)
_MAX_QUERY_CHARS = 2000


def _in_query(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field as a query parameter, which is never null."""
    kind = fields["type"]
    schema = {**fields, "type": kind if isinstance(kind, str) else kind[0]}
    if "enum" in schema:
        schema["enum"] = [word for word in schema["enum"] if word is not None]
    if name == "text":
        schema |= {
            "description": f"What to say, up to {_MAX_QUERY_CHARS} characters.",
            "maxLength": _MAX_QUERY_CHARS,
        }
    return schema


QUERY: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        name: _in_query(name, BODY["properties"][name])  # type: ignore[index]
        for name in (*_IN_QUERY, "sample_rate")
    },
}


async def get_tts(request: web.Request) -> web.StreamResponse:
    """Handle ``GET /tts?text=...``, streamed, for players that take a URL."""
    fields = _read_query(request)
    voice = voice_named(request.app[CONTEXT], fields.get("voice"))
    wanted = _wanted({**fields, "stream": True}, voice)
    if request.method == "HEAD":
        return web.Response(headers={"Content-Type": wanted.format.content_type})
    return await answer_speech(request, wanted)


def _read_query(request: web.Request) -> dict[str, Any]:
    """Return the parameters of a request, numbers as numbers.

    Raises: BadParameter.
    """
    fields: dict[str, Any] = {}
    for name, text in request.query.items():
        if name in fields:
            raise BadParameter(f"{name[:40]} is given twice.", field=name[:40])
        kind = QUERY["properties"].get(name, {}).get("type")
        try:
            fields[name] = parse_json(text) if kind in {"integer", "number"} else text
        except ValueError:
            raise BadParameter(f"{name} is not a number.", field=name) from None
    schema.check(fields, QUERY)
    return fields


async def post_tts(request: web.Request) -> web.StreamResponse:
    """Handle ``POST /tts``."""
    context = request.app[CONTEXT]
    async with contextlib.AsyncExitStack() as borrowing:
        async with uploading(request):
            body = await read_upload(request, BODY)
            voice = voice_named(context, body.get("voice"))
            if "reference_audio" in body:
                voice = await borrowing.enter_async_context(
                    temporary_voice(context, body)
                )
        return await answer_speech(request, _wanted(body, voice))


def _wanted(body: dict[str, Any], voice: Voice | None) -> AudioRequest:
    if body.get("stream") and body.get("timings"):
        raise BadParameter(
            "timings and stream cannot be combined: times are known at the end.",
            field="timings",
        )
    return AudioRequest(
        text=body["text"],
        request=SpeechRequest(
            voice=voice,
            language=body.get("language"),
            text_format=body.get("text_format") or "text",
            speed=body.get("speed"),
            seed=None if body.get("seed") is None else int(body["seed"]),
            emotion=body.get("emotion"),
            instruction=body.get("instruct"),
        ),
        format=format_of(body.get("format", "wav"), "format"),
        rate_hz=int(body["sample_rate"]) if "sample_rate" in body else None,
        is_stream=body.get("stream", False),
        has_timings=body.get("timings", False),
    )


OPERATIONS = (
    Operation(
        "POST",
        "/tts",
        post_tts,
        "Speak a text.",
        body=BODY,
        answers={200: "audio/*, application/json"},
        errors=(404, 422, 500, 409, 503, 504),
    ),
    Operation(
        "GET",
        "/tts",
        get_tts,
        "Speak a short text, for players that take a URL.",
        query=QUERY,
        answers={200: "audio/*"},
        errors=(404, 409, 413, 500, 503, 504),
    ),
)
