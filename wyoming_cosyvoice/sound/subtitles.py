"""Timed words -> subtitles, as SubRip (``.srt``) or WebVTT (``.vtt``).

A cue is one line of at most 42 characters (21 wide ones), as usual in television; it
ends with a sentence, before a pause, or when the line is full. WebVTT also marks the
time of each word in a cue.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wyoming_cosyvoice.audio import TimedWord

_LINE_WIDTH = 42
_PAUSE_S = 0.7
_SENTENCE_ENDS = ".!?。！？…"
_CLOSING = "\"'”’」』)）]"


def to_srt(words: Sequence[TimedWord]) -> str:
    """Return the words as the content of a SubRip file."""
    blocks = [
        f"{number}\n{_stamp(cue[0].start_s, ',')} --> {_stamp(cue[-1].end_s, ',')}\n"
        f"{_text(cue)}\n"
        for number, cue in enumerate(_cues(words), 1)
    ]
    return "\n".join(blocks)


def to_vtt(words: Sequence[TimedWord]) -> str:
    """Return the words as the content of a WebVTT file."""
    blocks = ["WEBVTT\n"]
    for cue in _cues(words):
        marked = "".join(
            (f"<{_stamp(word.start_s, '.')}>" if number else "") + _escaped(word.text)
            for number, word in enumerate(cue)
        )
        line = " ".join(marked.split())
        times = f"{_stamp(cue[0].start_s, '.')} --> {_stamp(cue[-1].end_s, '.')}"
        blocks.append(f"{times}\n{line}\n")
    return "\n".join(blocks)


WRITERS = {"srt": to_srt, "vtt": to_vtt}
"""File name extension -> writer."""


def _cues(words: Sequence[TimedWord]) -> list[list[TimedWord]]:
    """Split words into non-empty lines."""
    cues: list[list[TimedWord]] = []
    for word in words:
        if not word.text.strip():
            continue
        if not cues or _is_full(cues[-1], word):
            cues.append([])
        cues[-1].append(word)
    return cues


def _is_full(cue: Sequence[TimedWord], word: TimedWord) -> bool:
    last = cue[-1]
    ends = last.text.rstrip().rstrip(_CLOSING).endswith(tuple(_SENTENCE_ENDS))
    is_pause = word.start_s - last.end_s > _PAUSE_S
    return ends or is_pause or _width(_text([*cue, word])) > _LINE_WIDTH


def _text(cue: Sequence[TimedWord]) -> str:
    # An empty line would end the cue.
    return " ".join("".join(word.text for word in cue).split())


def _width(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def _stamp(seconds: float, point: str) -> str:
    milliseconds = round(max(0.0, seconds) * 1000)
    minutes, milliseconds = divmod(milliseconds, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, milliseconds = divmod(milliseconds, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}{point}{milliseconds:03}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
