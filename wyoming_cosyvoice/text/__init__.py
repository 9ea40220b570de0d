"""Text as it is written -> sentences as they are spoken."""

from wyoming_cosyvoice.text.reader import SentenceReader
from wyoming_cosyvoice.text.sentence import LANGUAGES, Sentence

__all__ = ["LANGUAGES", "Sentence", "SentenceReader"]
