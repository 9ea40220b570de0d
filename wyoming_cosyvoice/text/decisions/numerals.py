"""Decide what is a version and what is a Roman numeral."""

from __future__ import annotations

from wyoming_cosyvoice.text.decisions.table import Row, Table
from wyoming_cosyvoice.text.patterns import any_of
from wyoming_cosyvoice.text.scripts import CJK

_LATIN_NAME = r"[A-Za-z](?:[ ](?:v|Core|OS|release|version|build)?[ ]?|[ ])"
_WORD_CJK = any_of("版本 固件 韌體 系统 系統 バージョン 버전 펌웨어")
_WORD_ENGLISH = any_of("version firmware release build update_to v")
_WORD = rf"(?:{_WORD_CJK}|(?i:{_WORD_ENGLISH}))\s?[是为為:：はは은는]?\s?"
_FOLLOWS = r"\s?(?:版|バージョン|버전|正式|发布|發布|(?i:release|update|beta))"
_PROGRAM = any_of("""
    Python Node(?:\\.js)? Java PHP Ruby Rust Go Swift Kotlin TypeScript Ubuntu Debian
    Fedora Alpine Linux Kernel kernel Docker Kubernetes Postgres PostgreSQL MySQL Redis
    React Vue Angular Django Flask Rails PyTorch TensorFlow CUDA Chrome Firefox Safari
    Android iOS iPadOS macOS watchOS tvOS OpenSSL Zigbee2MQTT ESPHome
""")
_THAN_PROGRAM = rf"\b{_PROGRAM}\s[0-9.]{{1,6}}\s[a-z]{{2,8}}(?:\s[a-z]{{2,8}})?\s"
_MEASURED = (
    rf"\s?(?:%|{any_of('times x seconds ms [MG]B stars points million billion')})"
)

VERSIONS = Table(
    "A version or a number with a point",
    Row("*", _LATIN_NAME, "20.*", "", "version", "Home Assistant 2024.12"),
    Row("*", _WORD, "20.*", "", "version", "版本2024.12"),
    Row("*", "", "20.*", _FOLLOWS, "version", "2024.12版"),
    Row("en", rf"\b{_PROGRAM}\s", r"\d{1,2}\.\d{1,2}", "", "version", "Python 3.13"),
    Row("en", _THAN_PROGRAM, r"\d{1,2}\.\d{1,2}", f"(?!{_MEASURED})", "version", "Python 3.13 is faster than 3.9"),
)  # fmt: skip
"""Without a row that fits it is a date or a number."""

_PARTS = any_of("""
    chapter part volume vol act phase type mark war stage level section book episode class
    Chapter Part Volume Vol Act Phase Type Mark War Stage Level Section Book Episode Class
    mvt Mvt movement Movement grade season king queen pope bowl WW Ch Chap Art Sec Pt Bk Title Article Amendment Appendix Figure Fig Table Canto
    Schedule Vatican
""")
_ALWAYS_PARTS = any_of("""
    Ch Chap Art Bk Article Amendment Appendix Canto article Figure Table
    chapter part volume phase type level Chapter Part Volume Vol Act Phase Type Mark War
    Stage Level Section Book Episode Class
""")
_ROMAN_FOLLOWS = "[期型级級代世章部卷号號类類相度]|\\s?(?:기|형|급|상)(?![가-힣]{2})"

ROMANS = Table(
    "Capital letters that may be a Roman numeral",
    Row("*", rf"\b{_ALWAYS_PARTS}\.?\s|第", "", "", "numeral", "Chapter V, 第Ⅲ期"),
    Row("zh yue ja ko", "", "I", _ROMAN_FOLLOWS, "numeral", "Ⅰ期, I型"),
    Row("*", "", "I", "", "letters", "I"),
    Row("*", "", "M[IVXLCDM]{3,}", "", "numeral", "MMXXIV"),
    Row("*", "", "X{0,3}L|C{1,3}|[MDCLX]+", "", "letters", "XL, CC, XX"),
    Row("*", "", ".", _ROMAN_FOLLOWS, "numeral", "V型"),
    Row("*", "", ".", "", "letters", "X"),
    Row("zh yue ja ko", rf"[{CJK}]\s?", "II|III|IV|VI{1,3}|IX", "", "numeral", "三体III"),
    Row("*", rf"\b(?:{_PARTS}|[A-Z][a-z]+)\.?\s", "", "", "numeral", "King Charles III"),
    Row("*", "", "", _ROMAN_FOLLOWS, "numeral", "II型"),
)  # fmt: skip
"""Without a row that fits they are letters."""

NORMS = Table(
    "The number of a standard",
    Row("*", r"(?i:f/[0-9.]+|camera|lens|photo|shutter|aperture|快门|光圈|相机|シャッター|感度|조리개|셔터).{0,30}", "ISO [0-9]+00", "", "number", "f/2.8 at ISO 400"),
    Row("*", "", "ISO [0-9]+00", r".{0,30}(?i:f/[0-9.]+|camera|lens|shutter|快门|光圈|シャッター|조리개|셔터)", "number", "ISO 1600, f/4"),
)  # fmt: skip
"""Without a row that fits its digits are said."""
