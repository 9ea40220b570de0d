"""The words of German, as tables."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize.noun import Noun, Words, nouns

WORDS = Words(
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"),
    units=nouns("""
        km|m|Kilometer
        m|m|Meter
        cm|m|Zentimeter
        mm|m|Millimeter
        km²|m|Quadratkilometer
        m²|m|Quadratmeter
        m³|m|Kubikmeter
        km/h|m|Stundenkilometer
        m/s|m|Meter pro Sekunde
        kg|n|Kilogramm
        g|n|Gramm
        mg|n|Milligramm
        t|f|Tonne|Tonnen
        l L|m|Liter
        ml mL|m|Milliliter
        h Std.|f|Stunde|Stunden
        min Min.|f|Minute|Minuten
        s Sek.|f|Sekunde|Sekunden
        ms|f|Millisekunde|Millisekunden
        W|n|Watt
        kW|n|Kilowatt
        kWh|f|Kilowattstunde|Kilowattstunden
        V|n|Volt
        A|n|Ampere
        Hz|n|Hertz
        hPa|n|Hektopascal
        MB|n|Megabyte
        GB|n|Gigabyte
        °C ℃|n|Grad Celsius
        °F|n|Grad Fahrenheit
        °|n|Grad
        """),
    money={
        "€": (Noun("m", "Euro", "Euro", "Euro"), Noun("m", "Cent", "Cent", "Cent")),
        "$": (
            Noun("m", "Dollar", "Dollar", "Dollar"),
            Noun("m", "Cent", "Cent", "Cent"),
        ),
        "£": (Noun("n", "Pfund", "Pfund", "Pfund"), Noun("m", "Pence", "Pence", "Pence")),
        "CHF": (
            Noun("m", "Franken", "Franken", "Franken"),
            Noun("m", "Rappen", "Rappen", "Rappen"),
        ),
    },
    signs={
        "+": "plus", "=": "gleich", "×": "mal", "÷": "geteilt durch", "<": "kleiner als",
        ">": "größer als", "&": "und", "±": "plus minus", "#": "Nummer", "‰": "Promille",
        "§": "Paragraf", "²": "hoch zwei", "³": "hoch drei",
    },
    abbreviations={
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt",
        "d.h.": "das heißt", "u. a.": "unter anderem", "u.a.": "unter anderem",
        "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa",
        "Nr.": "Nummer", "Dr.": "Doktor", "Hr.": "Herr", "Fr.": "Frau", "St.": "Sankt",
        "Str.": "Straße", "str.": "straße", "evtl.": "eventuell", "vgl.": "vergleiche",
        "inkl.": "inklusive", "Prof.": "Professor", "Tel.": "Telefon",
    },
    point="Komma", minus="minus", to="bis", percent="Prozent", at="ät", dot="Punkt",
)  # fmt: skip
