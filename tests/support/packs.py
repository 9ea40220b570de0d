"""A pack whose files are not networks: enough for everything around networks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onnx import TensorProto, helper

from wyoming_cosyvoice.pack.manifest import Manifest, PackTokenizer, PackVoice
from wyoming_cosyvoice.pack.settings import FlowSettings, Sampling, SourceSettings
from wyoming_cosyvoice.pack.writer import PackWriter

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.pack.pack import Pack


def graph(location: str = "speech_lm.weights") -> bytes:
    """Return an ONNX file whose only weight is in another file."""
    weight = TensorProto(name="weight", data_type=TensorProto.UINT8, dims=[2048])
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=location)
    weight.external_data.add(key="offset", value="0")
    node = helper.make_node("Identity", ["weight"], ["output"])
    output = helper.make_tensor_value_info("output", TensorProto.UINT8, [2048])
    body = helper.make_graph([node], "test", [], [output], [weight])
    content: bytes = helper.make_model(body).SerializeToString()
    return content


FILES = {
    "speech_lm.onnx": graph(),
    "speech_lm.weights": bytes(range(256)) * 8,
    "voices/zh-female.npz": b"an embedding" * 5,
    "phonemes.txt": "a\nɪ\n".encode(),
}


def manifest() -> Manifest:
    """Return a manifest without files."""
    return Manifest(
        name="test",
        source="made by a test",
        licence="Apache-2.0",
        precision="int8",
        sample_rate=22050,
        token_rate=50,
        tokenizer=PackTokenizer("phonemes", 60, "phonemes.txt"),
        sampling=Sampling(top_p=0.7, repetition=1.1),
        flow=FlowSettings(steps=6, guidance=0.5),
        vocoder=SourceSettings(22050, 256, (1.0, 0.5), -0.1),
        voices=(
            PackVoice(
                id="zh-female",
                speaker="中文女",
                name="Chinese female",
                description="Chinese (Mandarin), female",
                languages=("zh", "zh-CN"),
                file="voices/zh-female.npz",
            ),
        ),
        sizes={"speech_lm.blocks": 2},
    )


def fill(directory: Path) -> None:
    """Write the files of the pack."""
    for name, content in FILES.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def write(target: Path) -> Pack:
    """Write the whole pack."""
    with PackWriter(target) as writer:
        fill(writer.directory)
        return writer.finish(manifest())
