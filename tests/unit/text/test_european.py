"""German, Spanish, French, Italian and Russian, for models that speak them.

Each line of ``european.tsv`` is one case: language, what is written, what is said.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wyoming_cosyvoice.errors import LanguageNotSpoken
from wyoming_cosyvoice.text import BASIC, LANGUAGES, SentenceReader
from wyoming_cosyvoice.text.normalize import european

LINES = Path(__file__).with_name("european.tsv").read_text(encoding="utf-8")
CASES = [tuple(line.split("\t")) for line in LINES.splitlines()]
EUROPEAN = ("de", "es", "fr", "it", "ru")


def read(text, *, languages=LANGUAGES, **hints):
    reader = SentenceReader(
        count_tokens=len, max_tokens=1000, languages=languages, **hints
    )
    return [*reader.feed(text), *reader.finish()]


def spoken(text, **hints):
    return " ".join(sentence.spoken for sentence in read(text, **hints))


@pytest.mark.parametrize("language", EUROPEAN)
def test_there_are_twenty_lines_a_language(language):
    assert sum(case[0] == language for case in CASES) >= 20


@pytest.mark.parametrize(("language", "written", "said"), CASES)
def test_it_is_read_as_it_is_said(language, written, said):
    pytest.importorskip("num2words")
    assert spoken(written, request_language=language) == said


UNSEEN = {
    "de": (
        "Das Fenster im Schlafzimmer steht offen.",
        "Schalte das Licht in der Küche aus.",
        "Morgen regnet es am Nachmittag.",
        "Dein Paket wurde geliefert.",
        "Vergiss nicht, den Müll rauszubringen.",
        "Die Heizung läuft seit drei Stunden.",
    ),
    "es": (
        "La ventana del dormitorio está abierta.",
        "Apaga la luz de la cocina.",
        "Mañana va a llover por la tarde.",
        "Tu paquete ha llegado.",
        "No olvides sacar la basura.",
        "La calefacción lleva tres horas encendida.",
    ),
    "fr": (
        "La fenêtre de la chambre est ouverte.",
        "Éteins la lumière de la cuisine.",
        "Il va pleuvoir demain après-midi.",
        "Votre colis est arrivé.",
        "N'oublie pas de sortir les poubelles.",
        "Le chauffage tourne depuis trois heures.",
    ),
    "it": (
        "La finestra della camera è aperta.",
        "Spegni la luce della cucina.",
        "Domani pomeriggio pioverà.",
        "Il tuo pacco è arrivato.",
        "Non dimenticare di portare fuori la spazzatura.",
        "Il riscaldamento è acceso da tre ore.",
    ),
    "en": (
        "The bedroom window is open.",
        "Turn off the kitchen light.",
        "It will rain tomorrow afternoon.",
        "Your parcel has arrived.",
        "Don't forget to take out the bins.",
        "The heating has been on for three hours.",
    ),
}


def test_most_sentences_tell_their_language():
    """What a request or a voice names need not be told; this is without both."""
    found = [
        read(text)[0].language == language
        for language, texts in UNSEEN.items()
        for text in texts
    ]
    assert sum(found) >= 0.8 * len(found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The lights are off and the door is closed.", "en"),
        ("今天天气很好。", "zh"),
        ("おはようございます。", "ja"),
        ("Guten Morgen, es ist kalt.", "de"),
        ("Buenos días, ¿cómo está usted?", "es"),
        ("Bonjour, il fait froid aujourd'hui.", "fr"),
        ("Buongiorno, oggi fa molto freddo.", "it"),
        ("Доброе утро.", "ru"),
    ],
)
def test_other_languages_stay_what_they_are(text, language):
    for asked in (None, "de"):
        (sentence,) = read(text, request_language=asked)
        assert sentence.language == language


def test_sentences_end_where_they_end():
    cases = {
        "Am 3. Mai kommt Dr. Weiß. Dann gehen wir.": 2,
        "Er hat z. B. Äpfel gekauft. Sie nicht.": 2,
        "Wir treffen uns am 24. Dezember. Bis dann.": 2,
        "El Sr. García llegó. La Sra. López no.": 2,
        "M. Dupont est là. Mme Durand aussi.": 2,
        "Il Sig. Rossi è qui. La Dott.ssa Bianchi no.": 2,
        "Он живёт на ул. Ленина. Она нет.": 2,
        "Это было в 1985 г. в Москве. Теперь нет.": 2,
    }
    for text, count in cases.items():
        assert len(read(text)) == count, text


def test_models_that_do_not_speak_them_ignore_the_tag():
    for languages in (None, BASIC):
        (sentence,) = read("Hello there.", request_language="de", languages=languages)
        assert sentence.language == "en"
        (sentence,) = read("23", request_language="de-DE", languages=languages)
        assert sentence.language == "en"


def test_other_letters_are_left_out_and_named():
    reader = SentenceReader(count_tokens=len, languages=LANGUAGES)
    reader.feed("שלום לכולם.")
    with pytest.raises(LanguageNotSpoken, match="Hebrew"):
        reader.finish()


def test_no_digit_and_no_sign_is_left():
    pytest.importorskip("num2words")
    odd = (
        "½ x² @home #5 100% <b> {3} 1/2 3:2 5+3=8 10:00-12:00 1e5 v1.2.3 ☃ 007 3,141.5"
    )
    for language in EUROPEAN:
        said = spoken(odd, request_language=language)
        assert not any(char.isdigit() for char in said), said
        assert not set("%@#<>{}/+=_☃") & set(said), said


def test_numbers_stay_where_the_library_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "num2words", None)
    european._reader.cache_clear()
    try:
        said = spoken("Es ist z. B. 14:30 Uhr & kalt.", request_language="de")
    finally:
        european._reader.cache_clear()
    assert said == "Es ist zum Beispiel 14:30 Uhr und kalt."
