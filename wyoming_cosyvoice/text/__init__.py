"""Text as it is written -> sentences as they are spoken.

``SentenceReader`` reads a text, ``Reading`` is the result of each step for a written
sentence, and ``Lexicon`` holds the user's pronunciations. Imports no model, no numpy.
"""

from wyoming_cosyvoice.text.lexicon import Lexicon
from wyoming_cosyvoice.text.reader import SentenceReader
from wyoming_cosyvoice.text.reading import Reading
from wyoming_cosyvoice.text.sentence import BASIC, LANGUAGES, Sentence, Skipped

__all__ = [
    "BASIC",
    "LANGUAGES",
    "Lexicon",
    "Reading",
    "Sentence",
    "SentenceReader",
    "Skipped",
]
