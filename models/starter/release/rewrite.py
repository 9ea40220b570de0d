"""Write a pack again as the converter writes it now, with the weights that it has.

    python -m models.starter.release.rewrite models/starter/pack new-pack

So a better format of weights or graph reaches a pack whose checkpoint is no longer at
hand. Networks that would differ are replayed node by node, with other nodes in place of
some:

- ``MatMulNBits`` in the text encoder and the language model: now a scale per column,
  for drafted tokens. A matrix of up to 256 inputs keeps its integers. One of more had
  several scales per column and is rounded again, for an error of -42 to -43 dB.
- The vocoder's short-time transforms: that of the source is now part of the
  convolutions after it; the windows of the inverse are added up with fewer copies.
- Transposed convolutions in integers: a third of their products were with zeros. The
  result is the same.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import numpy_helper

from models.starter.release.blocks import attributes, block_matrix
from wyoming_cosyvoice.convert.graphs.convolution import convolve_transposed
from wyoming_cosyvoice.convert.graphs.graph import Graph, Tensor
from wyoming_cosyvoice.convert.graphs.layers import Layers
from wyoming_cosyvoice.convert.graphs.quantize import WeightFormat
from wyoming_cosyvoice.convert.graphs.spectrum import ConvolvedSpectrum, synthesize
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES
from wyoming_cosyvoice.pack.writer import PackWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

# From the end: a convolution of the spectrum, and the end of the one that makes it.
_CONVOLVED_SPECTRUM = (
    *("Transpose", "Squeeze", "Conv", "Unsqueeze", "Transpose"),
    *("Transpose", "Squeeze"),
)
# The same of a transposed convolution in integers.
_UPSAMPLING = ("Reshape", "MatMulIntegerToFloat", "Concat", "Slice", "Pad")
_FRAMES = 3


def rewrite(pack: Pack, target: Path) -> Pack:
    """Write ``pack`` to ``target``, which may be the same folder.

    Raises: what ``PackWriter`` raises.
    """
    files = {file.name for file in pack.manifest.files}
    rules: dict[str, tuple[Callable[[_Replay], Iterator[tuple[str, _Other]]], ...]]
    rules = {"vocoder": (_transforms, _upsamplings), "flow_estimator": (_upsamplings,)}
    if SPEECH_PHONES in files:
        rules |= dict.fromkeys(("text_encoder", "speech_lm"), (_products,))
    with PackWriter(target) as writer:
        for name, parts in rules.items():
            replay = _Replay(pack.directory / f"{name}.onnx", writer.directory)
            if others := dict(chain.from_iterable(rule(replay) for rule in parts)):
                replay.write(others)
                files -= {f"{name}.onnx", f"{name}.weights"}
        for name in files:
            copy = writer.directory / name
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(pack.directory / name, copy)
        return writer.finish(pack.manifest)


@dataclass(frozen=True, slots=True)
class _Other:
    """What is written in place of the nodes that lead to a value."""

    needs: tuple[str, ...]
    """Other values, which stay."""

    write: Callable[..., Tensor]
    """Takes these, and returns the value."""


class _Replay:
    """A network that is written again."""

    def __init__(self, path: Path, directory: Path) -> None:
        self.old = onnx.load(path).graph
        self.graph = Graph(directory, path.stem)
        self.stored = {
            tensor.name: numpy_helper.to_array(tensor)
            for tensor in self.old.initializer
        }
        self.makers = {name: node for node in self.old.node for name in node.output}
        self._tensors: dict[str, Tensor] = {}

    def write(self, others: dict[str, _Other]) -> None:
        """Write the graph and its weights, with some values made otherwise."""
        used = self._used(others)
        with self.graph as g:
            for port in self.old.input:
                self._tensors[port.name] = g.input(port.name, *_port(port))
            for node in self.old.node:
                if used.isdisjoint(node.output):
                    continue
                other = others.get(node.output[0])
                results = (
                    self._repeat(node)
                    if other is None
                    else (other.write(*map(self.tensor, other.needs)),)
                )
                self._tensors.update(zip(node.output, results, strict=True))
            for port in self.old.output:
                kind, shape = _port(port)
                g.output(port.name, self._tensors[port.name], shape, kind)
            g.save()

    def tensor(self, name: str) -> Tensor:
        """Return a value that has been written, or write a stored one."""
        if name not in self._tensors:
            array = self.stored[name]
            write = partial(self.graph.weight, name) if array.ndim else None
            self._tensors[name] = (write or self.graph.constant)(array)
        return self._tensors[name]

    def _used(self, others: dict[str, _Other]) -> set[str]:
        """Return the values that the outputs need."""
        used, left = set[str](), [port.name for port in self.old.output]
        while left:
            name = left.pop()
            if name in used:
                continue
            used.add(name)
            if name in others:
                left += others[name].needs
            elif name in self.makers:
                left += self.makers[name].input
        return used

    def _repeat(self, node: onnx.NodeProto) -> tuple[Tensor, ...]:
        return self.graph.ops(
            node.op_type,
            *(self.tensor(name) if name else None for name in node.input),
            outputs=len(node.output),
            domain=node.domain,
            **attributes(node),
        )


def _products(replay: _Replay) -> Iterator[tuple[str, _Other]]:
    """Find products with a scale per block."""
    layers = Layers(replay.graph, _NoSource(), WeightFormat.COLUMNS)
    for node in replay.old.node:
        if node.op_type == "MatMulNBits":
            # x, weight, scale, zero, order, bias
            x, name, scale, *more = node.input
            write = partial(
                layers.matmul,
                name=name.removesuffix(".weight"),
                weight=block_matrix(node, replay.stored[name], replay.stored[scale]),
                bias=replay.stored[more[2]] if more else None,
            )
            yield node.output[0], _Other((x,), write)


def _transforms(replay: _Replay) -> Iterator[tuple[str, _Other]]:
    """Find convolutions of the source's spectrum, and what ends the vocoder."""
    if "stft.weight" not in replay.stored:
        return
    *_, clip = replay.old.node
    n_fft = len(replay.stored["conv_post.weight"]) - 2
    hop = replay.stored["istft.weight"].shape[1]
    spectra = list[ConvolvedSpectrum]()

    def convolve(source: Tensor, weight: Tensor, bias: Tensor, rate: int) -> Tensor:
        if not spectra:
            spectra.append(ConvolvedSpectrum.of(source, n_fft, hop))
        return spectra[0].convolve(weight, bias, rate)

    def samples(spectrum: Tensor) -> Tensor:
        limits = map(replay.tensor, clip.input[1:])
        return replay.graph.op("Clip", synthesize(spectrum, n_fft, hop), *limits)

    for node in replay.old.node:
        if node.op_type == "Exp":  # of the log magnitude, a slice of the last spectrum
            spectrum = replay.makers[node.input[0]].input[0]
            yield clip.output[0], _Other((spectrum,), samples)
        elif (convolution := _image_convolution(replay, node)) is not None:
            _, weight, bias = convolution.input
            _, rate = attributes(convolution)["strides"]
            write = partial(convolve, rate=rate)
            yield node.output[0], _Other(("source", weight, bias), write)


