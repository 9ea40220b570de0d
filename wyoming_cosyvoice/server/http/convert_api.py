"""``POST /convert-voice``: convert a recording to another voice."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from wyoming_cosyvoice.engine.engine import SpeechRequest
from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.server.http.audio_response import answer_speech
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.fields import (
    SPEECH_FIELDS,
    decode_recording,
    format_of,
    read_upload,
    temporary_voice,
    uploading,
)
from wyoming_cosyvoice.server.http.speaking import AudioRequest, voice_named

if TYPE_CHECKING:
    from typing import Any

    from aiohttp import web

BODY: dict[str, Any] = {
    "type": "object",
    "required": ["recording"],
    "additionalProperties": False,
    "properties": {
        "recording": {
            "type": "string",
            "description": "What to say: WAV, FLAC, OGG or MP3 of up to ten "
            "minutes, as base64.",
            "contentEncoding": "base64",
            "minLength": 1,
        },
        **SPEECH_FIELDS,
    },
}


async def post_convert_voice(request: web.Request) -> web.StreamResponse:
    """Handle ``POST /convert-voice``; words and timing are kept."""
    context = request.app[CONTEXT]
    async with contextlib.AsyncExitStack() as borrowing:
        async with uploading(request):
            body = await read_upload(request, BODY)
            source = decode_recording(body.pop("recording"), "recording")
            voice = voice_named(context, body.get("voice"))
            if "reference_audio" in body:
                voice = await borrowing.enter_async_context(
                    temporary_voice(context, body)
                )
            elif voice is None:
                raise BadParameter(
                    "A voice is needed.",
                    field="voice",
                    remedy="Send the id of one from GET /voices, or reference_audio.",
                )
        seed = body.get("seed")
        wanted = AudioRequest(
            text="",
            request=SpeechRequest(
                voice=voice,
                seed=None if seed is None else int(seed),
                source=source,
            ),
            format=format_of(body.get("format", "wav"), "format"),
            rate_hz=int(body["sample_rate"]) if "sample_rate" in body else None,
            is_stream=body.get("stream", False),
        )
        del source
        return await answer_speech(request, wanted)


OPERATIONS = (
    Operation(
        "POST",
        "/convert-voice",
        post_convert_voice,
        "Say the words of a recording in another voice.",
        body=BODY,
        answers={200: "audio/*"},
        errors=(404, 422, 500, 409, 503, 504),
    ),
)
