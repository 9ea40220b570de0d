"""A language model whose tokens name phones says those of the text, and no other."""

from __future__ import annotations

import copy
import json
import shutil

import numpy as np
import pytest

from models.starter.evaluate.exact import write_exact
from wyoming_cosyvoice.errors import ModelCorrupt
from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.model.alignment import Alignment
from wyoming_cosyvoice.model.sampling import log_softmax
from wyoming_cosyvoice.model.speakers import Speaker
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.model.voice_model import VoiceModel
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES

# Silence has tokens 0 to 3, t 4 to 6, a 7 to 14 (four lengths, two pitches).
SPEECH = [["sil", 4, 1], ["t", 3, 1], ["a", 4, 2]]
TEXT = {"1": "t a", "2": "a", "3": "", "4 2": "t t"}
END = 15


def table(tmp_path, speech=SPEECH, text=TEXT, **more):
    path = tmp_path / SPEECH_PHONES
    content = {"speech": speech, "text": text, **more}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def known(tmp_path):
    return Alignment.open(table(tmp_path), END)


def walk(cursor, rng):
    """Take tokens at random among those that are allowed, to the end."""
    tokens = []
    while True:
        token = int(rng.choice(cursor.allowed()))
        if token == END:
            return tokens
        tokens.append(token)
        cursor.advance(token)
        assert len(tokens) < 10_000


def phones(tokens):
    """Name the phones of tokens: a phone ends with its step 0."""
    said = []
    for token in tokens:
        first, (name, _, pitches) = next(
            (f, s)
            for f, s in zip((7, 4, 0), reversed(SPEECH), strict=True)
            if token >= f
        )
        if (token - first) // pitches == 0 and name != "sil":
            said.append(name)
    return said


@pytest.fixture(scope="module")
def starter():
    return VoiceModel(Pack.open(STARTER_DIR), threads=1)


class TestPlace:
    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ([1], "t a"),
            ([1, 3, 1], "t a t a"),
            ([2, 2, 2], "a a a"),
            ([4, 2, 2], "t t a"),  # the pair before its halves
        ],
    )
    def test_every_way_says_the_text(self, known, text, wanted):
        for seed in range(50):
            tokens = walk(known.start(text), np.random.default_rng(seed))
            assert phones(tokens) == wanted.split()

    def test_lengths_pitches_and_pauses_are_free(self, known):
        rng = np.random.default_rng(0)
        said = [tuple(walk(known.start([1, 1]), rng)) for _ in range(100)]
        assert len(set(said)) > 90
        assert {token for tokens in said for token in tokens} == set(range(END))

    def test_it_cannot_end_before_the_last_phone_has(self, known):
        cursor = known.start([2])
        assert END not in cursor.allowed()
        cursor.advance(7 + 2 * 2)  # "a", two more steps
        assert set(cursor.allowed()) == {9, 10, 11, 12}
        cursor.advance(9)
        cursor.advance(7)
        assert END in cursor.allowed()

    def test_pauses_end(self, known):
        cursor = known.start([2])
        for _ in range(3):
            assert 0 in cursor.allowed()
            cursor.advance(0)
        assert set(cursor.allowed()) == set(range(7, END))

    def test_a_lead_is_the_least_silence_before_a_sentence(self, tmp_path):
        cursor = Alignment.open(table(tmp_path, lead=3), END).start([2, 2])
        assert set(cursor.allowed()) == {2, 3}  # silence, two or three more steps
        for token in (2, 1, 0):
            cursor.advance(token)
        assert set(cursor.allowed()) == {0, 1, 2, 3, *range(7, END)}
        cursor.advance(7)
        assert set(cursor.allowed()) == {0, 1, 2, 3, *range(7, END)}

    @pytest.mark.parametrize("text", [[], [3], [9], [1, 9], [4, 1]])
    def test_what_has_no_known_sound_is_not_held(self, known, text):
        assert known.start(text) is None


# As SPEECH, but "a" says by its third step "three to five more", "six" by the last.
COUNTED = [["sil", 4, 1, range(4)], ["t", 3, 1, [0, 1, 2]], ["a", 4, 2, [0, 1, 3, 6]]]


def counted(tmp_path):
    speech = [[*row[:3], list(row[3])] for row in COUNTED]
    return Alignment.open(table(tmp_path, speech), END)


