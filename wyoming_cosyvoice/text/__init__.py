"""Text as it is written -> sentences as they are spoken.

``SentenceReader`` is the way through; ``explain`` shows what each of its steps does,
and ``Lexicon`` holds the pronunciations of the user. Imports no model and no numpy.
"""

from wyoming_cosyvoice.text.explain import Explanation, explain
from wyoming_cosyvoice.text.lexicon import Lexicon
from wyoming_cosyvoice.text.reader import SentenceReader
from wyoming_cosyvoice.text.reading import Reading
from wyoming_cosyvoice.text.sentence import BASIC, LANGUAGES, Sentence, Skipped

__all__ = [
    "BASIC",
    "LANGUAGES",
    "Explanation",
    "Lexicon",
    "Reading",
    "Sentence",
    "SentenceReader",
    "Skipped",
    "explain",
]
