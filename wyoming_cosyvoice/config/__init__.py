"""The configuration: checked once, then read-only.

Every class here is frozen. The command line builds one ``Config`` from flags and
variables (``cli/settings.py``); other modules get the part they need and never see
flags or the environment. All limits that protect the machine or a peer are in
``Limits``.
"""

from wyoming_cosyvoice.config.config import (
    HUBS,
    LEXICON,
    LOUDNESS_RANGE,
    MAX_SILENCE_S,
    SPEED_RANGE,
    VOICES,
    Config,
    HttpConfig,
    ModelConfig,
    ServerConfig,
    SoundConfig,
    SpeechConfig,
    default_data_dir,
)
from wyoming_cosyvoice.config.limits import Limits

__all__ = [
    "HUBS",
    "LEXICON",
    "LOUDNESS_RANGE",
    "MAX_SILENCE_S",
    "SPEED_RANGE",
    "VOICES",
    "Config",
    "HttpConfig",
    "Limits",
    "ModelConfig",
    "ServerConfig",
    "SoundConfig",
    "SpeechConfig",
    "default_data_dir",
]
