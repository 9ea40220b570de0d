"""``/voices``: list voices; add, play and delete user voices."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from wyoming_cosyvoice.errors import ModelUnsupported, VoiceNotFound
from wyoming_cosyvoice.server.http.answers import json_response
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.fields import (
    LANGUAGE_TAG,
    decode_recording,
    optional,
    read_upload,
    uploading,
)
from wyoming_cosyvoice.voices import EMOTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.user_voices.sync import UserVoices
    from wyoming_cosyvoice.voices import Voice

BODY = {
    "type": "object",
    "required": ["name", "recording"],
    "additionalProperties": False,
    "properties": {
        "name": {
            "type": "string",
            "description": "Name of the voice in lists.",
            "minLength": 1,
            "maxLength": 60,
        },
        "recording": {
            "type": "string",
            "description": "WAV, FLAC, OGG or MP3 of 1 to 30 s, as base64.",
            "contentEncoding": "base64",
            "minLength": 1,
        },
        "transcript": optional(
            "string",
            "Exact words of the recording; improves the voice.",
            maxLength=1000,
        ),
        "languages": {
            "type": ["array", "null"],
            "description": "Language of the recording, then others that the voice "
            "may speak; all if omitted.",
            "items": {"type": "string", "pattern": LANGUAGE_TAG},
            "maxItems": 10,
        },
        "emotion": optional(
            "string",
            "Emotion of the recording. With the name of an existing voice, the "
            "recording is added to it.",
            enum=list(EMOTIONS),
        ),
    },
}


async def get_voices(request: web.Request) -> web.Response:
    """Handle ``GET /voices``."""
    context = request.app[CONTEXT]
    own = context.user_voices
    listed = [
        _row(voice, own, "ready", own.notices(voice.id) if own else ())
        for voice in context.engine.voices
    ]
    cloning: dict[str, Any] = {"is_possible": False, "reason": ""}
    if own is not None:
        listed += [
            _row(waiting.voice, own, waiting.state, waiting.notices)
            for waiting in own.unfinished()
        ]
        found = asdict(own.cloning())
        cloning = {name: value for name, value in found.items() if value is not None}
    abilities = context.engine.abilities
    return json_response({"voices": listed, "cloning": cloning, "abilities": abilities})


def _row(
    voice: Voice, own: UserVoices | None, state: str, notices: Sequence[str]
) -> dict[str, Any]:
    return {
        "id": voice.id,
        "name": voice.name,
        "speaker": voice.speaker,
        "description": voice.description,
        "languages": list(voice.languages),
        "is_own": own is not None and own.has(voice.id),
        "emotions": list(EMOTIONS),
        "emotion_by": own.emotion_by(voice.id) if own else "prosody",
        "state": state,
        "notices": list(notices),
    }


async def post_voice(request: web.Request) -> web.Response:
    """Handle ``POST /voices``; the voice is ready once its features are extracted."""
    own = _user_voices(request)
    async with uploading(request):
        body = await read_upload(request, BODY)
        made = await own.create(
            body["name"],
            decode_recording(body.pop("recording"), "recording"),
            transcript=body.get("transcript", ""),
            languages=tuple(body.get("languages", ())),
            emotion=body.get("emotion", "neutral"),
        )
    row = {
        "id": made.voice.id,
        "name": made.voice.name,
        "languages": list(made.voice.languages),
        "state": made.state,
        "notices": list(made.notices),
    }
    return json_response(row, 201)


async def delete_voice(request: web.Request) -> web.Response:
    """Handle ``DELETE /voices/{id}``."""
    await _user_voices(request).delete(request.match_info["id"])
    return web.Response(status=204)


async def get_sample(request: web.Request) -> web.Response:
    """Handle ``GET /voices/{id}/sample`` with the recording of a user voice."""
    own = request.app[CONTEXT].user_voices
    voice_id = request.match_info["id"]
    if own is None or not own.has(voice_id):
        raise VoiceNotFound(
            "There is no user voice with this id.",
            remedy="Built-in voices have no recording; use POST /tts to hear one.",
        )
    content, content_type = await own.sample(voice_id)
    return web.Response(body=content, content_type=content_type)


def _user_voices(request: web.Request) -> UserVoices:
    own = request.app[CONTEXT].user_voices
    if own is None:
        raise ModelUnsupported(
            "This server does not support user voices.",
            remedy="Start it with --data-dir DIR.",
        )
    return own


_JSON = "application/json"
OPERATIONS = (
    Operation(
        "GET",
        "/voices",
        get_voices,
        "List all voices, and whether new ones can be made.",
        answers={200: _JSON},
    ),
    Operation(
        "POST",
        "/voices",
        post_voice,
        "Make a voice from a recording.",
        body=BODY,
        answers={201: _JSON},
        errors=(422, 500, 409, 503),
    ),
    Operation(
        "DELETE",
        "/voices/{id}",
        delete_voice,
        "Delete a voice of your own, with its recording.",
        answers={204: ""},
        errors=(404, 409),
    ),
    Operation(
        "GET",
        "/voices/{id}/sample",
        get_sample,
        "The recording of a voice of your own.",
        answers={200: "audio/*"},
        errors=(404,),
    ),
)
