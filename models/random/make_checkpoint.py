"""Write a seeded random checkpoint in the layout of an official release.

    python -m models.random.make_checkpoint OUT_DIR --size 300m

A model with random weights speaks no language, but it costs exactly what the real one
costs: benchmarks and tests run on it without a download. Sizes: ``300m`` (1.7 GB),
``cosyvoice2`` (2.6 GB) and ``cosyvoice3`` (3.4 GB) have the official widths; ``tiny``,
``tiny2`` and ``tiny3`` are for tests (3 MB). The same seed gives the same bytes.
PyTorch is not needed.
"""

from __future__ import annotations

import argparse
import json
import zlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.random import later_layout, layout
from models.random.configuration import configuration
from models.random.later_configuration import (
    later_configuration,
    text_model_configuration,
)
from models.random.later_layout import LaterSizes
from models.random.torch_file import Tensor, write_torch_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPEAKERS = ("中文女", "中文男", "日语男", "粤语女", "英文女", "英文男", "韩语女")
"""The seven speakers of CosyVoice-300M-SFT."""
SIZES: dict[str, layout.Sizes | LaterSizes] = {
    "300m": layout.FULL,
    "tiny": layout.TINY,
    "cosyvoice2": later_layout.FULL_2,
    "cosyvoice3": later_layout.FULL_3,
    "tiny2": later_layout.TINY_2,
    "tiny3": later_layout.TINY_3,
}

_ONNX_OPSET = 18
_FBANK_BINS = 80
_LOG_MEL_BINS = 128
_TOKENIZER_CHANNELS = 64
_SPECIAL_TOKENS = 300


def main() -> None:
    """Write one release into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out_dir", type=Path)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    write_release(arguments.out_dir, SIZES[arguments.size], seed=arguments.seed)
    for path in sorted(arguments.out_dir.rglob("*.*")):
        print(f"{path.stat().st_size:>12,}  {path}")


def write_release(
    directory: Path, sizes: layout.Sizes | LaterSizes, *, seed: int = 0
) -> None:
    """Write all files of a release with networks of ``sizes`` into ``directory``."""
    directory.mkdir(parents=True, exist_ok=True)
    if isinstance(sizes, LaterSizes):
        _write_later_release(directory, sizes, seed)
        return
    text = configuration(sizes)
    (directory / "cosyvoice.yaml").write_text(text, encoding="utf-8")
    networks = {
        "llm": layout.llm(sizes),
        "flow": layout.flow(sizes),
        "hift": layout.hift(sizes),
    }
    _write_networks(directory, networks, seed)
    _write_speakers(directory / "spk2info.pt", sizes.speaker, seed)
    _write_speaker_encoder(directory / "campplus.onnx", sizes.speaker, seed)
    _write_speech_tokenizer(directory / "speech_tokenizer_v1.onnx", seed)


def _write_later_release(directory: Path, sizes: LaterSizes, seed: int) -> None:
    name = f"{sizes.family}.yaml"
    (directory / name).write_text(later_configuration(sizes), encoding="utf-8")
    networks = {
        "llm": later_layout.llm(sizes),
        "flow": later_layout.flow(sizes),
        "hift": later_layout.hift(sizes),
    }
    _write_networks(directory, networks, seed)
    folder = directory / "CosyVoice-BlankEN"
    folder.mkdir(exist_ok=True)
    text = text_model_configuration(sizes)
    (folder / "config.json").write_text(text, encoding="utf-8")
    _write_bytes_only(folder, sizes.text_tokens)
    _write_speaker_encoder(directory / "campplus.onnx", sizes.speaker, seed)
    version = {"cosyvoice2": "v2", "cosyvoice3": "v3"}[sizes.family]
    _write_speech_tokenizer(
        directory / f"speech_tokenizer_{version}.onnx", seed, frames_per_token=4
    )


def _write_networks(
    directory: Path, networks: dict[str, list[layout.Weight]], seed: int
) -> None:
    for name, weights in networks.items():
        tree: dict[str, object] = {
            weight.name: Tensor(weight.shape, partial(_draw, weight, f"{seed} {name}"))
            for weight in weights
        }
        # As in official releases, hift.pt is a plain dict that training left behind.
        modules = None if name == "hift" else layout.module_names(weights)
        write_torch_file(directory / f"{name}.pt", tree, modules=modules)


def _write_bytes_only(folder: Path, tokens: int) -> None:
    """Write a vocabulary with a single merge: nearly every byte is a token.

    The largest number leaves room for the special tokens, as the official one does.
    """
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    letters = [*plain, *(256 + place for place in range(len(others)))]
    numbers = {chr(letter): number for number, letter in enumerate(letters)}
    numbers["th"] = len(numbers)
    text = json.dumps(numbers, ensure_ascii=False)
    (folder / "vocab.json").write_text(text, encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\nt h\n", encoding="utf-8")
    if len(numbers) + _SPECIAL_TOKENS > tokens:
        raise ValueError(f"a text table of {tokens} rows is too small")


def _draw(weight: layout.Weight, stream: str) -> NDArray[np.float32]:
    """Return the numbers of a tensor, which depend on its name and not on its place."""
    rng = np.random.default_rng(zlib.crc32(f"{stream} {weight.name}".encode()))
    numbers = rng.standard_normal(weight.shape, np.float32)
    numbers *= np.float32(weight.deviation)
    numbers += np.float32(weight.mean)
    return numbers


def _write_speakers(path: Path, width: int, seed: int) -> None:
    speakers: dict[str, object] = {}
    for name in SPEAKERS:
        weight = layout.Weight(name, (1, width), 1.0)
        speakers[name] = {
            "embedding": Tensor(weight.shape, partial(_draw, weight, f"{seed} speaker"))
        }
    write_torch_file(path, speakers)


def _write_speaker_encoder(path: Path, width: int, seed: int) -> None:
    """Write a stand-in for CAM++: fbank (B, T, 80) to embedding (B, 192)."""
    weight = layout.Weight("campplus", (_FBANK_BINS, width), 0.1)
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
        [_value("output", TensorProto.FLOAT, ["B", width])],
    )


def _write_speech_tokenizer(
    path: Path, seed: int, *, frames_per_token: int = 2
) -> None:
    """Write a stand-in: Whisper log-mel (1, 128, T) to speech tokens (1, 1, N)."""
    shape = (_TOKENIZER_CHANNELS, _LOG_MEL_BINS, frames_per_token)
    weight = layout.Weight("speech_tokenizer", shape, 0.05)
    nodes = [
        helper.make_node(
            "Conv", ["feats", "weight"], ["scores"], strides=[frames_per_token]
        ),
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
