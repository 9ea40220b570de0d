"""The two networks that official releases bring as ONNX already, for cloning.

``campplus.onnx`` turns a recording into a speaker embedding,
``speech_tokenizer_v1.onnx`` into speech tokens. They keep their names and their
arithmetic; small packs store the speaker encoder's weights in half the bytes.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from wyoming_cosyvoice.errors import MalformedCheckpoint

if TYPE_CHECKING:
    from pathlib import Path

# Smaller tensors are shapes, scales and biases: nothing to gain.
_SMALLEST = 1024


def copy_extractor(source: Path, directory: Path) -> None:
    """Copy a network into a pack as it is."""
    shutil.copyfile(source, directory / source.name)


def copy_in_half(source: Path, directory: Path) -> None:
    """Copy a network with its large float32 weights stored as float16.

    ONNX Runtime turns them back to float32 when it loads the network.
    Raises: MalformedCheckpoint if the file is no ONNX network.
    """
    try:
        model = onnx.load(source, load_external_data=False)
    except (DecodeError, OSError) as error:
        raise MalformedCheckpoint(f"{source} is no ONNX network.") from error
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        is_float = tensor.data_type == onnx.TensorProto.FLOAT
        if not is_float or tensor.external_data or np.prod(tensor.dims) < _SMALLEST:
            continue
        weights = numpy_helper.to_array(tensor)
        half = weights.astype(np.float16)
        if not np.isfinite(half).all():
            continue  # beyond the range of float16
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}_half"))
        casts.append(
            onnx.helper.make_node(
                "Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT
            )
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    # Old exporters list weights among the inputs, where they would have to be given.
    halved = {cast.output[0] for cast in casts}
    inputs = [value for value in graph.input if value.name not in halved]
    del graph.input[:]
    graph.input.extend(inputs)
    onnx.save(model, directory / source.name)
