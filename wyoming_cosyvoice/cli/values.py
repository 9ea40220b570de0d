"""Parsers for the values of flags and variables.

Each parser raises argparse.ArgumentTypeError, which says what would be accepted.
"""

from __future__ import annotations

import argparse
import math
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.config import LOUDNESS_RANGE, MAX_SILENCE_S, SoundConfig
from wyoming_cosyvoice.config.addresses import host_name, parse_uri, web_origin
from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    Parse = Callable[[str], Any]

_YES = ("1", "yes", "true", "on")
_NO = ("0", "no", "false", "off")
_SOUNDS = ("trim", "compress", "denoise", "smooth")
_SERVICE_NAME_BYTES = 63
"""Limit of a label in a domain name."""

_MAX_NAME_BYTES = 255
"""Limit of the name of a file or folder on usual disks."""

_SILENCES = ("lead", "pause", "tail")


def whole(low: int, high: int) -> Parse:
    """Return a parser of whole numbers from ``low`` to ``high``."""
    return _ranged(int, "whole number", low, high)


def real(low: float, high: float) -> Parse:
    """Return a parser of numbers from ``low`` to ``high``."""
    return _ranged(float, "number", low, high)


def comma_separated(parse: Parse) -> Parse:
    """Return a parser of comma-separated values."""

    def parse_all(text: str) -> tuple[Any, ...]:
        return tuple(parse(part.strip()) for part in text.split(","))

    return parse_all


def one_of(*words: str) -> Parse:
    """Return a parser that accepts only ``words``, in any case."""

    def parse(text: str) -> str:
        if text.lower() not in words:
            likely = nearest(text, words)
            tip = f". Did you mean {likely}?" if likely else ""
            raise argparse.ArgumentTypeError(
                f"{text!r} is not one of {', '.join(words)}{tip}"
            )
        return text.lower()

    return parse


def switch(text: str) -> bool:
    """Parse yes or no."""
    word = text.lower()
    if word not in _YES + _NO:
        raise argparse.ArgumentTypeError(f"{text!r} is not yes or no")
    return word in _YES


def uri(text: str) -> str:
    """Parse an address of the server."""
    try:
        parse_uri(text)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def service_name(text: str) -> str:
    """Parse a name to announce on the local network."""
    name = text.strip()
    if not 0 < len(name.encode()) <= _SERVICE_NAME_BYTES or not name.isprintable():
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a name of 1 to {_SERVICE_NAME_BYTES} bytes"
        )
    return name


def address(text: str) -> tuple[str, int]:
    """Parse ``HOST:PORT``, or a port alone for this machine."""
    host, _, port = text.rpartition(":")
    try:
        host.encode("idna")  # as the system will be asked for it
        return host.strip("[]") or "127.0.0.1", whole(0, 65_535)(port)
    except (argparse.ArgumentTypeError, UnicodeError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not HOST:PORT, such as 0.0.0.0:8080"
        ) from None


def host_names(text: str) -> tuple[str, ...]:
    """Parse comma-separated host names."""
    return tuple(name for part in text.split(",") if (name := host_name(part)))


def origins(text: str) -> tuple[str, ...]:
    """Parse comma-separated addresses of web pages."""
    try:
        return tuple(web_origin(part) for part in text.split(",") if part.strip())
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def language(text: str) -> str:
    """Parse a language, or a tag of one such as zh-HK, which is yue."""
    # Imported here: few commands need the text package.
    from wyoming_cosyvoice.text.language import language_of_tag  # noqa: PLC0415
    from wyoming_cosyvoice.text.sentence import LANGUAGES  # noqa: PLC0415

    name = language_of_tag(text)
    if name is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a supported language; choose one of "
            f"{', '.join(LANGUAGES)}, or a tag such as zh-CN"
        )
    return name


def loudness(text: str) -> float:
    """Parse a loudness in LUFS; ``off`` is 0, louder than any speech."""
    return 0.0 if text.lower() == "off" else float(real(*LOUDNESS_RANGE)(text))


def sound(text: str) -> SoundConfig:
    """Parse the sound processing: ``trim,denoise,lead=0.5``, or ``none``.

    If only silence is given, the default ``trim`` stays.
    """
    words = [word.strip() for word in text.lower().split(",") if word.strip()]
    silence: dict[str, Any] = {}
    switches = []
    for word in words:
        name, equals, seconds = word.partition("=")
        if equals and name in _SILENCES:
            silence[f"{name}_s"] = float(real(0, MAX_SILENCE_S)(seconds))
        elif word in (*_SOUNDS, "none"):
            switches.append(word)
        else:
            known = (*_SOUNDS, "none", *(f"{each}=SECONDS" for each in _SILENCES))
            likely = nearest(name, (*_SOUNDS, "none", *_SILENCES))
            tip = f". Did you mean {likely}?" if likely else ""
            raise argparse.ArgumentTypeError(
                f"{word!r} is not one of {', '.join(known)}{tip}"
            )
    if "none" in switches and len(switches) > 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} combines 'none' with other words; use one or the other"
        )
    chosen = {name: name in switches for name in _SOUNDS}
    sound = SoundConfig(**chosen) if switches or not silence else SoundConfig()
    return replace(sound, **silence)


def folder(text: str) -> Path:
    """Parse a path, which may begin with ``~``."""
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # no such user, or a user without a home
        raise argparse.ArgumentTypeError(
            f"{text!r} is in an unknown home folder"
        ) from None
    is_long = any(len(os.fsencode(name)) > _MAX_NAME_BYTES for name in path.parts)
    if not text.isprintable() or is_long:
        raise argparse.ArgumentTypeError(f"{text!r} is not a path")
    return path


def _ranged(convert: type[int | float], kind: str, low: float, high: float) -> Parse:
    def parse(text: str) -> int | float:
        refusal = argparse.ArgumentTypeError(
            f"{text!r} is not a {kind} between {low} and {high}"
        )
        try:
            value = convert(text)
        except ValueError:
            raise refusal from None
        if not (math.isfinite(value) and low <= value <= high):
            raise refusal
        return value

    return parse
