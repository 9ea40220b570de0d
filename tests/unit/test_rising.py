"""The rise at the end of a question, token by token and frame by frame."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.alignment import Alignment
from wyoming_cosyvoice.model.prosody import PROSODIES, PitchShaper
from wyoming_cosyvoice.model.rising import Contour, Rise
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.synth.front_end import FrontEnd

CONTOUR = Contour(lowest_class=3, semitones=6.0, tokens=10)
VOICED = 10.0


def rise_of(voiced, first=0):
    """Return a rise whose sentence is decoded: text token 1 begins with a token."""
    rise = Rise(CONTOUR, text_token=1)
    for token, is_voiced in enumerate(voiced):
        rise.append(1 if token >= first else 0, is_voiced=is_voiced)
    return rise


def shaped(rise, f0, prosody=None):
    """Shape a pitch whose frames are as long as the tokens."""
    shaper = PitchShaper(prosody, VOICED, rise=rise, tokens_per_frame=1.0)
    return shaper.shape(np.array([f0], np.float32))[0]


def test_it_rises_from_its_first_token_and_stays():
    found = shaped(rise_of([True] * 60, first=20), [200.0] * 60)
    semitones = 12 * np.log2(found / 200)
    assert semitones[:17] == pytest.approx(0, abs=1e-4)  # sound is three tokens ahead
    assert semitones[17:28] == pytest.approx(np.arange(11) * 0.6, abs=1e-4)
    assert semitones[28:] == pytest.approx(6, abs=1e-4)


def test_what_the_flow_left_without_voice_gets_it_back():
    voiced = [True] * 30 + [False] * 30
    found = shaped(rise_of(voiced), [200.0] * 15 + [1.0] * 45)
    assert (found[15:27] > 280).all()
    assert (found[27:] < VOICED).all()  # tokens without voice keep none


def test_the_pitch_does_not_sink_again():
    found = shaped(rise_of([True] * 60), np.linspace(220, 110, 60))
    assert (np.diff(found[:7]) > 0).all()
    assert (found[12:] > 280).all()


def test_a_sentence_in_windows_rises_as_in_one():
    f0 = np.full((1, 60), 200, np.float32)
    whole = PitchShaper(
        PROSODIES["happy"],
        VOICED,
        rise=rise_of([True] * 60, 20),
        tokens_per_frame=1.0,
    ).shape(f0)
    parts = PitchShaper(
        PROSODIES["happy"],
        VOICED,
        rise=rise_of([True] * 60, 20),
        tokens_per_frame=1.0,
    )
    found = [parts.shape(f0[:, a : a + 20], a) for a in (0, 20, 40)]
    assert np.concatenate(found, axis=1) == pytest.approx(whole, rel=1e-5)


def test_before_it_is_decoded_nothing_changes():
    f0 = np.full(20, 200.0)
    assert shaped(Rise(CONTOUR, text_token=1), f0).tolist() == f0.tolist()


def test_only_the_upper_classes_of_pitch_are_allowed(tmp_path):
    speech = [["sil", 4, 1], ["t", 3, 1], ["a", 4, 8]]
    path = tmp_path / "speech_phones.json"
    path.write_text(json.dumps({"speech": speech, "text": {"2": "a"}}))
    known = Alignment.open(path, 60)
    cursor = known.start([2, 2], Rise(CONTOUR, text_token=1))
    assert {(t - 7) % 8 for t in cursor.allowed() if 7 <= t < 60} == set(range(8))
    cursor.advance(7)  # the first "a", its last token
    found = {t for t in cursor.allowed() if 7 <= t < 60}
    assert {(t - 7) % 8 for t in found} == {3, 4, 5, 6, 7}
    cursor.advance(max(found))
    assert {(t - 7) % 8 for t in cursor.allowed()} == {3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Is the window open?", "ˈO"),
        ("Did it ring yesterday?", "ˈɛ"),
        ("灯关了吗？", "a5"),
        ("你要听 jazz 吗？", "a5"),
        ("Really?", "ˈi"),
    ],
)
def test_it_begins_with_the_last_stress(text, unit):
    front = FrontEnd.open(Pack.open(STARTER_DIR))
    units = (STARTER_DIR / "phonemes.txt").read_text(encoding="utf-8").split("\n")
    reader = front.reader()
    (sentence,) = [*reader.feed(text), *reader.finish()]
    tokens = front.text_tokens(sentence)
    rise = front.rise(sentence, tokens)
    assert rise is not None
    assert units[tokens[rise.text_token]] == unit


def test_a_statement_has_none():
    front = FrontEnd.open(Pack.open(STARTER_DIR))
    reader = front.reader()
    (sentence,) = [*reader.feed("The window is open."), *reader.finish()]
    assert front.rise(sentence, front.text_tokens(sentence)) is None
