"""Parse requests of clients, with all types checked.

The reference library does not check types; here a wrong type is an error that names the
field.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from wyoming_cosyvoice.engine.speech import SpeechRequest
from wyoming_cosyvoice.errors import BadParameter
from wyoming_cosyvoice.voices import find_voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wyoming.event import Event

    from wyoming_cosyvoice.voices import Voice

_LOGGER = logging.getLogger(__name__)


def read_text(data: Mapping[str, object]) -> str:
    """Return the text of ``synthesize`` or ``synthesize-chunk``.

    Raises: BadParameter if it is missing or not a string.
    """
    text = data.get("text")
    if not isinstance(text, str):
        raise BadParameter("The field text must be a string.", field="text")
    return text


def brings_text(event: Event) -> bool:
    """Whether an event has text to speak, whose amount has a separate limit."""
    text = event.data.get("text") if event.type == "synthesize-chunk" else None
    return isinstance(text, str) and bool(text.strip())


def read_request(data: Mapping[str, object], voices: Sequence[Voice]) -> SpeechRequest:
    """Return the settings of ``synthesize`` or ``synthesize-start``.

    A known voice name wins over a known speaker. If neither is known, the voice is
    chosen by the text, with a warning in the log. Raises: BadParameter.
    """
    voice = data.get("voice")
    if voice is None:
        voice = {}
    if not isinstance(voice, dict):
        raise BadParameter("The field voice must be an object.", field="voice")
    name = _optional_string(voice, "name", "voice.name")
    speaker = _optional_string(voice, "speaker", "voice.speaker")
    known = find_voice(voices, name) or find_voice(voices, speaker)
    if known is None and (name or speaker):
        _LOGGER.warning(
            "There is no voice %.42r; the language of the text decides.",
            name or speaker,
        )
    return SpeechRequest(
        voice=known,
        language=_optional_string(voice, "language", "voice.language"),
        text_format=_optional_string(data, "text_format", "text_format") or "text",
    )


def _optional_string(data: Mapping[str, object], key: str, field: str) -> str | None:
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value or None
    raise BadParameter(f"The field {field} must be a string.", field=field)
