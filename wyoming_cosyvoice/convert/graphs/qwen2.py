"""The language model of the later families: Qwen2 with speech tokens.

    text_encoder.onnx   text_tokens (1, L) -> prefix (1, L + 2, D)
    speech_lm.onnx      as that of the 300M family (speech_lm.py), without positions

Text embeddings go into the language model directly: begin, text, task. RMSNorm,
grouped-query attention, rotary positions, a gated feed-forward layer (Qwen2, arXiv
2407.10671; CosyVoice 2, arXiv 2412.10117, section 2.3; upstream llm/llm.py, Qwen2LM and
CosyVoice3LM).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from wyoming_cosyvoice.convert.graphs.graph import MICROSOFT
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.text_encoder import embed

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.graphs.graph import Shape, Tensor
    from wyoming_cosyvoice.convert.graphs.layers import Layers
    from wyoming_cosyvoice.convert.release.qwen2 import Qwen2Sizes

_MODEL = "llm.model.model"
# Number of rotary positions: the longest prompt and sentence have 2,000 together.
_POSITIONS = 4096


def build_text_table(layers: Layers, sizes: Qwen2Sizes) -> None:
    """Write ``text_encoder.onnx``: an embedding lookup, which reads only a few rows."""
    g, source, width = layers.graph, layers.source, sizes.width
    tokens = g.input("text_tokens", TensorProto.INT64, [1, "L"])
    name = f"{_MODEL}.embed_tokens"
    table = source.take(f"{name}.weight", (sizes.text_vocabulary, width))
    if layers.format is not WeightFormat.FLOAT:
        table = table.astype(np.float16)
    rows = g.op("Gather", g.weight(name, table), tokens, axis=0)
    rows = rows.astype(TensorProto.FLOAT)  # (1, L, D)
    marks = source.take(f"{sizes.marks_table}.weight", (sizes.marks_rows, width))
    begin, task = (
        g.weight(name, marks[None, row : row + 1])
        for name, row in (("begin", sizes.begin_row), ("task", sizes.task_row))
    )  # (1, 1, D)
    g.output("prefix", g.concat(begin, rows, task, axis=1), [1, "P", width])
    g.save()


def build_qwen2(layers: Layers, sizes: Qwen2Sizes) -> None:
    """Write ``speech_lm.onnx``."""
    g, source, width = layers.graph, layers.source, sizes.width
    prefix = g.input("prefix", TensorProto.FLOAT, ["B", "P", width])
    speech_tokens = g.input("speech_tokens", TensorProto.INT64, ["B", "N"])
    wanted = g.input("wanted", TensorProto.INT64, [1])
    lengths = g.input("lengths", TensorProto.INT32, ["B"])
    table = source.take("speech_embedding.weight", (sizes.speech_rows, width))
    rows = embed(g, speech_tokens, "speech_embedding", table, layers.format)
    x = g.concat(prefix, rows, axis=1)  # (B, S, D), S = P + N

    new = x.size(1).astype(TensorProto.INT32)
    last = lengths + (new - np.array([1], np.int32))  # (B,) index of the last position
    total = g.op("ReduceMax", last, g.ints(0), keepdims=0) + np.array(1, np.int32)
    network = _Network(layers, sizes, last, total)
    normed = network.norm(x, "layers.0.input_layernorm")
    for block in range(sizes.blocks):
        name = f"layers.{block}"
        attended = network.attend(normed, name, block)
        normed, x = network.add_and_norm(
            x, attended, f"{name}.post_attention_layernorm"
        )
        following = f"layers.{block + 1}.input_layernorm"
        if block + 1 == sizes.blocks:
            following = "norm"
        hidden = network.feed_forward(normed, f"{name}.mlp")
        normed, x = network.add_and_norm(x, hidden, following)
    normed = normed.slice(1, g.op("Neg", wanted)).reshape(-1, width)  # (B W, D)
    # The output layer keeps 8 bits if the others have 4.
    precise = layers.in_blocks()
    count = sizes.outputs
    logits = precise.linear(
        normed, "llm_decoder", width, count, bias=sizes.has_decoder_bias
    )
    g.output("logits", logits, ["B W", count])
    g.save()


class _Network:
    def __init__(
        self, layers: Layers, sizes: Qwen2Sizes, last: Tensor, total: Tensor
    ) -> None:
        self._layers = layers
        self._sizes = sizes
        self._last = last
        self._total = total
        half = sizes.head_width // 2
        frequencies = sizes.rotation_base ** (-np.arange(half) / half)
        angles = np.outer(np.arange(_POSITIONS), frequencies)
        g = layers.graph
        self._cosines = g.weight("cosines", np.cos(angles).astype(np.float32))
        self._sines = g.weight("sines", np.sin(angles).astype(np.float32))

    def norm(self, x: Tensor, name: str) -> Tensor:
        """Divide by the root mean square (RMSNorm, arXiv 1910.07467)."""
        g, sizes = self._layers.graph, self._sizes
        return g.op(
            "SimplifiedLayerNormalization",
            x,
            self._norm_weight(name),
            epsilon=sizes.epsilon,
            axis=-1,
            stash_type=1,
        )

    def add_and_norm(self, x: Tensor, skip: Tensor, name: str) -> tuple[Tensor, Tensor]:
        """Return norm(x + skip) and x + skip, by one fused node."""
        normed, _, _, total = self._layers.graph.ops(
            "SkipSimplifiedLayerNormalization",
            *(x, skip, self._norm_weight(name)),
            outputs=4,
            domain=MICROSOFT,
            epsilon=self._sizes.epsilon,
        )
        return normed, total

    def attend(self, x: Tensor, name: str, block: int) -> Tensor:
        """Attend to the cache and to the new positions, causally."""
        layers, sizes, g = self._layers, self._sizes, self._layers.graph
        width, head = sizes.width, sizes.head_width
        at = f"{_MODEL}.{name}.self_attn"
        outputs = (
            ("q", sizes.heads * head),
            ("k", sizes.key_heads * head),
            ("v", sizes.key_heads * head),
        )
        # One product for q, k and v.
        parts = [
            layers.take_linear(f"{at}.{part}_proj", width, rows)
            for part, rows in outputs
        ]
        weight = np.concatenate([part[0] for part in parts])
        bias = np.concatenate([part[1] for part in parts if part[1] is not None])
        qkv = layers.matmul(x, f"{at}.qkv", weight, bias)
        shape: Shape = ["B", sizes.key_heads, "C", head]
        keys = g.input(f"keys_{block}", TensorProto.FLOAT, shape)
        values = g.input(f"values_{block}", TensorProto.FLOAT, shape)
        y, new_keys, new_values = g.ops(
            "GroupQueryAttention",
            *(qkv, None, None, keys, values, self._last, self._total),
            *(self._cosines, self._sines),
            outputs=3,
            domain=MICROSOFT,
            num_heads=sizes.heads,
            kv_num_heads=sizes.key_heads,
            do_rotary=1,
        )
        g.output(f"new_keys_{block}", new_keys, shape)
        g.output(f"new_values_{block}", new_values, shape)
        return layers.linear(y, f"{at}.o_proj", sizes.heads * head, width, bias=False)

    def feed_forward(self, x: Tensor, name: str) -> Tensor:
        """Apply the gated feed-forward layer (SwiGLU, arXiv 2002.05202)."""
        layers, sizes, g = self._layers, self._sizes, self._layers.graph
        width, hidden = sizes.width, sizes.hidden
        at = f"{_MODEL}.{name}"
        # One product for both.
        weight = np.concatenate(
            [
                layers.take_linear(f"{at}.{part}_proj", width, hidden, bias=False)[0]
                for part in ("gate", "up")
            ]
        )
        both = layers.matmul(x, f"{at}.gate_up", weight, None)
        gate, up = g.split(both, [hidden, hidden], axis=2)
        h = g.op("QuickGelu", gate, domain=MICROSOFT, alpha=1.0) * up  # SiLU
        return layers.linear(h, f"{at}.down_proj", hidden, width, bias=False)

    def _norm_weight(self, name: str) -> Tensor:
        at = f"{_MODEL}.{name}.weight"
        weight = self._layers.source.take(at, (self._sizes.width,))
        return self._layers.graph.weight(at, weight)