def _image_convolution(replay: _Replay, node: onnx.NodeProto) -> onnx.NodeProto | None:
    """Return the convolution of the source's spectrum that ends with this node."""
    found = _chain(replay, node, _CONVOLVED_SPECTRUM)
    if found is None or found[-1].op_type != "Conv":
        return None
    return found[2] if found[-1].input[1] == "stft.weight" else None


def _upsamplings(replay: _Replay) -> Iterator[tuple[str, _Other]]:
    """Find transposed convolutions of three frames, of which each output uses two."""
    for node in replay.old.node:
        found = _chain(replay, node, _UPSAMPLING)
        if found is None or found[-1].op_type != "DynamicQuantizeLinear":
            continue
        outputs = int(replay.stored[node.input[1]][-1])
        _, name, _, scale, _, _, bias = found[1].input
        matrix = replay.stored[name].astype(np.float64) * replay.stored[scale]
        parts = matrix.reshape(
            len(found[2].input), -1, matrix.shape[1] // outputs, outputs
        )
        weight = _transposed_weight(parts)
        if weight is None:
            continue
        stride = parts.shape[2]
        write = partial(
            convolve_transposed,
            Layers(replay.graph, _NoSource(), WeightFormat.COLUMNS),
            name=name.removesuffix(".weight"),
            weight=weight,
            bias=replay.stored[bias][:outputs],
            stride=stride,
            padding=stride // 2,
        )
        yield node.output[0], _Other((found[-1].input[0],), write)


def _transposed_weight(parts: NDArray[np.float64]) -> NDArray[np.floating] | None:
    """Return the weight (C, O, 2 s) of a product of three frames (3, C, s, O).

    In float64, so that the same integers and scales come out of it. None if they are
    not a transposed convolution with 2 s taps of which s / 2 are padding.
    """
    frames, _, stride, _ = parts.shape
    half = stride // 2
    if frames != _FRAMES or stride % 2:
        return None
    if parts[0, :, half:].any() or parts[2, :, :half].any():
        return None
    taps = np.concatenate([parts[2, :, half:], parts[1], parts[0, :, :half]], axis=1)
    return taps.transpose(0, 2, 1)  # (C, O, 2 s)


def _chain(
    replay: _Replay, node: onnx.NodeProto, kinds: tuple[str, ...]
) -> list[onnx.NodeProto] | None:
    """Follow first inputs from a node over operators; with the node before them."""
    found = [node]
    for kind in kinds:
        if found[-1].op_type != kind or found[-1].input[0] not in replay.makers:
            return None
        found.append(replay.makers[found[-1].input[0]])
    return found


class _NoSource:
    """The weights are at hand."""

    def take(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        raise LookupError(name, shape)

    def take_double(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
        raise LookupError(name, shape)


def _port(port: onnx.ValueInfoProto) -> tuple[int, list[int | str]]:
    """Return the type and shape of an input or output."""
    kind = port.type.tensor_type
    return kind.elem_type, [d.dim_param or d.dim_value for d in kind.shape.dim]


def main() -> None:
    """Read the command line and write the pack."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pack", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    print(rewrite(Pack.open(options.pack), options.target).directory)


if __name__ == "__main__":
    main()
