"""Japanese as the units of the starter voice."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace

import pytest

from models.starter.corpora.japanese import UNITS, japanese_units
from models.starter.texts.japanese import from_template
from wyoming_cosyvoice.errors import LanguageNotSpoken
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.front_end import FrontEnd
from wyoming_cosyvoice.tokenizer import g2p_ja
from wyoming_cosyvoice.tokenizer.g2p import MixedG2P
from wyoming_cosyvoice.tokenizer.japanese.sounds import morae
from wyoming_cosyvoice.tokenizer.phonemes import PhonemeTokenizer, read_vocabulary

_SHIPPED = read_vocabulary(STARTER_DIR / "phonemes.txt")
_USED = [unit for unit in _SHIPPED if not unit.startswith("<unused")]
# As models/starter/corpora/tokens.py numbers them.
VOCABULARY = [*_USED, *(unit for unit in UNITS if unit not in _USED)]


def units(run: str) -> str:
    found = [unit for word in g2p_ja.words(run) for unit in word.units]
    return "".join("_" if unit == " " else unit for unit in found)


# Phrases and heights as Open JTalk has them, or a speaker.
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("今日はとても寒い", "kʲo↑o↓wa↓_to↓te↑mo↑_sa↓mɯ↑i↓"),
        ("切符を買った", "ki↓Qpɯ↑o↑_ka↓Qta↑"),
        ("百円の牛乳", "ça↓kɯ↑e↑ɴno↑_ɡʲɯ↓ɯ↑nʲɯ↑ɯ↑"),
        ("雨が降る", "a↑me↓ɡa↓_ɸɯ↑ɾɯ↓"),
        ("設定しました", "se↓Qte↑e↑ɕi↑ma↑ɕi↓ta↓"),
        ("快晴でしょう", "ka↓i↑se↑e↑de↑ɕo↓o↓"),
        ("名前を確認してください", "na↓ma↑e↑o↑_ka↓kɯ↑ni↑ɴɕi↑te↑kɯ↑da↑sa↑i↓"),
        ("三時三十分", "sa↑ɴʥi↓_sa↓ɴʥɯ↑Qpɯ↓ɴ"),
        ("ウィンドウとファイル", "wi↑ɴdo↓o↓to↓_ɸa↑i↓ɾɯ↓"),
    ],
)
def test_phrases_rise_and_fall(written: str, expected: str) -> None:
    assert units(written) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("キャシャヒャジュチョ", "kʲa ɕa ça ʥɯ ʨo"),
        ("ティディトゥデュファフュ", "ti di tɯ dʲɯ ɸa ɸʲɯ"),
        ("ウィクァグヮツァヴェイェ", "wi kwa ɡwa ʦa ve je"),
        ("シェジェキェ", "ɕe ʥe kʲe"),
        ("ヲヂヅヵヶ", "o ʥi zɯ ka ke"),
        ("ラーンッ", "ɾa a ɴ Q"),
        ("漢?ー", ""),
    ],
)
def test_each_mora_has_its_sounds(said: str, expected: str) -> None:
    found = ("".join((*consonants, vowel)) for consonants, vowel in morae(said))
    assert " ".join(found) == expected


def test_a_word_says_where_it_is_written() -> None:
    sentence = "Wi Fiで雨が、降る。"
    words = MixedG2P().words(sentence, "ja")
    assert [sentence[w.start : w.end] for w in words if w.end > w.start] == [
        *("Wi", "Fi", "で", "雨", "が", "降る"),
    ]


def test_kana_are_japanese_in_any_sentence() -> None:
    found = MixedG2P()("Now playing アイドル by 大家。", "en")
    assert "a↑" in found
    assert "d-" in found  # Mandarin
    assert found.count(" ") == 4


@pytest.fixture(scope="module")
def front_end(tmp_path_factory) -> FrontEnd:
    """Open the front end of a pack like the shipped one, which knows all units."""
    directory = tmp_path_factory.mktemp("pack")
    spare = [f"<unused {n}>" for n in range(len(VOCABULARY), len(_SHIPPED))]
    names = "\n".join([*VOCABULARY, *spare]) + "\n"
    (directory / "phonemes.txt").write_text(names, encoding="utf-8")
    shutil.copy(STARTER_DIR / "speech_phones.json", directory)
    pack = Pack.open(STARTER_DIR)
    return FrontEnd.open(replace(pack, directory=directory))


@pytest.mark.ci
def test_a_sentence_is_read_as_in_the_training(front_end) -> None:
    """After the text front end has been over it, too, with its marks."""
    rng = random.Random(8)
    for _ in range(300):
        text = from_template(rng)
        reader = front_end.reader()
        found: list[str] = []
        for sentence in [*reader.feed(text), *reader.finish()]:
            assert sentence.language == "ja"
            tokens = front_end.text_tokens(sentence)
            found += [VOCABULARY[token] for token in tokens[1:-1]]
        assert found == japanese_units(text), text


def test_a_sentence_in_kanji_alone_follows_the_request(front_end) -> None:
    def language(text: str, request: str | None) -> str:
        reader = front_end.reader(language=request)
        (sentence,) = [*reader.feed(text), *reader.finish()]
        return sentence.language

    assert language("大丈夫", "ja") == "ja"
    assert language("大丈夫", "zh") == "zh"
    assert language("だいじょうぶ", "zh") == "ja"


def test_a_long_sentence_is_cut_by_its_japanese_length(front_end) -> None:
    text = "台所の照明を消してから、" * 8 + "寝室のエアコンをつけました。"
    reader = front_end.reader()
    sentences = [*reader.feed(text), *reader.finish()]
    assert len(sentences) > 1
    assert all(len(front_end.text_tokens(s)) <= 120 for s in sentences)


def test_a_pack_without_these_units_refuses_japanese() -> None:
    names = [name for name in VOCABULARY if name[-1] not in "↑↓"]
    tokenizer = PhonemeTokenizer(names, MixedG2P().words)
    assert "ja" not in tokenizer.languages
    with pytest.raises(LanguageNotSpoken, match="Japanese"):
        tokenizer.encode("雨が降る。", "ja")