def tokens_of(length, pitch=0):
    """Say "a" for so many tokens."""
    steps = np.searchsorted([0, 1, 3, 6], range(length)[::-1], side="right") - 1
    return [7 + 2 * int(step) + pitch for step in steps]


class TestCounts:
    """A table that says how many tokens each step stands for."""

    @pytest.mark.parametrize("length", range(1, 20))
    def test_a_phone_of_any_length_may_be_said(self, tmp_path, length):
        cursor = counted(tmp_path).start([2])
        for token in tokens_of(length):
            assert token in cursor.allowed()
            cursor.advance(token)
        assert END in cursor.allowed()

    def test_no_other_countdown_may(self, tmp_path):
        known, rng = counted(tmp_path), np.random.default_rng(0)
        lengths = set()
        for _ in range(200):
            said = [t for t in walk(known.start([2]), rng) if t >= 7]
            lengths.add(len(said))
            assert [(t - 7) // 2 for t in said] == [
                (t - 7) // 2 for t in tokens_of(len(said))
            ]
        assert lengths >= set(range(1, 9))

    def test_a_countdown_without_pitch_leaves_no_choice(self, tmp_path):
        cursor = counted(tmp_path).start([1])
        cursor.advance(5)  # "t", one more step
        assert cursor.allowed().tolist() == [4]

    @pytest.mark.parametrize("pitch", [0, 1])
    @pytest.mark.parametrize("length", range(1, 12))
    def test_a_phone_that_keeps_its_pitch_is_expected(self, tmp_path, length, pitch):
        cursor = counted(tmp_path).start([2])
        said = tokens_of(length, pitch)
        for number, token in enumerate(said):
            cursor.advance(token)
            is_open = (token - 7) // 2 == 3
            begins_inside = (said[0] - 7) // 2 == (token - 7) // 2
            if is_open:  # any number: a few more of them
                assert cursor.draft() == [token] * len(cursor.draft()) != []
            elif not begins_inside:
                assert cursor.draft() == said[number + 1 :]

    def test_what_is_expected_is_allowed(self, known, tmp_path):
        rng = np.random.default_rng(1)
        for table_ in (known, counted(tmp_path)):
            for _ in range(100):
                cursor = table_.start([1, 1])
                for token in walk(table_.start([1, 1]), rng):
                    cursor.advance(token)
                    ahead = copy.copy(cursor)
                    for guess in cursor.draft():
                        assert guess in ahead.allowed()
                        ahead.advance(guess)

    @pytest.mark.parametrize(
        "counts", [[0, 0], [3, 1], "some", [[0], [1]], None, [0, "x"]]
    )
    def test_damaged_counts(self, tmp_path, counts):
        speech = [["sil", 4, 1, counts]]
        with pytest.raises(ModelCorrupt):
            Alignment.open(table(tmp_path, speech, {}), END)


class TestFile:
    @pytest.mark.parametrize(
        "speech",
        [
            [],
            [["sil", 0, 1]],
            [["sil", -1, -1]],
            [["sil", 16, 1]],
            [["sil", 10**30, 1]],
            [["sil", "many", 1]],
            [["sil"]],
            None,
        ],
    )
    def test_damaged_tables(self, tmp_path, speech):
        with pytest.raises(ModelCorrupt):
            Alignment.open(table(tmp_path, speech, {}), END)

    @pytest.mark.parametrize("text", [{"x": "t"}, {"1": "z"}, {"1": 3}, [], None])
    def test_damaged_readings(self, tmp_path, text):
        with pytest.raises(ModelCorrupt):
            Alignment.open(table(tmp_path, SPEECH, text), END)

    @pytest.mark.parametrize("lead", [-1, 5, "some", None, [3]])
    def test_damaged_leads(self, tmp_path, lead):
        with pytest.raises(ModelCorrupt):
            Alignment.open(table(tmp_path, lead=lead), END)

    @pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
    def test_no_json(self, tmp_path, content):
        path = tmp_path / SPEECH_PHONES
        path.write_bytes(content)
        with pytest.raises(ModelCorrupt):
            Alignment.open(path, END)


