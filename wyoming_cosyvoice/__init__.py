"""CosyVoice text-to-speech for Home Assistant, on an ordinary CPU."""

import os

__version__ = "0.1.0"

# ONNX Runtime from 1.29 on uploads telemetry unless this is set before its import, and
# nothing may leave the house. Whoever set the variable keeps what they chose.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
