"""CosyVoice text-to-speech for Home Assistant, on an ordinary CPU.

    from wyoming_cosyvoice import load
    load().save("Hello there.", "hello.wav")

``load``, ``Synthesizer`` and ``Config`` are for other programs; everything else may
change between versions.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.library.speaking import Synthesizer, load

__all__ = ["Config", "Synthesizer", "__version__", "load"]

__version__ = "0.1.0"

# ONNX Runtime uploads telemetry since 1.29 unless this is set before its import. A
# value set by the user is kept.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def __getattr__(name: str) -> Any:
    """Import public names on first use: commands need few of them."""
    if name == "Config":
        from wyoming_cosyvoice.config import Config  # noqa: PLC0415

        return Config
    if name in {"Synthesizer", "load"}:
        from wyoming_cosyvoice.library import speaking  # noqa: PLC0415

        return getattr(speaking, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
