"""The estimator of CosyVoice2's flow: a U-Net that is causal over chunks.

    mel        float32 (1, T, M)     the mel at time t of the flow
    condition  float32 (B, T, 3 M)   prompt mel, mu and speaker of each row
    moment     float32 (1,)          t, 0 <= t <= 1
    heard      float32 (B, X)        state of the convolutions
    kept       (P, N, 2, B, D)       keys and values of the frames before
    -> velocity   float32 (B, T, M)
    -> heard_next float32 (B, X)
    -> made       (T, N, 2, B, D)    keys and values of these frames

The U-Net of 300M (flow_estimator.py) at one rate, with causal convolutions and norms
over channels. A frame attends to its own chunk and to all frames before, so a chunk
needs no mask, only the cache of earlier chunks (streaming_state.py); with P = 0 all
frames attend to each other, as in the original for a whole sentence. Paper: CosyVoice
2, arXiv 2412.10117, section 2.4; upstream flow/decoder.py, CausalConditionalDecoder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.flow_estimator import UNet, embed_time
from wyoming_cosyvoice.convert.graphs.streaming_state import (
    AttentionCache,
    ConvolutionState,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.sizes import EstimatorSizes

_NORM_EPSILON = 1e-5


def build_causal_flow_estimator(layers: Layers, sizes: EstimatorSizes) -> None:
    """Write ``flow_estimator.onnx``."""
    g, bins = layers.graph, sizes.mel_bins
    mel = g.input("mel", TensorProto.FLOAT, [1, "T", bins])
    condition = g.input("condition", TensorProto.FLOAT, ["B", "T", 3 * bins])
    moment = g.input("moment", TensorProto.FLOAT, [1])
    heard = ConvolutionState.of(g, name="heard", batch="B")
    # One way down, the middle, one way up.
    blocks = (2 + sizes.middle_blocks) * sizes.transformer_blocks
    kept = AttentionCache.of(
        layers, blocks=blocks, width=sizes.heads * sizes.head_width, heads=sizes.heads
    )
    prompt, mu, speaker = g.split(condition, [bins] * 3, axis=2)
    batch = g.concat(condition.size(0), g.ints(1, 1), axis=0)
    rows = g.concat(g.op("Expand", mel, batch), mu, speaker, prompt, axis=2)
    unet = UNet(
        layers, sizes, embed_time(layers, sizes, moment), _CausalContext(heard, kept)
    )
    g.output("velocity", unet.estimate(rows), ["B", "T", bins])
    heard.finish()
    kept.finish()
    g.save()


@dataclass(frozen=True, slots=True)
class _CausalContext:
    """Causal context: the frames before and those of the same chunk."""

    heard: ConvolutionState
    kept: AttentionCache

    def convolve(
        self,
        layers: Layers,
        x: Tensor,
        name: str,
        weight: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> Tensor:
        return self.heard.convolve(layers, x, name, weight, bias)

    def norm(self, layers: Layers, x: Tensor, name: str, channels: int) -> Tensor:
        return layers.layer_norm(x, f"{name}.2", channels, _NORM_EPSILON)

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return self.kept.attend(q, k, v)
