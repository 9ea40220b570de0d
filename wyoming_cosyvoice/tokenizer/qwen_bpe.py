"""The tokenizer of the later families: Qwen2's byte pairs and the model's own markup.

Byte pairs are merged in the order of ``merges.txt``, which is not that of their
numbers: thousands of tokens of several Han characters have a number and no merge, so
Chinese is read character by character. A pack keeps both in one file of lines, a byte
pair in base64 and its number, in the order of merging.

Marks of sounds, such as ``[laughter]``, are tokens of their own, and so are the phones
of a sentence, which only the user's lexicon can put there; everything else that a user
writes, ``<|endofprompt|>`` included, becomes byte pairs (upstream
tokenizer/tokenizer.py, CosyVoice2Tokenizer, CosyVoice3Tokenizer).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from typing import TYPE_CHECKING

import tiktoken

from wyoming_cosyvoice.errors import MalformedCheckpoint, ModelCorrupt, UnusableFile
from wyoming_cosyvoice.files import parse_json, read_file
from wyoming_cosyvoice.tokenizer.qwen_marks import (
    ARPABET,
    CONTROLS,
    COSYVOICE3,
    END_OF_PROMPT,
    SOUNDS,
    SYLLABLE,
    Markup,
    syllable_phones,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan

FILE_NAME = "qwen.tiktoken"

# Qwen2's own expression: contractions in any case, letters without marks, one digit.
_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_KANA = re.compile("[\u3041-\u30ff]")
_MAX_BYTES = 1 << 26


class QwenBpe:
    """Turns text into byte pairs, and marks into the model's own tokens.

    Raises: ModelCorrupt if the table is damaged.
    """

    def __init__(self, table: Path, markup: Markup = COSYVOICE3) -> None:
        self._opening = markup.opening
        self._takes_katakana = markup.takes_katakana
        pairs = _parse(table)
        ranks = {pair: rank for rank, (pair, _) in enumerate(pairs)}
        self._numbers = [number for _, number in pairs]
        self._encoding = tiktoken.Encoding(
            name="qwen", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={}
        )
        # Some numbers have no merge; the marks follow the largest of all, which the
        # first line gives (see ``write_table``).
        first = _first_mark(table)
        every = (*CONTROLS, *markup.marks)
        self._special = {mark: first + i for i, mark in enumerate(every)}
        self._size = first + len(every)
        self.sounds = SOUNDS
        self.reads_phones = markup.reads_phones
        self._marks = _any_of(SOUNDS)
        self._marks_and_phones = self._marks
        if markup.reads_phones:
            self._marks_and_phones = _any_of((*SOUNDS, *ARPABET), SYLLABLE)

    @property
    def vocabulary_size(self) -> int:
        """Byte pairs, control tokens and marks together."""
        return self._size

    @property
    def opening_tokens(self) -> list[int]:
        """Tokens before every transcript or text."""
        return self.encode_instruction("")

    def encode(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens of a sentence; marks in it become their tokens."""
        written = self._written(spoken, language)
        return list(self._tokens(written, self._marks_and_phones))

    def count(self, spoken: str, language: str) -> int:
        """Return how many text tokens ``encode`` would give.

        Text with kana is counted as Japanese, whatever language the voice has.
        """
        return len(self.encode(spoken, "ja" if _KANA.search(spoken) else language))

    def _written(self, spoken: str, language: str) -> str:
        """Write Japanese as it is pronounced if the model needs it; keep the marks."""
        if language != "ja" or not self._takes_katakana:
            return spoken
        # Imported here: its dictionary takes half a second and 45 MB.
        from wyoming_cosyvoice.tokenizer.japanese import katakana  # noqa: PLC0415

        parts = self._marks_and_phones.split(spoken)
        parts[::2] = map(katakana, parts[::2])
        return "".join(parts)

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:  # noqa: ARG002
        """Return nothing: these models have no alignment."""
        return []

    def encode_instruction(self, instruction: str) -> list[int]:
        """Return the prompt of an instruction, with its end mark.

        With an empty instruction CosyVoice3 still gets the sentence it was trained
        with, without which it repeats itself; CosyVoice2 gets no prompt.
        """
        for control in CONTROLS:
            instruction = instruction.replace(control, "")
        words = " ".join(part for part in (self._opening, instruction) if part)
        if not words:
            return []
        return [*self._tokens(words, self._marks), self._special[END_OF_PROMPT]]

    def encode_special(self, text: str) -> list[int]:
        """Return the tokens of a text in which every special token counts.

        Only for text written by the program, never by users.
        """
        return list(self._tokens(text, _any_of(self._special)))

    def _tokens(self, text: str, special: re.Pattern[str]) -> Iterator[int]:
        # Marks are split off before Unicode composition: a mark with a combining accent
        # does not count.
        for place, part in enumerate(special.split(text)):
            if place % 2:
                marks = [part] if part in self._special else syllable_phones(part)
                yield from (self._special[mark] for mark in marks)
            else:
                plain = unicodedata.normalize("NFC", part)
                ranks = self._encoding.encode_ordinary(plain)
                yield from (self._numbers[rank] for rank in ranks)


