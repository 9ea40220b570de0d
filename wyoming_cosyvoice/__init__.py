"""CosyVoice text-to-speech for Home Assistant, on an ordinary CPU."""

__version__ = "0.1.0"
