"""German, Spanish, French, Italian and Russian: which of them a sentence is in.

Used for models that speak them. Cyrillic letters are Russian; the others are recognized
by their function words, and by letters that only one of them has. Otherwise the
language of the request or of the voice counts, and only then English.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from wyoming_cosyvoice.text.patterns import pattern
from wyoming_cosyvoice.text.sentence import EUROPEAN

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = pattern("[^\\W\\d_]+")
_CYRILLIC = pattern("[\u0400-\u04ff]")
_LETTERS = {
    "de": frozenset("ßäöü"),
    "es": frozenset("ñ¿¡"),
    "fr": frozenset("çœêâîûëï"),
    "it": frozenset("ìò"),
}
_SMALL_WORDS = {
    "de": """
        der die das und ist nicht ein eine einen einem im den dem mit auf für von zu
        sind es ich sie wir ihr auch noch nach bei aus uhr heute morgen wird hat
        habe haben war wie oder aber bitte guten danke sehr kein keine über unter
        zum zur am vom viel dann neue alle beim gibt gut kann muss können brauche
        kostet rufen
        """,
    "es": """
        el los las y es no una unos en del con por para que se su al más como está
        están hay hoy mañana pero muy gracias hola buenos buenas son fue ha han
        usted qué cuánto dónde cómo este esta señor señora la de a un necesito
        cuesta tiene tarda faltan sólo solo día días horas vive nació casa fuera
        """,
    "fr": """
        le les des et est une du dans sur pour avec que qui ne pas au aux ce cette
        il elle nous vous je on sont très bonjour merci aujourd hui demain heures
        mais ou où plus son sa ses bonsoir fait être la de à a en un c l d s faut
        cela prend reste né coûte habite appelez jours fois
        """,
    "it": """
        il gli e è una di del della dei delle nel nella con per che non al alla sono
        questo questa oggi domani ma molto grazie buongiorno ciao ore come anche più
        ha hanno lo un sul sulla la a se ci vogliono serve abita costa manca giorni
        mese nato c l d fuori treno
        """,
    "en": """
        the and is are of to in it that this with for was on not you your at be have
        has from will now please good a how what my turn off door light lights there
        """,
}
_BY_WORD: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _one in _words.split():
        _BY_WORD.setdefault(_one, []).append(_language)

_LETTER_WEIGHT = 1.5
_NAMED_WEIGHT = 0.75


def detect_european(text: str, priors: Sequence[str | None]) -> str | None:
    """Return which of the five a sentence is in; None if it is in another language.

    ``priors`` are languages that the request, the voice or the text so far name.
    """
    if _CYRILLIC.search(text):
        return "ru"
    words = [word.lower() for word in _WORD.findall(text)]
    points: defaultdict[str, float] = defaultdict(float)
    for word in words:
        known = _BY_WORD.get(word, ())
        for language in known:
            points[language] += 1 / len(known)
    for language, letters in _LETTERS.items():
        if letters & set(text.lower()):
            points[language] += _LETTER_WEIGHT
    named = next((name for name in priors if name), None)
    if named is not None:
        points[named] += _NAMED_WEIGHT
    best = max(points, key=lambda one: points[one], default=None)
    return best if best in EUROPEAN else None
