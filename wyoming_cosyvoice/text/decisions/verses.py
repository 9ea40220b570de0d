"""Names of books in which 3:16 is a chapter and a verse."""

from __future__ import annotations

from wyoming_cosyvoice.text.patterns import any_of

_ENGLISH = any_of("""
    Genesis Exodus Leviticus Numbers Deuteronomy Joshua Judges Ruth Samuel Kings Chronicles
    Ezra Nehemiah Esther Job Psalms? Proverbs Ecclesiastes Song_of_Solomon Song_of_Songs
    Isaiah Jeremiah Lamentations Ezekiel Daniel Hosea Joel Amos Obadiah Jonah Micah Nahum
    Habakkuk Zephaniah Haggai Zechariah Malachi Matthew Mark Luke John Acts Romans
    Corinthians Galatians Ephesians Philippians Colossians Thessalonians Timothy Titus
    Philemon Hebrews James Peter Jude Revelation Quran Qur'an Surah Sura Gita
    Gen\\.? Ex\\. Exod\\.? Lev\\.? Num\\.? Deut\\.? Josh\\. Judg\\. Sam\\. Kgs\\. Chron\\. Neh\\.?
    Pss?\\.? Prov\\.? Eccl\\.? Eccles\\.? Isa\\.? Jer\\.? Lam\\.? Ezek\\.? Dan\\. Hos\\.? Mic\\.? Zech\\.?
    Mal\\. Matt\\.? Mt\\.? Mk\\.? Lk\\.? Jn\\.? Rom\\.? Cor\\.? Gal\\.? Eph\\.? Phil\\. Col\\. Thess\\.?
    Tim\\. Tit\\. Heb\\.? Jas\\.? Pet\\. Rev\\.?
""")
_HAN = any_of("""
    创世[记紀] 創世[记紀] 出埃及[记記] 利未[记記] 民数[记記] 申命[记記] 诗篇 詩篇 箴言 传道书 傳道書 雅歌 以赛亚书 以賽亞書 耶利米书 但以理书
    [马馬]太福音 [马馬]可福音 路加福音 [约約]翰福音 使徒行[传傳] [罗羅][马馬][书書] 哥林多[前后後][书書] 加拉太[书書] 以弗所[书書]
    腓立比[书書] 歌[罗羅]西[书書] 帖撒[罗羅]尼迦[前后後][书書] 提摩太[前后後][书書] 希伯[来來][书書] 雅各[书書] 彼得[前后後][书書] [约約]翰[一二三][书書] [启啟]示[录錄]
    古兰经 可蘭經
""")
_JAPANESE = any_of("""
    創世記 出エジプト記 詩[篇編] 箴言 イザヤ書 マタイ(?:の?福音書?|による福音書|伝)? マルコ(?:の?福音書?|による福音書|伝)? ルカ(?:の?福音書?|による福音書|伝)?
    ヨハネ(?:の?福音書?|による福音書|伝)? 使徒行伝 ローマ(?:人への手紙|書) コリント.{0,9} 黙示録 コーラン
""")
_KOREAN = any_of("""
    창세기 출애굽기 레위기 민수기 신명기 여호수아 사사기 시편 잠언 전도서 이사야 예레미야 다니엘 마태복음 마가복음 누가복음 요한복음 사도행전
    로마서 고린도[전후]서 갈라디아서 에베소서 빌립보서 골로새서 데살로니가[전후]서 디모데[전후]서 히브리서 야고보서 베드로[전후]서 요한[일이삼123]서 요한계시록 꾸란
""")
BOOK = rf"(?:\b{_ENGLISH}|{_HAN}|{_JAPANESE}|{_KOREAN})\s?"
"""What ends just before the chapter."""
