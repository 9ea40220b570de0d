"""A spoken sentence -> text tokens: integers that the text encoder was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from wyoming_cosyvoice.errors import ModelUnsupported

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.tokenizer.phonemes import ReadWords
    from wyoming_cosyvoice.tokenizer.read_word import TokenSpan


class Tokenizer(Protocol):
    """What every pack's tokenizer can do."""

    @property
    def vocabulary_size(self) -> int:
        """One more than the largest token."""

    @property
    def opening_tokens(self) -> list[int]:
        """What every prompt opens with, before what a recording says or the text."""

    def encode(self, spoken: str, language: str) -> list[int]:
        """Return the text tokens of a sentence as ``text.Sentence.spoken`` has it."""

    def count(self, spoken: str, language: str) -> int:
        """Return how many text tokens ``encode`` would give."""

    def spans(self, spoken: str, language: str) -> list[TokenSpan]:
        """Return which text tokens say which word; empty if they do not name words."""


@runtime_checkable
class Instructable(Protocol):
    """A tokenizer that can write an instruction."""

    def encode_instruction(self, instruction: str) -> list[int]:
        """Return what stands before the text: how to speak, and an end mark."""


def open_tokenizer(
    kind: str, vocabulary: Path | None = None, *, read: ReadWords | None = None
) -> Tokenizer:
    """Open the tokenizer of a pack by the kind in its manifest.

    ``vocabulary`` is the pack's own file; ``whisper-bpe`` needs none. ``read``
    reads a sentence word by word for ``phonemes``, by default as the starter voice
    learned it.
    Raises: ModelCorrupt if the file is damaged, ModelUnsupported if the pack has no
    tokenizer that is known here.
    """
    # Imported here: each kind has a library of its own that takes its time to load.
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
