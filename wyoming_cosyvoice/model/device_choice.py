"""Choose the device for the flow and the vocoder of a pack."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from wyoming_cosyvoice.model.device import CPU, OTHERS
from wyoming_cosyvoice.model.families import family_of
from wyoming_cosyvoice.pack.settings import Precision

if TYPE_CHECKING:
    from collections.abc import Collection

    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.pack.manifest import Manifest

_LOGGER = logging.getLogger(__name__)

# OpenVINO on a CPU is slower than our int8 there (docs/speed.md); CoreML and DirectML
# were never measured, and come with packages that people have for other reasons.
_AUTOMATIC = ("cuda",)
_FLOATS = (Precision.FP16, Precision.FP32)


def choose_device(
    manifest: Manifest, wanted: str, available: Collection[str]
) -> Device:
    """Return the device for a pack; ``wanted`` is what the user set.

    ``available`` are the execution providers of ONNX Runtime that are installed
    (session.available_providers). What is wanted and cannot be had is logged.
    """
    if wanted == CPU.name:
        return replace(CPU, reason="as set")
    if wanted == "auto":
        return _choose_automatically(manifest, available)
    device = OTHERS[wanted]
    if obstacle := _obstacle(device, manifest, available):
        _LOGGER.warning("The device %s is not used: %s", device.name, obstacle)
        return replace(CPU, reason=obstacle)
    return replace(device, reason="as set")


def _choose_automatically(manifest: Manifest, available: Collection[str]) -> Device:
    for name in _AUTOMATIC:
        if not _obstacle(OTHERS[name], manifest, available):
            return replace(OTHERS[name], reason="the GPU of this machine")
    return replace(CPU, reason="no faster device can be used for this model")


def _obstacle(
    device: Device, manifest: Manifest, available: Collection[str]
) -> str | None:
    """Return why a pack cannot use a device, and what to do."""
    if device.provider not in available:
        return f"it needs the package {device.package} in place of onnxruntime"
    if not family_of(manifest).has_devices:
        return f"models of the family {manifest.family} are for the CPU"
    if manifest.precision not in _FLOATS:
        return (
            f"{manifest.name} is {manifest.precision}, which is for the CPU; "
            "convert or fetch it with --precision fp16"
        )
    return None
