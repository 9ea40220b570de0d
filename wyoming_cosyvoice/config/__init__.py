"""The configuration: what a run of the program was told, checked once, then only read.

Every class here is frozen. The command line builds one ``Config`` from flags and
variables (``cli/settings.py``); everything below it gets the part that it needs, and
never sees flags or the environment. Numbers that protect the machine or a peer are all
in ``Limits``.
"""

from wyoming_cosyvoice.config.config import (
    HUBS,
    LEXICON,
    LOUDNESS_RANGE,
    MOST_SILENCE_S,
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
    "MOST_SILENCE_S",
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
