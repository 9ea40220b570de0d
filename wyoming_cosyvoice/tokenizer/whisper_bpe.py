"""The tokenizer of the official 300M models: Whisper's multilingual byte pairs.

Whisper numbers 50,257 byte pairs, then its control tokens: ``<|endoftext|>``,
``<|startoftranscript|>``, 100 languages, six tasks and 1,501 timestamps, 51,866 in all.
(upstream: ``whisper.tokenizer.get_tokenizer(multilingual=True, num_languages=100)``.)

Control tokens are not given to the encoder at all. Whatever a user writes, be it
``<|endoftext|>``, becomes byte pairs; only ``encode_cross_lingual`` adds one by number.

The markup of Instruct models, ``<laughter>``, ``<strong>``, ``[breath]`` and the end of
an instruction, also consists of byte pairs: Whisper has no tokens for it.
"""

from __future__ import annotations

import base64
from importlib import resources
from typing import TYPE_CHECKING

import tiktoken

from wyoming_cosyvoice.errors import BadParameter, ModelCorrupt

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan

_PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_LANGUAGES, _TASKS, _TIMESTAMPS = 100, 6, 1501
_CONTROL_TOKENS = 2 + _LANGUAGES + _TASKS + _TIMESTAMPS

# Places in Whisper's list of languages, of those that CosyVoice speaks.
_LANGUAGE_PLACES = {"en": 0, "zh": 1, "ko": 5, "ja": 7, "yue": 99}

# Upstream added it by itself until December 2025, to the 300M without bars and to
# CosyVoice 2 with them. Its examples show the bars to users of both since then.
_END_OF_INSTRUCTION = "<endofprompt>"
_OTHER_ENDS = ("<|endofprompt|>", _END_OF_INSTRUCTION)


class WhisperBpe:
    """Turns text into byte pairs; ``ranks`` is another table in tiktoken's format.

    Raises: ModelCorrupt if the table is damaged.
    """

    sounds: tuple[str, ...] = ()
    reads_phones = False

    def __init__(self, ranks: Path | None = None) -> None:
        own = resources.files("wyoming_cosyvoice.tokenizer")
        table = own / "multilingual.tiktoken" if ranks is None else ranks
        try:
            content = table.read_bytes()
        except OSError as error:
            raise ModelCorrupt(f"There is no table {table.name}.") from error
        pairs = _parse(content, table.name)
        self._encoding = tiktoken.Encoding(
            name="whisper", pat_str=_PATTERN, mergeable_ranks=pairs, special_tokens={}
        )
        self._byte_pairs = len(pairs)

    @property
    def vocabulary_size(self) -> int:
        """Byte pairs and control tokens together."""
        return self._byte_pairs + _CONTROL_TOKENS

    @property
    def opening_tokens(self) -> list[int]:
        """Nothing: these prompts open with what a recording says, or the text."""
        return []

    def encode(self, spoken: str, language: str) -> list[int]:  # noqa: ARG002
        """Return the text tokens of a spoken sentence, in any language.

        Markup for Instruct models may occur in the text, as may anything else.
        """
        return self._encoding.encode_ordinary(spoken)

    def count(self, spoken: str, language: str) -> int:
        """Return the number of text tokens of ``encode``."""
        return len(self.encode(spoken, language))

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:  # noqa: ARG002
        """Return nothing: these models have no alignment."""
        return []

    def encode_cross_lingual(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens after the control token of their language.

        For a voice whose recording is in another language.
        Raises: BadParameter if the models do not speak it.
        """
        if language not in _LANGUAGE_PLACES:
            raise BadParameter(
                f"The language {language[:20]!r} is unknown; known are "
                f"{', '.join(_LANGUAGE_PLACES)}.",
                field="language",
            )
        token = self._byte_pairs + 2 + _LANGUAGE_PLACES[language]
        return [token, *self.encode(spoken, language)]

    def encode_instruction(self, instruction: str) -> list[int]:
        """Return the prompt text of an Instruct model, with its end mark.

        Encoded in one piece: some punctuation shares a byte pair with the mark.
        """
        for end in _OTHER_ENDS:
            instruction = instruction.replace(end, "")
        return self._encoding.encode_ordinary(instruction + _END_OF_INSTRUCTION)


def _parse(content: bytes, name: str) -> dict[bytes, int]:
    """Read lines of a byte pair in base64 and its rank."""
    pairs = {}
    try:
        for line in content.splitlines():
            pair, rank = line.split()
            # Whisper's last pair is an empty one, as padding without digits.
            written = b"" if pair == b"=" else pair
            pairs[base64.b64decode(written, validate=True)] = int(rank)
    except ValueError as error:
        raise ModelCorrupt(f"The table of byte pairs {name} is damaged.") from error
    is_whole = sorted(pairs.values()) == list(range(len(pairs)))
    # Any text must be encodable: every single byte needs a token.
    if not is_whole or any(bytes([byte]) not in pairs for byte in range(256)):
        raise ModelCorrupt(f"The table of byte pairs {name} has gaps.")
    return pairs
