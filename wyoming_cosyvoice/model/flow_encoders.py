"""Speech tokens and a speaker -> the mean mel, for the flows that work in chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from wyoming_cosyvoice.model.positions import PositionTables
from wyoming_cosyvoice.model.session import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken

    Floats = NDArray[np.float32]

FRAMES_PER_TOKEN = 2
# Larger than any sentence.
_WHOLE = 1 << 20


class FlowEncoder(Protocol):
    """Interface of the encoder of a chunked flow."""

    def encode(
        self,
        speech_tokens: Sequence[int],
        speaker_embedding: Floats,
        *,
        ahead_tokens: int,
        in_chunks: bool,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return mu (1, T, M), T = 2 (N - ahead), and the speaker (1, M).

        The last ``ahead_tokens`` are only look-ahead.
        Raises: SynthesisCancelled, SynthesisError.
        """


class LookAheadEncoder:
    """Encoder of CosyVoice3: two convolutions, independent of chunks."""

    def __init__(self, pack: Path, *, threads: int) -> None:
        self._stage = Stage(pack / "flow_encoder.onnx", threads=threads)

    def encode(
        self,
        speech_tokens: Sequence[int],
        speaker_embedding: Floats,
        *,
        ahead_tokens: int,
        in_chunks: bool,  # noqa: ARG002
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return mu (1, T, M), T = 2 (N - ahead), and the speaker (1, M).

        Raises: SynthesisCancelled, SynthesisError.
        """
        outputs = self._stage.run(
            {
                "speech_tokens": np.array([speech_tokens], np.int64),
                "speaker_embedding": speaker_embedding.reshape(1, -1),
            },
            cancel=cancel,
        )
        frames = FRAMES_PER_TOKEN * (len(speech_tokens) - ahead_tokens)
        return outputs["mu"][:, :frames], outputs["speaker"]


class UpsamplingEncoder:
    """Encoder of CosyVoice2: attention blocks at the token rate and the frame rate."""

    def __init__(self, pack: Path, *, threads: int, chunk_tokens: int) -> None:
        self._stage = Stage(pack / "flow_encoder.onnx", threads=threads)
        self._slow, self._fast = (
            PositionTables(pack / f"{name}.onnx", threads=threads, is_causal=False)
            for name in ("flow_encoder_positions", "flow_encoder_up_positions")
        )
        self._chunk_tokens = chunk_tokens

    def encode(
        self,
        speech_tokens: Sequence[int],
        speaker_embedding: Floats,
        *,
        ahead_tokens: int,
        in_chunks: bool,
        cancel: CancelToken | None = None,
    ) -> tuple[Floats, Floats]:
        """Return mu (1, T, M), T = 2 (N - ahead), and the speaker (1, M).

        Raises: SynthesisCancelled, SynthesisError.
        """
        count = len(speech_tokens) - ahead_tokens
        chunk = self._chunk_tokens if in_chunks else _WHOLE
        outputs = self._stage.run(
            {
                "speech_tokens": np.array([speech_tokens], np.int64),
                "context": np.array([ahead_tokens], np.int64),
                "chunk": np.array([chunk], np.int64),
                "speaker_embedding": speaker_embedding.reshape(1, -1),
                **self._slow.tables(count),
                **{
                    f"up_{name}": table
                    for name, table in self._fast.tables(
                        FRAMES_PER_TOKEN * count
                    ).items()
                },
            },
            cancel=cancel,
        )
        return outputs["mu"], outputs["speaker"]
