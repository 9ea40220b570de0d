"""Where flow and vocoder are computed: the CPU, or a device through ONNX Runtime.

They are most of the arithmetic of CosyVoice-300M, in few large calls. The language
model stays on the CPU: it waits for memory, and its cache would have to move as well.
Integers are for the CPU only, so a device needs a pack in fp16 or fp32.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Device:
    """A device, and how ONNX Runtime calls it."""

    name: str
    provider: str
    package: str = "onnxruntime"
    """The Python package of ONNX Runtime that has it."""

    options: Mapping[str, str] = field(default_factory=dict)
    reason: str = field(default="", compare=False)
    """Why it was chosen, for users."""


CPU = Device("cpu", "CPUExecutionProvider")
OTHERS = {
    device.name: device
    for device in (
        Device("cuda", "CUDAExecutionProvider", "onnxruntime-gpu"),
        Device("openvino", "OpenVINOExecutionProvider", "onnxruntime-openvino"),
        Device("coreml", "CoreMLExecutionProvider"),
        Device("directml", "DmlExecutionProvider", "onnxruntime-directml"),
    )
}
"""Devices by name, besides the CPU."""

DEVICES = ("auto", CPU.name, *OTHERS)
