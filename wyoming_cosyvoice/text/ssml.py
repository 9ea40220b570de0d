"""Read SSML into runs of text with the voice, the language and the rate they ask for.

Known are speak, p, s, break, say-as, sub, phoneme (alphabets pinyin, jyutping and
arpabet), prosody (rate), lang, voice and emphasis; of any other tag the text is read.
What is no well-formed markup is text. No XML parser, hence no entities to expand.

Private characters in a run mark what the parser found: none of them is the user's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from wyoming_cosyvoice.text import cleanup
from wyoming_cosyvoice.text.language import language_of_tag
from wyoming_cosyvoice.text.patterns import pattern

Resolver = Callable[[str, str], str | None]
"""Turns a reading and its alphabet into what stands for it, or gives None."""

_TOKEN = pattern(
    r"<!\[CDATA\[(?P<data>.{0,100000}?)\]\]>|<!--.{0,100000}?-->|<[?!][^<>]*>"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]{0,40})(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = pattern(r"([\w:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TIME = pattern(r"\+?([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s)")
_STRENGTHS_S = {
    "none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.8,
    "x-strong": 1.2,
}  # fmt: skip
_RATES = {
    "x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25,
    "x-fast": 1.6,
}  # fmt: skip
_LONGEST_BREAK_S = 10.0
_SLOWEST, _FASTEST = 0.5, 2.0
_DEEPEST = 64
_BLOCKS = frozenset(("p", "s", "speak", "paragraph", "sentence"))
_PARAGRAPH_S = 0.3


@dataclass(frozen=True, slots=True)
class Style:
    """What markup asks of the speech inside it."""

    language: str | None = None
    voice: str | None = None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style, and the silence after it."""

    text: str
    style: Style = Style()
    pause_s: float = 0.0


def parse(text: str, resolve: Resolver) -> list[Run]:
    """Return the runs of an SSML document or of a fragment of one."""
    parser = _Parser(resolve)
    position = 0
    for token in _TOKEN.finditer(text):
        parser.add_text(_plain(text[position : token.start()]))
        position = token.end()
        if token["data"] is not None:
            parser.add_text(cleanup.repair(token["data"]))
        elif token["name"]:
            parser.add_tag(token)
    parser.add_text(_plain(text[position:]))
    return parser.finish()


def _plain(text: str) -> str:
    """Return a text or a value of an attribute without entities."""
    return cleanup.repair(html.unescape(text))


class _Parser:
    """Collects runs; one entry of the stack per open tag."""

    def __init__(self, resolve: Resolver) -> None:
        self._resolve = resolve
        self._runs: list[Run] = []
        self._text: list[str] = []
        self._styles = [Style()]
        self._open: list[tuple[str, str]] = []
        self._replaced = 0

    def add_text(self, text: str) -> None:
        if not self._replaced:
            self._text.append(text)

    def add_tag(self, token: re.Match[str]) -> None:
        name = token["name"].lower()
        if token["close"]:
            self._close(name)
            return
        attributes = {
            match[1].lower(): _plain(match[2] if match[2] is not None else match[3])
            for match in _ATTRIBUTE.finditer(token["attributes"])
        }
        if name == "break":
            self._flush(_break_s(attributes))
        elif not token["empty"] and len(self._open) < _DEEPEST:
            self._enter(name, attributes)
        elif name == "sub":
            self.add_text(attributes.get("alias", ""))

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        style, ending = self._styles[-1], ""
        if name in _BLOCKS:
            self._flush(0.0)
        if name == "sub" and "alias" in attributes:
            self.add_text(attributes["alias"])
            ending = "replaced"
        elif name == "phoneme":
            said = self._resolve(
                attributes.get("ph", ""), attributes.get("alphabet", "")
            )
            if said:
                self.add_text(said)
                ending = "replaced"
        elif name == "say-as":
            how = re.sub(r"[^a-z-]", "", attributes.get("interpret-as", "").lower())[
                :20
            ]
            self.add_text(f"\ue000{how} ")
            ending = "marked"
        self._replaced += ending == "replaced"
        self._open.append((name, ending))
        changed = _restyled(style, name, attributes)
        if changed != style:
            self._flush(0.0)
        self._styles.append(changed)

    def _close(self, name: str) -> None:
        if name not in (open_name for open_name, _ in self._open):
            return
        while self._open:
            open_name, ending = self._open.pop()
            self._replaced -= ending == "replaced"
            if ending == "marked":
                self.add_text("\ue001")
            if self._styles[-1] != self._styles[-2] or open_name in _BLOCKS:
                is_paragraph = open_name in ("p", "paragraph")
                self._flush(_PARAGRAPH_S if is_paragraph else 0.0)
            self._styles.pop()
            if open_name == name:
                return

    def _flush(self, pause_s: float) -> None:
        text = "".join(self._text)
        self._text = []
        if text.strip():
            self._runs.append(Run(text, self._styles[-1], pause_s))
        elif pause_s and self._runs:
            last = self._runs[-1]
            self._runs[-1] = replace(last, pause_s=max(last.pause_s, pause_s))

    def finish(self) -> list[Run]:
        while self._open:
            self._close(self._open[-1][0])
        self._flush(0.0)
        return self._runs


def _restyled(style: Style, name: str, attributes: dict[str, str]) -> Style:
    """Return the style inside a tag."""
    tag = attributes.get("xml:lang") or attributes.get("lang", "")
    language = language_of_tag(tag) if tag else None
    if language:
        style = replace(style, language=language)
    if name == "voice" and attributes.get("name"):
        style = replace(style, voice=attributes["name"])
    if name == "prosody" and attributes.get("rate"):
        style = replace(style, rate=_rate(attributes["rate"], style.rate))
    return style


def _rate(text: str, outer: float) -> float:
    """Return the rate that ``text`` asks for inside of another."""
    text = text.strip().lower()
    rate = _RATES.get(text)
    if rate is None:
        number = re.fullmatch(r"([+-]?)([0-9]{1,4}(?:\.[0-9]{1,4})?)(%?)", text)
        if number is None:
            return outer
        value = float(number[2]) / (100.0 if number[3] else 1.0)
        signed = {"+": 1.0 + value, "-": 1.0 - value}
        rate = signed.get(number[1], value)
    return min(max(rate * outer, _SLOWEST), _FASTEST)


def _break_s(attributes: dict[str, str]) -> float:
    time = _TIME.fullmatch(attributes.get("time", "").strip().lower())
    if time:
        seconds = float(time[1]) / (1000.0 if time[2] == "ms" else 1.0)
        return min(seconds, _LONGEST_BREAK_S)
    return _STRENGTHS_S.get(attributes.get("strength", "medium").strip().lower(), 0.4)
