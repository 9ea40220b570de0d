"""The networks of the later families' flows, which work chunk by chunk.

``flow_stream.FlowStream`` uses them for a sentence. Mels are time-major.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wyoming_cosyvoice.model.flow_memory import MAX_FRAMES, FlowMemory
from wyoming_cosyvoice.model.session import Stage
from wyoming_cosyvoice.model.solved_prompts import SolvedPrompts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from wyoming_cosyvoice.cancel import CancelToken
    from wyoming_cosyvoice.model.flow_encoders import FlowEncoder
    from wyoming_cosyvoice.model.time_conditioning import TimeConditioning

    Floats = NDArray[np.float32]

_TYPES = {"tensor(float)": np.float32, "tensor(int8)": np.int8}


class ChunkedFlow:
    """Encoder, estimator and its time conditioning.

    ``chunk_tokens`` and ``look_ahead_tokens`` are those of the checkpoint.
    Raises: ModelCorrupt, ModelUnsupported.
    """

    def __init__(
        self,
        pack: Path,
        *,
        threads: int,
        encoder: FlowEncoder,
        moments: TimeConditioning,
        chunk_tokens: int,
        look_ahead_tokens: int,
        max_frames: int = MAX_FRAMES,
    ) -> None:
        self.encoder = encoder
        self.moments = moments
        self._estimator = Stage(pack / "flow_estimator.onnx", threads=threads)
        self.mel_bins = int(self._estimator.shape("mel")[2])
        self.chunk_tokens = chunk_tokens
        self.look_ahead_tokens = look_ahead_tokens
        self._most_frames = max_frames
        self.prompts = SolvedPrompts()

    def condition(self, mu: Floats, speaker: Floats, prompt_mel: Floats) -> Floats:
        """Concatenate prompt mel, mu and speaker: (1, T, 3 M)."""
        speakers = np.repeat(speaker[:, None], mu.shape[1], axis=1)
        prompt = np.zeros_like(mu)
        prompt[0, : len(prompt_mel)] = prompt_mel
        return np.concatenate([prompt, mu, speakers], axis=2)

    def empty_memory(self, rows: int, prompt_frames: int = 0) -> FlowMemory:
        """Return the initial memory of a sentence, with 1 or 2 ``rows``."""
        estimator = self._estimator
        empty = {
            name: np.zeros(
                self._sized(name, rows, frames=0), _TYPES[estimator.type(name)]
            )
            for name in ("kept", "kept_scale")
            if name in estimator.inputs
        }
        return FlowMemory(
            np.zeros(self._sized("heard", rows), np.float32),
            empty,
            max_frames=self._most_frames,
            pinned_frames=prompt_frames,
        )

    def velocity(
        self,
        mel: Floats,
        rows: Floats,
        moment: Floats,
        memory: FlowMemory,
        *,
        remembers: bool = True,
        cancel: CancelToken | None = None,
    ) -> Floats:
        """Run the estimator once on new frames and add them to the memory.

        Shapes: mel (1, T, M), rows (B, T, 3 M), moment a row of ``moments``; returns
        (B, T, M). With ``remembers`` false the memory stays unchanged, for the last
        frames.
        Raises: SynthesisCancelled, SynthesisError.
        """
        feeds: dict[str, NDArray[np.generic]] = {
            "mel": mel,
            "condition": rows,
            "moment": moment,
            "heard": memory.conv_state,
            **memory.kept(),
        }
        if "first" in self._estimator.inputs:
            feeds["first"] = np.array([memory.frames], np.int64)
        outputs = self._estimator.run(feeds, cancel=cancel)
        if remembers:
            _remember(memory, outputs)
        velocity: Floats = outputs["velocity"]
        return velocity

    def _sized(
        self, name: str, rows: int, frames: int | None = None
    ) -> tuple[int, ...]:
        """Return the shape of an input for this number of rows and frames."""
        sizes = {"B": rows, "P": frames}
        known = [sizes.get(str(n), n) for n in self._estimator.shape(name)]
        return tuple(int(n) for n in known if n is not None)


def _remember(memory: FlowMemory, outputs: Mapping[str, Any]) -> None:
    memory.conv_state = outputs["heard_next"]
    made = {
        name.replace("made", "kept"): array
        for name, array in outputs.items()
        if name.startswith("made")
    }
    memory.add(made)
