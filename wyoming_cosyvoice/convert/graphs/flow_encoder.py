"""The flow's encoder: speech tokens and a speaker -> the mean of the mel.

    speech_tokens      int64   (1, N)   prompt tokens, if any, and tokens
    speaker_embedding  float32 (1, E)
    left, right        int64   (T,)     the two tokens that each mel frame lies between
    fraction           float32 (T,)     where between them, 0 <= fraction < 1
    positions_<i>      float32 (H, d_k, W)
    -> mu              float32 (1, T, M)
    -> speaker         float32 (1, M)

The length regulator interpolates token rows to mel frames and smooths them with
convolutions; the caller computes the rows of each frame (model/flow.py).
Upstream: cosyvoice/flow/flow.py and length_regulator.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.conformer import Encoder
from wyoming_cosyvoice.convert.graphs.convolution import convolve
from wyoming_cosyvoice.convert.graphs.layers import group_norm, mish, normalize_speaker
from wyoming_cosyvoice.convert.graphs.positions import position_inputs
from wyoming_cosyvoice.convert.graphs.text_encoder import embed

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.sizes import FlowSizes


def build_flow_encoder(layers: Layers, sizes: FlowSizes) -> None:
    """Write ``flow_encoder.onnx``."""
    g, source, encoder = layers.graph, layers.source, sizes.encoder
    speech_tokens = g.input("speech_tokens", TensorProto.INT64, [1, "N"])
    speaker = g.input("speaker_embedding", TensorProto.FLOAT, [1, sizes.speaker_width])
    left = g.input("left", TensorProto.INT64, ["T"])
    right = g.input("right", TensorProto.INT64, ["T"])
    fraction = g.input("fraction", TensorProto.FLOAT, ["T"])
    tables = position_inputs(g, encoder.blocks, encoder.width, encoder.heads)

    embedding = source.take(
        "input_embedding.weight", (sizes.vocabulary, encoder.input_width)
    )
    x = embed(g, speech_tokens, "input_embedding", embedding, layers.format)
    x = Encoder(encoder, "encoder", is_causal=False).encode(layers, x, tables)
    x = layers.linear(x, "encoder_proj", encoder.width, sizes.mel_bins)  # (1, N, M)

    before = g.op("Gather", x, left, axis=1)  # (1, T, M)
    after = g.op("Gather", x, right, axis=1)
    x = before + (after - before) * fraction.unsqueeze(1)
    g.output("mu", _regulate(layers, x, sizes), [1, "T", sizes.mel_bins])

    speaker = layers.linear(
        normalize_speaker(g, speaker),
        "spk_embed_affine_layer",
        sizes.speaker_width,
        sizes.mel_bins,
    )
    g.output("speaker", speaker, [1, sizes.mel_bins])
    g.save()


def _regulate(layers: Layers, x: Tensor, sizes: FlowSizes) -> Tensor:
    """Smooth interpolated rows: convolution, norm and Mish, a few times."""
    g, source, bins = layers.graph, layers.source, sizes.mel_bins
    exact = layers.exact()  # 80 channels: too small to quantise
    for layer in range(0, 3 * sizes.regulator_layers, 3):
        name = f"length_regulator.model.{layer}"
        weight = source.take(f"{name}.weight", (bins, bins, 3))
        bias = source.take(f"{name}.bias", (bins,))
        x = convolve(exact, x, name, weight, bias)
        norm = f"length_regulator.model.{layer + 1}"
        x = mish(g, group_norm(layers, x, norm, bins, groups=1))
    name = f"length_regulator.model.{3 * sizes.regulator_layers}"
    weight = source.take(f"{name}.weight", (bins, bins, 1))
    bias = source.take(f"{name}.bias", (bins,))
    return exact.matmul(x, name, weight[:, :, 0], bias)
