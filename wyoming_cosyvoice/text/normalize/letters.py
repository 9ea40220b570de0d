"""Words in Latin letters: what is spelt letter by letter and what is a word.

The model reads capitals as odd words; it was trained on text in which words are in lower
case. So initialisms are spelt with blanks between the letters, and shouted words are
written small.
"""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import pattern

# Initialisms that people say as a word, and short words that are often shouted.
_SAID_AS_WORD = frozenset(
    """
    NASA NATO UNESCO COVID ZIGBEE LORA RAM ROM LAN WAN SIM PIN GIF JPEG ASAP LASER
    QNAP ONVIF SUPLA KIWI FRITZ OSRAM BOSE LIDL ALDI REWE EDEKA ASUS ACER OPPO VIVO
    SONY CASIO EPSON CANON NIKON FIAT AUDI KEBA TADO SMEG NEFF BOSCH BRAUN HACS NUKI
    TUYA ARLO ROKU NEST HULU VISA NIKE PUMA ZARA BEKO AJAX UNICEF FEMA ZOOM OLED
    RADAR SCUBA OPEC FIFA BIOS CAPTCHA SARS AIDS SOHO YOLO IKEA LEGO SONOS TASMOTA
    MATTER ESPHOME YAML JSON HASSIO SMART ECO AUTO MAX MIN OFF ON OPEN HOME AWAY
    HEAT COOL DRY FAN LOW HIGH WARNING ALERT ERROR LEAK FIRE SMOKE STOP START DONE
    READY IDLE PLAY PAUSE LOCK UNLOCK LOCKED THE AND FOR NOT YES NEW YOU YOUR ARE
    WAS HAS HAVE IS IT IN AT TO OF OR BY DO GO NO ALL ANY NOW DOOR LIGHT LIGHTS
    ROOM WATER FULL EMPTY BUSY CLOSED CLOSE POWER SAFE BOOST HELLO TEST NOTE THIS
    THAT WITH FROM BEEN LEFT RIGHT UP OUT GET SET RUN BAD GOOD BIG ONE TWO SIX TEN
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_SPELT_LOWER = frozenset(
    """
    www http https html css pdf png jpg jpeg gif svg csv xml mp ssh ftp usb url id
    ip tv txt wav flac mkv doc docx xls xlsx ppt pptx exe db js ts py
    """.split()  # noqa: SIM905 - a list to be read and extended
)
_WORDS = {
    "WIFI": "WiFi", "Wifi": "WiFi", "wifi": "WiFi", "OK": "OK", "PM": "P M", "AM": "A M",
    "vs": "versus", "VS": "versus", "IoT": "I o T", "APP": "app", "App": "app", "TV": "T V",
}  # fmt: skip
_LONGEST_INITIALISM = 5
_VOWEL = pattern("[AEIOUY]")
_SHOUTED = pattern(r"(?:^|\s)[A-Z]{2,}[\s,:!]+$|^[\s,:!]+[A-Z]{2,}(?:\s|[.!,:]|$)")
_ROMAN = {"I": 1, "V": 5, "X": 10}


def word(text: str, before: str, after: str) -> str | None:
    """Return how a word is written for the model; ``before`` and ``after`` are its place."""
    if text in _WORDS:
        return _WORDS[text]
    if len(text) == 1 or not text.isupper():
        return text
    if "'" in text:
        return text.lower()
    if text in _SAID_AS_WORD:
        return text.lower()
    is_sentence_shouted = bool(_SHOUTED.search(before) or _SHOUTED.match(after))
    has_vowel = bool(_VOWEL.search(text))
    if len(text) > _LONGEST_INITIALISM and has_vowel:
        return text.lower()
    if is_sentence_shouted and has_vowel and len(text) > _LONGEST_INITIALISM - 2:
        return text.lower()
    return spell(text)


def spell(text: str) -> str:
    """Return the letters with blanks between them."""
    return " ".join(text.upper())


def with_suffix(text: str) -> str:
    """Return how USB-C is written: the letter behind the hyphen is a word of its own."""
    return text.replace("-", " ")


def in_identifier(text: str) -> str:
    """Return how the letters of a name such as CA1234 or iPhone15 are written."""
    if (
        len(text) <= _LONGEST_INITIALISM
        and text.isupper()
        and text not in _SAID_AS_WORD
    ):
        return spell(text)
    return text.lower() if text.isupper() else text


def in_address(text: str) -> str:
    """Return how the letters of a URL, a file name or an entity id are written."""
    if text.lower() in _SPELT_LOWER:
        return spell(text)
    return text.lower() if text.isupper() else text


def roman_value(text: str) -> int:
    """Return the value of a Roman numeral of I, V and X; 0 if it is none."""
    values = [_ROMAN.get(char, 0) for char in text]
    total = 0
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total