def _any_of(marks: Iterable[str], *patterns: str) -> re.Pattern[str]:
    """Return the pattern that splits these marks off."""
    # Longest first, because marks may be prefixes of others.
    names = map(re.escape, sorted(marks, key=len, reverse=True))
    return re.compile(f"({'|'.join([*names, *patterns])})")


def write_table(folder: Path, target: Path, markup: Markup = COSYVOICE3) -> int:
    """Write the table of a release's ``vocab.json`` and ``merges.txt``.

    Returns the number of tokens, including marks.
    Raises: MalformedCheckpoint.
    """
    try:
        numbers = parse_json(_read(folder / "vocab.json"))
        merges = _read(folder / "merges.txt").splitlines()
        byte_of = {letter: byte for byte, letter in _byte_letters().items()}
        names = list(byte_of)
        for line in merges:
            if line and not line.startswith("#version"):
                left, right = line.split(" ")
                names.append(left + right)
        lines = [
            (bytes(byte_of[letter] for letter in name), int(numbers[name]))
            for name in names
        ]
        first = max(int(number) for number in numbers.values()) + 1
    except (
        *(OSError, UnusableFile),
        *(ValueError, KeyError, AttributeError, TypeError),
    ) as error:
        raise _do_not_fit(folder, error) from error
    if len(names) == len(byte_of):
        raise _do_not_fit(folder, "merges.txt is empty")
    text = [f"{base64.b64encode(pair).decode()} {number}" for pair, number in lines]
    target.write_text("\n".join([f"# {first}", *text]) + "\n", encoding="ascii")
    return first + len(CONTROLS) + len(markup.marks)


def _read(path: Path) -> str:
    return read_file(path, max_bytes=_MAX_BYTES).decode()


def _do_not_fit(folder: Path, reason: object) -> MalformedCheckpoint:
    return MalformedCheckpoint(
        f"{folder} holds no byte pairs that fit together: {str(reason)[:80]}."
    )


def _byte_letters() -> dict[int, str]:
    """Return the printable letter for each byte (GPT-2's table)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain}
    return letters | {byte: chr(256 + place) for place, byte in enumerate(others)}


def _first_mark(table: Path) -> int:
    with table.open(encoding="ascii") as file:
        return int(file.readline()[1:])


def _parse(table: Path) -> list[tuple[bytes, int]]:
    """Read lines of a byte pair in base64 and its number, in the order of merging."""
    try:
        lines = table.read_text(encoding="ascii").splitlines()
        int(lines[0][1:])
        pairs = []
        for line in lines[1:]:
            pair, number = line.split()
            pairs.append((base64.b64decode(pair, validate=True), int(number)))
    except (OSError, ValueError, IndexError) as error:
        raise ModelCorrupt(
            f"The table of byte pairs {table.name} is damaged.",
            remedy="Convert or fetch the model again.",
        ) from error
    known = {pair for pair, _ in pairs}
    # Any text must be encodable: every single byte needs a token.
    if len(known) != len(pairs) or any(bytes([b]) not in known for b in range(256)):
        raise ModelCorrupt(
            f"The table of byte pairs {table.name} has gaps.",
            remedy="Convert or fetch the model again.",
        )
    return pairs
