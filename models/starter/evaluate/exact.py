"""Write a pack again so that it computes in float32: the same weights, nothing rounded.

    python -m models.starter.evaluate.exact models/starter/pack exact-pack

What speaks is compared with it as with an fp32 pack (``evaluate.py pack``, ``bench``
with ``--accuracy``) where the checkpoint is no longer at hand. It shows what rounding
the activations costs; the weights keep the rounding that they were stored with.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

from models.starter.release.blocks import block_matrix
from wyoming_cosyvoice.pack.pack import MANIFEST, Pack
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.pack.writer import PackWriter


def write_exact(pack: Pack, target: Path) -> Pack:
    """Write ``pack`` in float32 to ``target``.

    Raises: ValueError for weights of 4 bits; what ``PackWriter`` raises.
    """
    with PackWriter(target) as writer:
        for file in pack.manifest.files:
            path, copy = pack.directory / file.name, writer.directory / file.name
            if path.suffix == ".onnx":
                weights = f"{path.stem}.weights"
                onnx.save(
                    exact(onnx.load(path)),
                    copy,
                    save_as_external_data=True,
                    location=weights,
                )
            elif path.suffix != ".weights" and file.name != MANIFEST:
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, copy)
        return writer.finish(replace(pack.manifest, precision=Precision.FP32))


def exact(model: onnx.ModelProto) -> onnx.ModelProto:
    """Put float32 products in the place of a graph's integer products, in place."""
    graph = model.graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    nodes, floats = [], {}

    def values(name: str) -> np.ndarray:
        return numpy_helper.to_array(stored[name])

    def product(node: onnx.NodeProto, matrix: np.ndarray, bias: str) -> None:
        # One matrix may serve several products.
        weight = f"{node.input[1]}.exact"
        floats[weight] = matrix.astype(np.float32)
        (result,) = node.output
        partial = f"{result}.product" if bias else result
        nodes.append(helper.make_node("MatMul", [node.input[0], weight], [partial]))
        if bias:
            nodes.append(helper.make_node("Add", [partial, bias], [result]))

    for node in graph.node:
        inputs = [*node.input, *[""] * 7]
        match node.op_type:
            case "DynamicQuantizeMatMul":  # x, weight, scale, zero, bias
                matrix = values(inputs[1]) * values(inputs[2])  # (in, out)
                product(node, matrix, inputs[4])
            case "MatMulIntegerToFloat":  # x, weight, step, scale, zero, zero, bias
                matrix = values(inputs[1]) * values(inputs[3])  # (in, out)
                product(node, matrix, inputs[6])
            case "MatMulNBits":  # x, weight, scale, zero, order, bias
                rows = block_matrix(node, values(inputs[1]), values(inputs[2]))
                product(node, rows.T, inputs[5])
            case "DynamicQuantizeLinear":  # x -> levels, step, zero
                levels, _, zero = node.output
                nodes.append(helper.make_node("Identity", [inputs[0]], [levels]))
                floats[zero] = np.zeros((), np.float32)
            case _:
                nodes.append(node)
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for name, tensor in stored.items() if name in used]
    kept += [numpy_helper.from_array(array, name) for name, array in floats.items()]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return model


def main() -> None:
    """Read the command line and write the pack."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    print(write_exact(Pack.open(options.pack), options.target).directory)


if __name__ == "__main__":
    main()
