"""The two cloning networks, which official releases contain as ONNX files.

``campplus.onnx`` turns a recording into a speaker embedding,
``speech_tokenizer_v1.onnx`` into speech tokens. Their names and arithmetic are
unchanged; their weights move into separate files, and small packs store those of the
speaker encoder as float16.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from wyoming_cosyvoice.convert.onnx_weights import check_weights, move_weights
from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnusableFile,
)

if TYPE_CHECKING:
    from pathlib import Path

# Smaller tensors are shapes, scales and biases, not worth converting.
_SMALLEST = 1024


def check_extractor(source: Path) -> None:
    """Check that a file is an ONNX network, before its size is used.

    Raises: CheckpointError if it cannot be opened, MalformedCheckpoint.
    """
    try:
        check_weights(source)
    except (UnusableFile, FileNotFoundError) as error:
        raise CheckpointError(f"{source} cannot be opened: {error}") from error
    except (ValueError, OSError) as error:
        reason = str(error)
        raise MalformedCheckpoint(
            f"{source} {reason}."
            if reason.startswith(("has ", "keeps "))
            else f"{source} is not an ONNX network: {reason}.",
            remedy="Download the file again.",
        ) from error


def copy_extractor(source: Path, directory: Path) -> None:
    """Copy a network into a pack, with its weights in a separate file.

    ONNX Runtime then memory-maps the weights instead of copying them.
    Raises: CheckpointError, MalformedCheckpoint if the file is not an ONNX network.
    """
    check_extractor(source)
    move_weights(source, directory)


def copy_in_half(source: Path, directory: Path) -> None:
    """Copy a network with its large float32 weights stored as float16.

    ONNX Runtime converts them back to float32 when it loads the network.
    Raises: CheckpointError, MalformedCheckpoint if the file is not an ONNX network.
    """
    check_extractor(source)
    try:
        model = onnx.load(source, load_external_data=False)
    except (DecodeError, OSError) as error:
        raise MalformedCheckpoint(f"{source} is not an ONNX network.") from error
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        is_float = tensor.data_type == onnx.TensorProto.FLOAT
        if not is_float or math.prod(tensor.dims) < _SMALLEST:
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
    # Old exporters also list weights as inputs, which would then be required.
    halved = {cast.output[0] for cast in casts}
    inputs = [value for value in graph.input if value.name not in halved]
    del graph.input[:]
    graph.input.extend(inputs)
    onnx.save(model, directory / source.name)
