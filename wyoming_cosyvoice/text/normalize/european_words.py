"""The words of the European languages, by language."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize import (
    words_de,
    words_es,
    words_fr,
    words_it,
    words_ru,
)
from wyoming_cosyvoice.text.normalize.noun import Noun

WORDS = {
    "de": words_de.WORDS,
    "es": words_es.WORDS,
    "fr": words_fr.WORDS,
    "it": words_it.WORDS,
    "ru": words_ru.WORDS,
}

PERCENT_RU = Noun("m", "процент", "процента", "процентов")
