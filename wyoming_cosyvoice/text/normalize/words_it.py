"""The words of Italian, as tables."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize.noun import Noun, Words, nouns

WORDS = Words(
    months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    units=nouns("""
        km|m|chilometro|chilometri
        m|m|metro|metri
        cm|m|centimetro|centimetri
        mm|m|millimetro|millimetri
        km²|m|chilometro quadrato|chilometri quadrati
        m²|m|metro quadrato|metri quadrati
        m³|m|metro cubo|metri cubi
        km/h|m|chilometro orario|chilometri orari
        m/s|m|metro al secondo|metri al secondo
        kg|m|chilogrammo|chilogrammi
        g|m|grammo|grammi
        mg|m|milligrammo|milligrammi
        t|f|tonnellata|tonnellate
        l L|m|litro|litri
        ml mL|m|millilitro|millilitri
        h|f|ora|ore
        min|m|minuto|minuti
        s|m|secondo|secondi
        ms|m|millisecondo|millisecondi
        W|m|watt
        kW|m|chilowatt
        kWh|m|chilowattora
        V|m|volt
        A|m|ampere
        Hz|m|hertz
        hPa|m|ettopascal
        MB|m|megabyte
        GB|m|gigabyte
        °C ℃|m|grado Celsius|gradi Celsius
        °F|m|grado Fahrenheit|gradi Fahrenheit
        °|m|grado|gradi
        """),
    money={
        "€": (
            Noun("m", "euro", "euro", "euro"),
            Noun("m", "centesimo", "centesimi", "centesimi"),
        ),
        "$": (
            Noun("m", "dollaro", "dollari", "dollari"),
            Noun("m", "centesimo", "centesimi", "centesimi"),
        ),
        "£": (
            Noun("f", "sterlina", "sterline", "sterline"),
            Noun("m", "penny", "penny", "penny"),
        ),
    },
    signs={
        "+": "più", "=": "uguale a", "×": "per", "÷": "diviso", "<": "minore di",
        ">": "maggiore di", "&": "e", "±": "più o meno", "#": "numero", "‰": "per mille",
        "§": "paragrafo", "²": "al quadrato", "³": "al cubo",
    },
    abbreviations={
        "Sig.": "signor", "Sig.ra": "signora", "Sig.na": "signorina", "Dott.": "dottor",
        "Dott.ssa": "dottoressa", "Dr.": "dottor", "Prof.": "professor",
        "Ing.": "ingegner", "ecc.": "eccetera", "es.": "esempio", "pag.": "pagina",
        "n.": "numero", "n°": "numero", "tel.": "telefono", "ca.": "circa",
        "S.": "San", "Avv.": "avvocato",
    },
    point="virgola", minus="meno", to="a", percent="per cento", at="chiocciola",
    dot="punto",
)  # fmt: skip
