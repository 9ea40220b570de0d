"""``/lexicon``: read, check and save the user's pronunciations."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.errors import ModelUnsupported
from wyoming_cosyvoice.server.http.answers import json_response, read_json
from wyoming_cosyvoice.server.http.context import CONTEXT, Operation
from wyoming_cosyvoice.server.http.fields import optional
from wyoming_cosyvoice.text import lexicon_file
from wyoming_cosyvoice.text.hidden import show as show_phones
from wyoming_cosyvoice.text.lexicon import MAX_BYTES, Lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from aiohttp import web

    from wyoming_cosyvoice.text.lexicon_file import LexiconText

# A character may take six bytes in JSON; a mebibyte leaves room for that.
_MAX_BODY_BYTES = 2 * MAX_BYTES
_MAX_EXAMPLE_CHARS = 1000

_TEXT = {
    "type": "string",
    "description": "All lines, each a word, a colon and its pronunciation.",
    "examples": ["Brightside: bright side\n重庆: chong2 qing4"],
}

CHECK_BODY = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": _TEXT,
        "example": optional(
            "string",
            "A word or a sentence to try with these lines.",
            maxLength=_MAX_EXAMPLE_CHARS,
        ),
    },
}
SAVE_BODY = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": _TEXT,
        "revision": optional(
            "string",
            "Version of the text that was read; if the file has changed since, nothing "
            "is saved (409).",
            maxLength=64,
        ),
    },
}


async def get_lexicon(request: web.Request) -> web.Response:
    """Handle ``GET /lexicon``."""
    read = partial(lexicon_file.read, _path(request))
    return _answer(await request.app[CONTEXT].with_files(read))


async def put_lexicon(request: web.Request) -> web.Response:
    """Handle ``PUT /lexicon``."""
    path = _path(request)
    body = await _read(request, SAVE_BODY)
    save = partial(lexicon_file.save, path, body["text"], revision=body.get("revision"))
    return _answer(await request.app[CONTEXT].with_files(save))


async def post_check(request: web.Request) -> web.Response:
    """Handle ``POST /lexicon/check``; nothing is saved."""
    body = await _read(request, CHECK_BODY)
    reads_phones = "phones" in request.app[CONTEXT].engine.abilities
    return await asyncio.to_thread(
        _check, body["text"], body.get("example", ""), reads_phones=reads_phones
    )


def _check(text: str, example: str, *, reads_phones: bool) -> web.Response:
    lexicon = Lexicon.from_text(text)
    return _answer(
        lexicon_file.check(text),
        spoken=show_phones(lexicon.apply(example, in_phones=reads_phones)),
        ssml=lexicon.as_ssml(example),
    )


async def _read(request: web.Request, fields: dict[str, Any]) -> dict[str, Any]:
    within_s = request.app[CONTEXT].config.limits.http_body_s
    return await read_json(
        request, fields, max_bytes=_MAX_BODY_BYTES, within_s=within_s
    )


def _answer(lexicon: LexiconText, **more: Any) -> web.Response:
    body = {
        "text": lexicon.text,
        "revision": lexicon.revision,
        "words": lexicon.words,
        "problems": [asdict(problem) for problem in lexicon.problems],
    }
    return json_response(body | more)


def _path(request: web.Request) -> Path:
    data_dir = request.app[CONTEXT].config.data_dir
    if data_dir is None:
        raise ModelUnsupported(
            "This server has no lexicon.", remedy="Start it with --data-dir DIR."
        )
    return data_dir / LEXICON


_JSON = "application/json"
OPERATIONS = (
    Operation(
        "GET",
        "/lexicon",
        get_lexicon,
        "The user's pronunciations, and the lines that are ignored.",
        answers={200: _JSON},
        errors=(409,),
    ),
    Operation(
        "PUT",
        "/lexicon",
        put_lexicon,
        "Save the pronunciations; the next sentence uses them.",
        body=SAVE_BODY,
        answers={200: _JSON},
        errors=(409, 500),
    ),
    Operation(
        "POST",
        "/lexicon/check",
        post_check,
        "Check lines without saving them, and try a word.",
        body=CHECK_BODY,
        answers={200: _JSON},
    ),
)
