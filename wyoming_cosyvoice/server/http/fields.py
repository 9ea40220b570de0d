"""Schemas of fields shared by several requests, and bodies with recordings."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import BadParameter, Busy, ModelUnsupported
from wyoming_cosyvoice.server.http.answers import read_json
from wyoming_cosyvoice.server.http.context import CONTEXT
from wyoming_cosyvoice.sound import aac
from wyoming_cosyvoice.sound.encoder import FORMATS
from wyoming_cosyvoice.text import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from aiohttp import web

    from wyoming_cosyvoice.server.http.context import Context
    from wyoming_cosyvoice.sound.encoder import Format
    from wyoming_cosyvoice.voices import Voice

SAMPLE_RATES_HZ = (16_000, 22_050, 24_000, 48_000)
MAX_SEED = 2**32 - 1
_MAX_NAME_CHARS = 200

LANGUAGE_TAG = f"^({'|'.join(LANGUAGES)})([-_][A-Za-z0-9]{{2,8}}){{0,2}}$"
"""Pattern of ``zh``, ``zh-CN``, ``zh_Hant_TW`` and so on."""


def optional(kind: str, description: str, **limits: Any) -> dict[str, Any]:
    """Return the schema of a field that may be omitted or null."""
    if "enum" in limits:
        limits["enum"] = [*limits["enum"], None]
    return {"type": [kind, "null"], "description": description, **limits}


SPEECH_FIELDS: dict[str, dict[str, Any]] = {
    "voice": optional(
        "string",
        "Id of a voice, from GET /voices; chosen by language if it is left out.",
        maxLength=_MAX_NAME_CHARS,
    ),
    "reference_audio": optional(
        "string",
        "Recording of a voice: WAV, FLAC, OGG or MP3 of 1 to 30 s, as base64.",
        contentEncoding="base64",
    ),
    "seed": optional(
        "integer",
        "The same seed gives the same audio.",
        minimum=0,
        maximum=MAX_SEED,
    ),
    "format": optional("string", "Audio format.", enum=list(FORMATS)),
    "sample_rate": optional(
        "integer",
        "Samples per second; the model's own, 22050, if it is left out.",
        enum=list(SAMPLE_RATES_HZ),
    ),
    "stream": optional("boolean", "Whether to stream the audio.", default=False),
}
"""Schemas of fields that several requests for audio have."""


def format_of(name: str, field: str) -> Format:
    """Return an audio format. Raises: BadParameter if its encoder is not installed."""
    if name == "aac" and not aac.is_available():
        raise BadParameter(
            "This server cannot encode AAC.",
            field=field,
            remedy=f"Request mp3, or install {aac.NEEDED} there.",
        )
    return FORMATS[name]


@contextlib.asynccontextmanager
async def uploading(request: web.Request) -> AsyncIterator[None]:
    """Wait for the memory budget of a recording; small bodies do not wait.

    Raises: Busy.
    """
    context = request.app[CONTEXT]
    limits = context.config.limits
    size = request.content_length
    if size is not None and size <= limits.http_body_bytes:
        yield
        return
    try:
        async with asyncio.timeout(limits.http_body_s):
            await context.uploads.acquire()
    except TimeoutError:
        raise Busy(
            "Other recordings are being read.", remedy="Try again later."
        ) from None
    try:
        yield
    finally:
        context.uploads.release()


async def read_upload(request: web.Request, fields: dict[str, Any]) -> dict[str, Any]:
    """Read a JSON body that may have a recording.

    Raises: RequestError.
    """
    limits = request.app[CONTEXT].config.limits
    return await read_json(
        request,
        fields,
        max_bytes=limits.http_recording_bytes,
        within_s=limits.http_body_s,
    )


def decode_recording(text: str, field: str) -> bytes:
    """Return the bytes of a recording that was sent as base64, or as a data URL.

    Raises: BadParameter.
    """
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadParameter(f"{field} is not base64.", field=field) from None


def temporary_voice(
    context: Context, body: dict[str, Any]
) -> AbstractAsyncContextManager[Voice]:
    """Yield a temporary voice made from the request's recording.

    Raises: BadParameter, ModelUnsupported.
    """
    if body.get("voice") is not None:
        raise BadParameter(
            "voice and reference_audio cannot be combined.", field="voice"
        )
    if context.user_voices is None:
        raise ModelUnsupported("This server does not support user voices.")
    # The recording is large, and the request may take long.
    recording = decode_recording(body.pop("reference_audio"), "reference_audio")
    return context.user_voices.temporary(
        recording, body.get("reference_text", ""), body.get("language")
    )
