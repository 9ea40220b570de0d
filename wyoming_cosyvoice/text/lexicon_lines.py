"""The lines of a lexicon: a word, a colon and how it is pronounced.

A line that cannot be used is left out and becomes a problem; all others count.
"""

from __future__ import annotations

from dataclasses import dataclass

from wyoming_cosyvoice.errors import ConfigError
from wyoming_cosyvoice.text.respelling import Respelling, respell

_LONGEST_WORD = 100
_MOST_LINES = 20_000
_SHOWN_CHARS = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of a lexicon that is left out, and why."""

    line: int
    """Counted from 1; 0 is the file as a whole."""

    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"Line {self.line}: " if self.line else ""
        return f"{place}{self.message} {self.remedy}".rstrip()


def parse(text: str) -> tuple[dict[str, Respelling], tuple[Problem, ...]]:
    """Return the words of a lexicon, each with its replacement.

    Lines that cannot be used are left out and returned as problems.
    """
    words: dict[str, Respelling] = {}
    problems: list[Problem] = []
    lines = text.splitlines()
    for number, line in enumerate(lines[:_MOST_LINES], 1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        try:
            word, said = _entry(line)
            if word in words:
                raise ConfigError(  # noqa: TRY301 - as the other reasons
                    f"{word!r} is in the file twice; the first one counts.",
                    remedy="Remove one.",
                )
        except ConfigError as error:
            problems.append(Problem(number, error.message, error.remedy))
        else:
            words[word] = said
    if len(lines) > _MOST_LINES:
        problems.append(
            Problem(
                _MOST_LINES + 1,
                f"Only the first {_MOST_LINES} of {len(lines)} lines are used.",
                "Keep only the words that are read wrong.",
            )
        )
    return words, tuple(problems)


def word_of(line: str) -> str:
    """Return the word before the colon of a line; empty without one."""
    word, colon, _ = line.replace("：", ":").partition(":")
    return word.strip() if colon else ""


def _entry(line: str) -> tuple[str, Respelling]:
    """Return the word of a line and its replacement.

    Raises: ConfigError.
    """
    word, colon, said = (
        part.strip() for part in line.replace("：", ":").partition(":")
    )
    if not colon or not word or not said:
        raise ConfigError(
            f"{line.strip()[:_SHOWN_CHARS]!r} is not a word, a colon and how the word "
            "is said.",
            remedy="Write it like this: PyTorch: pie torch",
        )
    if len(word) > _LONGEST_WORD or len(said) > 4 * _LONGEST_WORD:
        raise ConfigError(
            f"{word[:_SHOWN_CHARS]!r} or how it is said is too long: at most "
            f"{_LONGEST_WORD} and {4 * _LONGEST_WORD} characters."
        )
    return word, respell(said)
