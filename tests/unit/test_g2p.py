"""Reading text as the units of the starter voice."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path

import pytest

from wyoming_cosyvoice.tokenizer import (
    foreign_en,
    g2p_en,
    g2p_zh,
    lexicon_en,
    sounds_en,
)
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P

english = g2p_en.EnglishG2P()
mixed = MixedG2P()


def said(text: str) -> str:
    return "".join(english.to_units(text))


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("Hello there.", "həlˈO ðɛɹ."),
        ("the apple, the pear", "ði ˈæpᵊl, ðə pˈɛɹ"),
        ("to Anna to Peter", "tʊ ˈɑnə tə pˈiTəɹ"),
        ("Is it on?", "ˌɪz ɪt ˌɔn?"),
        ("It's the dog's.", "ˌɪts ðə dˈɔɡz."),
        ("I’m here", "ˌIm hˈɪɹ"),
    ],
)
def test_english_is_read_as_the_lexicon_has_it(text: str, phonemes: str) -> None:
    assert said(text) == phonemes


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("I want to record it", "ɹəkˈɔɹd"),
        ("play the record", "ɹˈɛkəɹd"),
        ("I have read it", "ɹˈɛd"),
        ("I read it", "ɹˈid"),
    ],
)
def test_the_word_before_chooses_between_readings(text: str, has: str) -> None:
    assert has in said(text)


def test_words_of_two_readings_follow_their_sentence() -> None:
    wrong = []
    lines = Path(__file__).with_name("heteronyms.tsv").read_text(encoding="utf-8")
    for line in lines.splitlines():
        text, phonemes = line.split("\t")
        start = text.index("[")
        words = english.words(re.sub(r"[\[\]]", "", text))
        found = [w.units for w in words if w.start == start and w.end > start]
        if found != [tuple(sounds_en.split_phonemes(phonemes))]:
            wrong.append((text, found))
    assert len(lines.splitlines()) >= 157
    assert not wrong


@pytest.mark.parametrize(
    ("written", "phonemes"),
    [
        ("IKEA", "Ikˈiə"),
        ("IKEA's", "Ikˈiəz"),
        ("Sonos's", "sˈOnOsᵻz"),
        ("Wi-Fi", "wˈI fˌI"),
        ("TVs", "tˌivˈiz"),
        ("iPhone", "ˈIfˌOn"),
        ("OpenAI", "ˈOpᵊn ˌAˈI"),
        ("José", "hOsˈA"),
        ("Beyoncé", "biˈɑnsA"),
        ("café", "kæfˈA"),
        ("HomeKit", "hˈOmkˌɪt"),
        ("Xiaoling and Zhengbo", "ʃˌWlˈɪŋ ænd ʤˌʌŋbˈO"),
        ("Culiacán", "kuliəkˈɑn"),
        ("McDonald's", "məkdˈɑnəldz"),
        ("Andrea, Andreas", "ˈændɹiə, ɑndɹˈAəs"),
        ("two iPhones and jalapeños", "tˈu ˈIfˌOnz ænd hˌɑləpˈAnjOz"),
        ("OpenWrt", "ˈOpᵊndˌʌbᵊljuˌɑɹtˌi"),
        ("GeoNet", "ʤˈiOnˌɛt"),
        ("Resume your résumé", "ɹəzˈum jʊɹ ɹˈɛzəmˌA"),
        ("vis-à-vis Port-au-Prince", "vˌiz ə vˈi pˈɔɹt O pɹˈɪns"),
        ("in Des Moines", "ɪn də mˈYn"),
        ("McKenzie", "məkˈɛnzi"),
        ("Toyota", "tOjˈOTə"),
        ("Lamborghinis", "lˌæmbəɹɡˈiniz"),
        ("AirPods", "ˈɛɹpˌɑdz"),
        ("well-known", "wˈɛl nˈOn"),
    ],
)
def test_names_accents_capitals_and_initials(written: str, phonemes: str) -> None:
    assert said(written) == phonemes


@pytest.mark.parametrize("file", ["names.txt", "cmudict.txt"])
def test_every_name_is_in_order_and_has_known_phonemes(file: str) -> None:
    path = Path(lexicon_en.__file__).with_name("data") / file
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    words = [line.split("\t")[0] for line in lines]
    assert all(a.encode() < b.encode() for a, b in pairwise(words))
    known = sounds_en.SYMBOLS | set(sounds_en.STRESS)
    for line in lines:
        phonemes = line.split("\t")[1]
        assert set(phonemes) <= known, line
        # a mark stands before its vowel, and one of them is the main stress
        assert not re.search("[ˈˌ](?![AIOWYiuæɑəɛɪʊʌɔɜᵊᵻɐ])", phonemes), line


def test_acronyms_are_spelled_with_the_stress_last() -> None:
    assert said("MQTT") == "ˌɛmkjˌutˌitˈi"
    assert said("the U.S. market").startswith("ðə jˌuˈɛs ")


def test_a_full_stop_is_not_part_of_a_word() -> None:
    assert said("It is on. Go.").count(".") == 2


def test_words_that_begin_names_of_several_words_are_known() -> None:
    lexicon = lexicon_en.Lexicon()
    assert lexicon.name("san jose")
    assert lexicon.begins_name("san")
    assert not lexicon.begins_name("jose")


def test_endings_of_known_words_are_regular() -> None:
    lexicon = lexicon_en.Lexicon()
    for word, phonemes in (
        ("googled", "ɡˈuɡᵊld"),
        ("vacuumings", "vˈækjumɪŋz"),
        ("dimmering", "dˈɪməɹɪŋ"),
        ("Alexa's", "əlˈɛksəz"),
    ):
        assert not lexicon.find(word)
        assert english.read(word) == phonemes


def test_unknown_words_are_sounded_out_with_one_main_stress() -> None:
    lexicon = lexicon_en.Lexicon()
    for word in ("blorptastic", "Quenvolia", "frumble", "zzz", "shmorgas"):
        assert not lexicon.find(word)
        phonemes = english.read(word)
        assert phonemes
        assert phonemes.count("ˈ") == (1 if set(phonemes) & sounds_en.VOWELS else 0)


@pytest.mark.parametrize(
    ("written", "phonemes"),
    [
        ("Nakavela", "nəkəvˈAlə"),
        ("Zorcetti", "zɔɹsˈɛTi"),
        ("Grodenko", "ɡɹOdˈɛŋkO"),
        ("Lavandero", "ləvəndˈɛɹO"),
        ("Tebrinia", "təbɹˈiniə"),
        ("Sakomuru", "səkəmˈʊɹu"),
    ],
)
def test_unknown_words_that_end_as_foreign_ones_have_foreign_vowels(
    written: str, phonemes: str
) -> None:
    assert said(written) == phonemes


def test_any_letters_are_read() -> None:
    rng = random.Random(5)
    for _ in range(3000):
        letters = "".join(rng.choices("aeiouqcgzhnkwsrtjy", k=rng.randint(1, 9)))
        found = foreign_en.read(letters)
        assert found is None or set(found) <= sounds_en.SYMBOLS | {"ˈ"}, letters
        assert english.read(letters), letters


def test_two_known_words_make_a_compound() -> None:
    assert english.read("smarthome") == "smˈɑɹthˌOm"


def test_letters_with_dots_are_read_however_many_there_are() -> None:
    assert english.read("a.b.c.d.e.f.g.a.b") == english.read("abcdefgab")
    assert english.read("a." * 500).startswith("ˈ")


def test_what_is_too_long_for_a_word_is_sounded_out_without_searching() -> None:
    fresh = g2p_en.EnglishG2P()
    searched = []
    fresh._lexicon.find = lambda word: searched.append(word) or []
    assert len(fresh.read("ab" * 300)) > 300
    assert not searched


def test_every_word_of_the_lexicon_is_found_and_has_known_phonemes() -> None:
    lexicon = lexicon_en.Lexicon()
    path = Path(lexicon_en.__file__).with_name("data") / "english.txt"
    lines = path.read_bytes().splitlines()
    words = [line.split(b"\t")[0] for line in lines]
    assert all(a < b for a, b in pairwise(words))
    known = sounds_en.SYMBOLS | set(sounds_en.STRESS)
    for line in [*lines[1:50], *lines[1::997], lines[-1]]:
        word, *readings = line.decode().split("\t")
        assert lexicon.find(word) == readings
        for reading in readings:
            assert set(reading.split("=")[-1]) <= known
    assert lexicon.find("A" * 40) == lexicon.find("zzzzzz") == lexicon.find("") == []


def test_the_letter_rules_read_words_that_they_were_not_asked_for() -> None:
    # Words of the lexicon, read by rule: most sounds must be right, if not all words.
    lexicon = lexicon_en.Lexicon()
    right = total = 0
    for word in (
        "kitchen",
        "thermostat",
        "window",
        "battery",
        "lamp",
        "weather",
        "fan",
    ):
        wanted = [unit[-1] for unit in sounds_en.split_phonemes(lexicon.find(word)[0])]
        got = [unit[-1] for unit in sounds_en.split_phonemes(english.sound_out(word))]
        right += sum(a == b for a, b in zip(wanted, got, strict=False))
        total += len(wanted)
    assert right / total > 0.8


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("调到", "tiao2 dao4"),
        ("把空调调高一点", "ba3 kong1 tiao2 tiao2 gao1 yi4 dian3"),
        ("亮度设为百分之三十", "liang4 du4 she4 wei2 bai3 fen1 zhi1 san1 shi2"),
        ("温度设置为二十六度", "wen1 du4 she4 zhi4 wei2 er4 shi2 liu4 du4"),
        ("已为您打开", "yi3 wei4 nin2 da3 kai1"),
        ("重新启动", "chong2 xin1 qi3 dong4"),
        ("银行", "yin2 hang2"),
        ("音乐和快乐", "yin1 yue4 he2 kuai4 le4"),
        ("还有多长时间", "hai2 you3 duo1 chang2 shi2 jian1"),
    ],
)
def test_characters_with_several_readings(text: str, pinyin: str) -> None:
    assert " ".join(g2p_zh.syllables(text)) == pinyin


def test_own_readings_have_a_syllable_for_each_character() -> None:
    for phrase, reading in g2p_zh.readings().items():
        assert len(phrase) == len(reading), phrase
        assert all(re.fullmatch("[a-z]+[1-5]", s) for s in reading), phrase


@pytest.mark.parametrize(
    ("syllable", "units"),
    [
        ("tiao2", ["t-", "iao2"]),
        ("shi4", ["sh-", "i4"]),
        ("yi1", ["i1"]),
        ("wu3", ["u3"]),
        ("yuan2", ["van2"]),
        ("jue2", ["j-", "ve2"]),
        ("lv4", ["l-", "v4"]),
        ("you3", ["iou3"]),
        ("wei2", ["uei2"]),
        ("er2", ["er2"]),
        ("n2", ["en2"]),
        ("de5", ["d-", "e5"]),
    ],
)
def test_a_syllable_is_an_initial_and_a_final(syllable: str, units: list[str]) -> None:
    assert g2p_zh.units(syllable) == units


def test_polyphones_in_sentences_are_read_as_speakers_read_them() -> None:
    """1,969 of them; all but the first 201 are harder than most text is."""
    wrong = []
    lines = Path(__file__).with_name("polyphones.tsv").read_text(encoding="utf-8")
    for line in lines.splitlines():
        text, wanted = line.split("\t")
        read = g2p_zh.read_characters(re.sub(r"[\[\]]", "", text))
        if read[text.index("[")] != wanted:
            wrong.append((text, read[text.index("[")]))
    assert len(lines.splitlines()) >= 1969
    assert not wrong


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("这儿", "zher4"),
        ("差点儿", "cha4 dianr3"),
        ("一会儿", "yi1 huir4"),
        ("女儿", "nv3 er2"),
        ("儿子", "er2 zi5"),
        ("婴儿房", "ying1 er2 fang2"),
        ("三零一房间", "san1 ling2 yao1 fang2 jian1"),
    ],
)
def test_er_for_child_is_not_erhua_and_rooms_have_their_one(
    text: str, pinyin: str
) -> None:
    assert " ".join(g2p_zh.syllables(text)) == pinyin


@pytest.mark.parametrize(
    ("syllable", "coloured"),
    [("zher4", "zh- e4 er5"), ("dianr3", "d- ia3 er5"), ("huair2", "h- ua2 er5")],
)
def test_a_coloured_vowel_loses_what_is_behind_it(syllable: str, coloured: str) -> None:
    assert " ".join(g2p_zh.units(syllable)) == coloured


def test_rare_characters_keep_the_rest_in_step() -> None:
    assert g2p_zh.syllables("\u9fff调到")[-2:] == ["tiao2", "dao4"]


def test_words_are_parted_and_those_that_cannot_be_read_leave_no_space() -> None:
    assert (
        "".join(g2p_zh.to_units("把客厅的空调")) == "b-a3 k-e4t-ing1 d-e5 k-ong1t-iao2"
    )
    assert "".join(g2p_zh.to_units("\u4dc0调到\u4dc0")) == "t-iao2 d-ao4"


def test_scripts_may_be_mixed() -> None:
    units = mixed("打开WiFi，OK？", "zh")
    assert units[0] == "^"
    assert units[-1] == "$"
    assert "|".join(units[1:-1]) == "d-|a3|k-|ai1| |w|ˈI|f|ˌI|,| |ˌO|k|ˈA|?"
    assert "|".join(mixed("Tom，你好。", "zh")[1:-1]) == "t|ˈɑ|m|,|n-|i3|h-|ao3|."


def test_what_cannot_be_said_is_left_out() -> None:
    assert mixed("🙂 ~ #", "en") == ["^", "$"]
    assert mixed("", "en") == ["^", "$"]
