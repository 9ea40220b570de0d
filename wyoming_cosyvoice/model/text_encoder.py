"""Text tokens and a speaker -> the prefix of the speech language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wyoming_cosyvoice.model.positions import PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken


@dataclass(frozen=True, slots=True)
class EncodedText:
    """Output of the text encoder for a sentence."""

    encoded: NDArray[np.float32]
    """(1, L, D): after the affine layer, as the original's ``encode`` returns it."""

    prefix: NDArray[np.float32]
    """(1, P, D): sos, speaker, text and task id, ready for the language model."""


class TextTable:
    """Text embeddings, for a language model that processes text tokens itself."""

    def __init__(self, pack: Path, *, threads: int) -> None:
        self._stage = Stage(pack / "text_encoder.onnx", threads=threads)

    def encode(
        self,
        text_tokens: list[int],
        speaker_embedding: NDArray[np.float32] | None = None,  # noqa: ARG002
        *,
        cancel: CancelToken | None = None,
    ) -> EncodedText:
        """Embed prompt text and text; the speaker is not used.

        Raises: SynthesisCancelled, SynthesisError.
        """
        feeds = {"text_tokens": np.array([text_tokens], np.int64).reshape(1, -1)}
        prefix = self._stage.run(feeds, cancel=cancel)["prefix"]
        return EncodedText(prefix[:, 1:-1], prefix)


class TextEncoder:
    """The causal text encoder, run once per sentence."""

    def __init__(self, pack: Path, *, threads: int) -> None:
        self._stage = Stage(pack / "text_encoder.onnx", threads=threads)
        self._positions = PositionTables(
            pack / "text_encoder_positions.onnx", threads=threads, is_causal=True
        )

    def encode(
        self,
        text_tokens: list[int],
        speaker_embedding: NDArray[np.float32] | None,
        *,
        cancel: CancelToken | None = None,
    ) -> EncodedText:
        """Encode prompt text and text.

        Shapes: speaker_embedding (E,), or None if the language model must not get the
        speaker (Instruct). Raises: SynthesisCancelled, SynthesisError.
        """
        if speaker_embedding is None:
            width = int(self._stage.shape("speaker_embedding")[1])
            speaker = np.zeros((0, width), np.float32)
        else:
            speaker = speaker_embedding.reshape(1, -1).astype(np.float32)
        outputs = self._stage.run(
            {
                "text_tokens": np.array([text_tokens], np.int64),
                "speaker_embedding": speaker,
                **self._positions.tables(len(text_tokens)),
            },
            cancel=cancel,
        )
        return EncodedText(outputs["text_encoded"], outputs["prefix"])
