"""A spoken sentence -> text tokens, the input of the text encoder."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wyoming_cosyvoice.errors import ModelUnsupported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.phonemes import ReadWords
    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan


class Tokenizer(Protocol):
    """Interface of the tokenizers."""

    sounds: tuple[str, ...]
    """Marks of sounds that are tokens, such as ``[laughter]``."""

    reads_phones: bool
    """Whether phones in brackets (``text.phones``) are tokens."""

    @property
    def vocabulary_size(self) -> int:
        """One more than the largest token."""

    @property
    def opening_tokens(self) -> list[int]:
        """Tokens before every transcript or text."""

    def encode(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens of a sentence as ``text.Sentence.spoken`` has it."""

    def count(self, spoken: str, language: str) -> int:
        """Return the number of text tokens of ``encode``."""

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:
        """Return the text tokens of each word; empty if there is no alignment."""


@runtime_checkable
class Instructable(Protocol):
    """A tokenizer that can encode an instruction."""

    def encode_instruction(self, instruction: str) -> list[int]:
        """Return the prompt of an instruction, with its end mark."""


@runtime_checkable
class Stressed(Protocol):
    """A tokenizer that knows which vowels are stressed."""

    def last_stress(self, text_tokens: Sequence[int]) -> int | None:
        """Return the place of the last stressed vowel, if there is one."""


_READ_JAPANESE_BY_DICTIONARY = ("phonemes", "qwen-bpe-3")


def open_tokenizer(
    kind: str, vocabulary: Path | None = None, *, read: ReadWords | None = None
) -> Tokenizer:
    """Open the tokenizer of a pack by the kind in its manifest.

    ``vocabulary`` is the pack's own file; ``whisper-bpe`` needs none. ``read``
    reads a sentence word by word for ``phonemes``, by default like the starter voice.
    Raises: ModelCorrupt if the file is damaged, ModelUnsupported if the pack has no
    tokenizer that is known here.
    """
    # Imported here: each kind has its own library, which is slow to load.
    if kind == "whisper-bpe":
        from wyoming_cosyvoice.tokenizer.whisper_bpe import (  # noqa: PLC0415
            WhisperBpe,
        )

        return WhisperBpe(vocabulary)
    if kind == "phonemes" and vocabulary is not None:
        from wyoming_cosyvoice.tokenizer.g2p import MixedG2P  # noqa: PLC0415
        from wyoming_cosyvoice.tokenizer.phonemes import (  # noqa: PLC0415
            PhonemeTokenizer,
            read_vocabulary,
        )

        return PhonemeTokenizer(read_vocabulary(vocabulary), read or MixedG2P().words)
    if kind.startswith("qwen-bpe") and vocabulary is not None:
        from wyoming_cosyvoice.tokenizer.qwen_bpe import QwenBpe  # noqa: PLC0415
        from wyoming_cosyvoice.tokenizer.qwen_marks import MARKUP  # noqa: PLC0415

        return QwenBpe(vocabulary, MARKUP[kind])
    raise ModelUnsupported(
        f"The model's tokenizer is {kind!r}, with which text cannot be read.",
        remedy="Update this program, or use another model.",
    )


def preload(kind: str) -> None:
    """Load in a thread what the first sentence of a tokenizer would wait for.

    That is pypinyin and the rules for Mandarin; only Chinese sentences wait for it.
    """
    if kind == "phonemes":
        threading.Thread(target=_prepare_mandarin, daemon=True).start()


def preload_japanese(kind: str) -> None:
    """Open the Japanese dictionary in a thread, if the tokenizer reads by it."""
    if kind in _READ_JAPANESE_BY_DICTIONARY:
        threading.Thread(target=_open_dictionary, daemon=True).start()


def _prepare_mandarin() -> None:
    from wyoming_cosyvoice.tokenizer import g2p_zh  # noqa: PLC0415

    g2p_zh.words("好")


def _open_dictionary() -> None:
    from wyoming_cosyvoice.tokenizer.japanese.dictionary import load  # noqa: PLC0415

    load()
