"""Write a seeded random checkpoint in the layout of an official CosyVoice-300M release.

    python models/make_checkpoint.py OUT_DIR --size 300m

A model with random weights speaks no language, but it costs exactly what the real one
costs: benchmarks and tests run on it without a download. Sizes: ``300m`` has the
official widths (1.7 GB), ``tiny`` is for tests (3 MB). The same seed gives the same
bytes. PyTorch is not needed.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models import layout
from models.configuration import configuration
from models.torch_file import Tensor, write_torch_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEAKERS = ("中文女", "中文男", "日语男", "粤语女", "英文女", "英文男", "韩语女")
"""The seven speakers of CosyVoice-300M-SFT."""
SIZES = {"300m": layout.FULL, "tiny": layout.TINY}

_ONNX_OPSET = 18
_FBANK_BINS = 80
_LOG_MEL_BINS = 128
_TOKENIZER_CHANNELS = 64


def main() -> None:
    """Write one release into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    write_release(arguments.out_dir, SIZES[arguments.size], seed=arguments.seed)
    for path in sorted(arguments.out_dir.iterdir()):
        print(f"{path.stat().st_size:>12,}  {path}")


def write_release(directory: Path, sizes: layout.Sizes, *, seed: int = 0) -> None:
    """Write all files of a release with networks of ``sizes`` into ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    text = configuration(sizes)
    (directory / "cosyvoice.yaml").write_text(text, encoding="utf-8")
    networks = {
        "llm": layout.llm(sizes),
        "flow": layout.flow(sizes),
        "hift": layout.hift(sizes),
    }
    for name, weights in networks.items():
        tree: dict[str, object] = {
            weight.name: Tensor(weight.shape, partial(_draw, weight, f"{seed} {name}"))
            for weight in weights
        }
        # As in official releases, hift.pt is a plain dict that training left behind.
        modules = None if name == "hift" else layout.module_names(weights)
        write_torch_file(directory / f"{name}.pt", tree, modules=modules)
    _write_speakers(directory / "spk2info.pt", sizes, seed)
    _write_speaker_encoder(directory / "campplus.onnx", sizes, seed)
    _write_speech_tokenizer(directory / "speech_tokenizer_v1.onnx", seed)


def _draw(weight: layout.Weight, stream: str) -> NDArray[np.float32]:
    """Return the numbers of a tensor, which depend on its name and not on its place."""
    rng = np.random.default_rng(zlib.crc32(f"{stream} {weight.name}".encode()))
    numbers = rng.standard_normal(weight.shape, np.float32)
    numbers *= np.float32(weight.deviation)
    numbers += np.float32(weight.mean)
    return numbers


def _write_speakers(path: Path, sizes: layout.Sizes, seed: int) -> None:
    speakers: dict[str, object] = {}
    for name in SPEAKERS:
        weight = layout.Weight(name, (1, sizes.speaker), 1.0)
        speakers[name] = {
            "embedding": Tensor(weight.shape, partial(_draw, weight, f"{seed} speaker"))
        }
    write_torch_file(path, speakers)


def _write_speaker_encoder(path: Path, sizes: layout.Sizes, seed: int) -> None:
    """Write a stand-in for CAM++: fbank (B, T, 80) to embedding (B, 192)."""
    weight = layout.Weight("campplus", (_FBANK_BINS, sizes.speaker), 0.1)
    nodes = [
        helper.make_node("ReduceMean", ["input", "time"], ["mean"], keepdims=0),
        helper.make_node("MatMul", ["mean", "weight"], ["output"]),
    ]
    _save_onnx(
        path,
        nodes,
        {
            "weight": _draw(weight, str(seed)),
            "time": np.array([1], np.int64),
        },
        [_value("input", TensorProto.FLOAT, ["B", "T", _FBANK_BINS])],
        [_value("output", TensorProto.FLOAT, ["B", sizes.speaker])],
    )


def _write_speech_tokenizer(path: Path, seed: int) -> None:
    """Write a stand-in: Whisper log-mel (1, 128, T) to speech tokens (1, 1, T // 2)."""
    shape = (_TOKENIZER_CHANNELS, _LOG_MEL_BINS, 2)
    weight = layout.Weight("speech_tokenizer", shape, 0.05)
    nodes = [
        helper.make_node("Conv", ["feats", "weight"], ["scores"], strides=[2]),
        helper.make_node("ArgMax", ["scores"], ["best"], axis=1),
        helper.make_node("Cast", ["best"], ["indices"], to=TensorProto.INT32),
        helper.make_node("Identity", ["feats_length"], ["unused"]),
    ]
    _save_onnx(
        path,
        nodes,
        {"weight": _draw(weight, str(seed))},
        [
            _value("feats", TensorProto.FLOAT, [1, _LOG_MEL_BINS, "T"]),
            _value("feats_length", TensorProto.INT32, [1]),
        ],
        [_value("indices", TensorProto.INT32, [1, 1, "N"])],
    )


def _value(name: str, kind: int, shape: list[int | str]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


def _save_onnx(
    path: Path,
    nodes: list[onnx.NodeProto],
    constants: dict[str, NDArray[np.generic]],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
) -> None:
    initializers = [
        numpy_helper.from_array(array, name) for name, array in constants.items()
    ]
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, initializers)
    opset = helper.make_opsetid("", _ONNX_OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


if __name__ == "__main__":
    main()
