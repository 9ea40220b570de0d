"""The encoder of CosyVoice3's flow: speech tokens and a speaker -> mu.

    speech_tokens      int64   (1, N)   prompt tokens, if any, and tokens
    speaker_embedding  float32 (1, E)
    -> mu       float32 (1, 2 N, M)   the last rows are final at the end of a sentence
    -> speaker  float32 (1, M)

Upstream: cosyvoice/flow/flow.py, CausalMaskedDiffWithDiT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.layers import normalize_speaker
from wyoming_cosyvoice.convert.graphs.look_ahead import look_ahead

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.cosyvoice3 import DitFlowSizes


def build_dit_flow_encoder(layers: Layers, sizes: DitFlowSizes) -> None:
    """Write ``flow_encoder.onnx``: a hundredth of the flow's work, in floats."""
    layers, bins = layers.exact(), sizes.mel_bins
    g = layers.graph
    tokens = g.input("speech_tokens", TensorProto.INT64, [1, "N"])
    speaker = g.input("speaker_embedding", TensorProto.FLOAT, [1, sizes.speaker_width])

    name = "input_embedding"
    table = layers.source.take(f"{name}.weight", (sizes.vocabulary, bins))
    x = g.op("Gather", layers.weight(name, table), tokens, axis=0)  # (1, N, M)
    x = look_ahead(
        layers,
        x,
        "pre_lookahead_layer",
        bins,
        sizes.look_ahead_width,
        tokens=sizes.look_ahead_tokens,
    )
    twice = g.concat(x.unsqueeze(2), x.unsqueeze(2), axis=2)  # (1, N, 2, M)
    g.output("mu", twice.reshape(1, -1, bins), [1, "T", bins])

    speaker = layers.linear(
        normalize_speaker(g, speaker),
        "spk_embed_affine_layer",
        sizes.speaker_width,
        bins,
    )
    g.output("speaker", speaker, [1, bins])
    g.save()