class TestModel:
    @pytest.mark.usefixtures("eager_to_end")
    def test_a_language_model_that_wants_to_end_says_the_text(self, starter):
        known = [key for key in starter.alignment._readings if len(key) == 1]
        text = [key[0] for key in known if starter.alignment._readings[key]][:12]
        wanted = [p for t in text for p in starter.alignment._readings[(t,)]]
        utterance = Utterance(text, Speaker(np.eye(192, dtype=np.float32)[0]), 0, 900)
        tokens = list(starter.decode(utterance, np.random.default_rng(0)))
        pauses = starter.alignment.silence
        last = [
            phone
            for phone, token in zip(
                _follow(wanted, tokens, pauses), tokens, strict=True
            )
            if phone is not None and phone.steps_left(token) == 0
        ]
        assert last == wanted

    @pytest.mark.parametrize("seed", range(3))
    def test_a_sentence_begins_with_silence_as_its_teacher_does(self, starter, seed):
        text = [key[0] for key in starter.alignment._readings if len(key) == 1][4:12]
        utterance = Utterance(text, Speaker(np.eye(192, dtype=np.float32)[0]), 0, 900)
        tokens = list(starter.decode(utterance, np.random.default_rng(seed)))
        silence = starter.alignment.silence
        assert all(silence.steps_left(token) is not None for token in tokens[:5])

    def test_its_own_table_counts(self, starter):
        """So that most of what it says is expected, and read in fewer steps."""
        for phone in starter.alignment._readings[max(starter.alignment._readings)]:
            assert phone.duration(0) == 1
        assert starter.speech_lm.accepts_drafts

    @pytest.mark.ci
    def test_drafted_tokens_are_computed_as_exactly_as_single_ones(
        self, starter, tmp_path
    ):
        exact = VoiceModel(write_exact(starter.pack, tmp_path / "exact"), threads=1)
        text = starter.alignment.text_tokens[:40]
        speaker = Speaker(np.eye(192, dtype=np.float32)[0])
        rng = np.random.default_rng(0)
        said = list(starter.decode(Utterance(text, speaker, 0, 900), rng))
        expected = _log_probabilities(exact, text, said, is_drafted=False)
        drafted = _log_probabilities(exact, text, said, is_drafted=True)
        assert drafted == pytest.approx(expected, abs=1e-3)

        # Rows that are multiplied together share a scale of 8 bits, so they are rounded
        # otherwise than one alone, but not more.
        divergences = []
        for is_drafted in (False, True):
            found = _log_probabilities(starter, text, said, is_drafted=is_drafted)
            divergence = (np.exp(expected) * (expected - found)).sum(axis=1)
            divergences.append(divergence.mean())
            assert (found.argmax(axis=1) == expected.argmax(axis=1)).mean() > 0.97
        assert 0 < divergences[0] < 3e-3
        assert divergences[1] < 1.3 * divergences[0]

    def test_a_pack_without_the_table_is_not_held(self, tiny_model):
        assert tiny_model.alignment is None

    def test_a_pack_with_a_damaged_table_is_refused(self, tmp_path):
        folder = tmp_path / "pack"
        shutil.copytree(STARTER_DIR, folder)
        pack = Pack.open(folder)
        (folder / SPEECH_PHONES).write_text("{}", encoding="utf-8")
        with pytest.raises(ModelCorrupt, match="speech_phones"):
            VoiceModel(pack, threads=1)


def _log_probabilities(model, text, said, *, is_drafted):
    """Return those of the next token after each that was said, (n, V)."""
    prefix = model.text_encoder.encode(text, np.eye(192, dtype=np.float32)[0]).prefix
    cursor = model.alignment.start(text)
    decoding = model.speech_lm.begin([prefix], [[]], max_tokens=len(said))
    found = []
    for token in said:
        cursor.advance(token)
        decoding.step([token], cursor.draft() if is_drafted else ())
        found.append(log_softmax(decoding.logits[0]))
    return np.stack(found)


def _follow(wanted, tokens, silence):
    """Yield the phone that each token belongs to, None for a pause."""
    coming = iter(wanted)
    phone, left = None, 0
    for token in tokens:
        if left == 0:
            pause = silence.steps_left(token)
            phone = None if pause is not None else next(coming)
            left = pause if phone is None else phone.steps_left(token)
        else:
            left = (phone or silence).steps_left(token)
        assert left is not None
        yield phone
