"""The words of Spanish, as tables."""

from __future__ import annotations

from wyoming_cosyvoice.text.normalize.noun import Noun, Words, nouns

WORDS = Words(
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    units=nouns("""
        km|m|kilómetro|kilómetros
        m|m|metro|metros
        cm|m|centímetro|centímetros
        mm|m|milímetro|milímetros
        km²|m|kilómetro cuadrado|kilómetros cuadrados
        m²|m|metro cuadrado|metros cuadrados
        m³|m|metro cúbico|metros cúbicos
        km/h|m|kilómetro por hora|kilómetros por hora
        m/s|m|metro por segundo|metros por segundo
        kg|m|kilogramo|kilogramos
        g|m|gramo|gramos
        mg|m|miligramo|miligramos
        t|f|tonelada|toneladas
        l L|m|litro|litros
        ml mL|m|mililitro|mililitros
        h|f|hora|horas
        min|m|minuto|minutos
        s|m|segundo|segundos
        ms|m|milisegundo|milisegundos
        W|m|vatio|vatios
        kW|m|kilovatio|kilovatios
        kWh|m|kilovatio hora|kilovatios hora
        V|m|voltio|voltios
        A|m|amperio|amperios
        Hz|m|hercio|hercios
        hPa|m|hectopascal|hectopascales
        MB|m|megabyte|megabytes
        GB|m|gigabyte|gigabytes
        °C ℃|m|grado Celsius|grados Celsius
        °F|m|grado Fahrenheit|grados Fahrenheit
        °|m|grado|grados
        """),
    money={
        "€": (
            Noun("m", "euro", "euros", "euros"),
            Noun("m", "céntimo", "céntimos", "céntimos"),
        ),
        "$": (
            Noun("m", "dólar", "dólares", "dólares"),
            Noun("m", "centavo", "centavos", "centavos"),
        ),
        "£": (
            Noun("f", "libra", "libras", "libras"),
            Noun("m", "penique", "peniques", "peniques"),
        ),
    },
    signs={
        "+": "más", "=": "igual a", "×": "por", "÷": "entre", "<": "menor que",
        ">": "mayor que", "&": "y", "±": "más menos", "#": "número", "‰": "por mil",
        "§": "párrafo", "²": "al cuadrado", "³": "al cubo",
    },
    abbreviations={
        "Sr.": "señor", "Sra.": "señora", "Srta.": "señorita", "Dr.": "doctor",
        "Dra.": "doctora", "Ud.": "usted", "Uds.": "ustedes", "etc.": "etcétera",
        "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "n.º": "número", "N.º": "número",
        "nº": "número", "pág.": "página", "tel.": "teléfono", "aprox.": "aproximadamente",
        "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "Prof.": "profesor",
    },
    point="coma", minus="menos", to="a", percent="por ciento", at="arroba", dot="punto",
)  # fmt: skip
