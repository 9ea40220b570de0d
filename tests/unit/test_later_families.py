"""CosyVoice2 and 3 from a release to samples: convert, open, speak."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.support.release import Packs
from wyoming_cosyvoice.config import Config, ModelConfig
from wyoming_cosyvoice.convert.converter import convert
from wyoming_cosyvoice.convert.release.release import Release
from wyoming_cosyvoice.errors import (
    CheckpointError,
    ConfigError,
    MalformedCheckpoint,
    ModelCorrupt,
)
from wyoming_cosyvoice.library.opening import model_settings
from wyoming_cosyvoice.model.families import open_model
from wyoming_cosyvoice.model.silence import MAX_IN_A_ROW, limit_silences
from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.utterance import Settings, Utterance
from wyoming_cosyvoice.pack.manifest_checks import parse_manifest
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.tokenizer.qwen_marks import SOUNDS
from wyoming_cosyvoice.voices import find_voice

pytestmark = pytest.mark.ci

CHECKPOINTS = Path(__file__).parents[1] / "reference"
FAMILIES = ("cosyvoice2", "cosyvoice3")
TOKEN_SAMPLES = 960


def checkpoint(family):
    return CHECKPOINTS / f"{family}-tiny" / "checkpoint"


@pytest.fixture(scope="module", params=FAMILIES)
def family(request):
    return request.param


@pytest.fixture(scope="module")
def packs(family, tmp_path_factory):
    return Packs(checkpoint(family), tmp_path_factory.mktemp(family))


@pytest.fixture(scope="module")
def model(packs):
    return open_model(packs.pack(Precision.FP32), threads=1)


@pytest.fixture
def release(family, tmp_path):
    """Give a copy of a release that a test may damage."""
    return Path(shutil.copytree(checkpoint(family), tmp_path / "release"))


@pytest.fixture(scope="module")
def speaker(packs):
    pack = packs.pack(Precision.FP32)
    return load_speaker(pack.file(pack.manifest.voices[0].file))


@pytest.fixture
def utterance(speaker):
    return Utterance([5, 6, 7], speaker, min_tokens=90, max_tokens=90)


def speak(model, utterance, seed=1):
    return list(model.speak(utterance, np.random.default_rng(seed)))


@pytest.fixture(scope="module")
def synthesizer(packs):
    return PackSynthesizer.open(
        packs.pack(Precision.INT8), SynthesizerOptions(threads=1)
    )


class TestConvert:
    @pytest.mark.parametrize("precision", Precision)
    def test_a_release_becomes_a_pack_of_its_family(self, packs, family, precision):
        manifest = packs.pack(precision).manifest
        assert manifest.family == family
        assert manifest.precision == precision.value
        assert manifest.sample_rate == 24_000
        assert manifest.token_rate == 25
        assert [voice.speaker for voice in manifest.voices] == ["my_voice"]
        high = {"cosyvoice2": 8_000, "cosyvoice3": 12_000}[family]
        assert manifest.prompt_mel.high_hz == high
        assert parse_manifest(manifest.to_json(), "it") == manifest

    def test_converting_twice_makes_the_same_bytes(self, packs, family, tmp_path):
        pack = packs.pack(Precision.INT8)
        again = convert(checkpoint(family), tmp_path / "again", name="tiny")
        assert again.manifest == pack.manifest

    def test_the_pitch_keeps_all_of_its_digits(self, packs):
        exact, small = (
            packs.pack(precision).file("f0_predictor.weights").read_bytes()
            for precision in (Precision.FP32, Precision.INT8)
        )
        assert exact == small

    def test_a_saved_voice_says_only_its_own_words(self, speaker, packs):
        tokenizer = PackSynthesizer.open(packs.pack(Precision.FP32))._front.tokenizer
        assert speaker.text_tokens
        assert max(speaker.text_tokens) < tokenizer.vocabulary_size
        assert tokenizer.encode_special("<|endofprompt|>")[0] not in speaker.text_tokens

    def test_early_copies_of_2_have_another_name(self, release, family, tmp_path):
        if family != "cosyvoice2":
            pytest.skip("only CosyVoice2 was called so")
        (release / "cosyvoice2.yaml").rename(release / "cosyvoice.yaml")
        assert convert(release, tmp_path / "pack").manifest.family == "cosyvoice2"

    @pytest.mark.parametrize("name", ["vocab.json", "merges.txt", "config.json"])
    def test_a_part_of_the_text_model_is_missing(self, release, name):
        (release / "CosyVoice-BlankEN" / name).unlink()
        with pytest.raises(CheckpointError, match=name):
            Release.open(release)

    def test_the_configuration_is_empty(self, release, family):
        (release / f"{family}.yaml").write_text("", encoding="utf-8")
        with pytest.raises(MalformedCheckpoint, match=f"{family}.yaml"):
            Release.open(release)

    @pytest.mark.parametrize(
        ("found", "other", "reason"),
        [
            ("vocab_size: 6561", "vocab_size: 4096", "vocab_size differs"),
            ("hop_size: 480", "hop_size: 256", "hop_size"),
            ("t_scheduler: 'cosine'", "t_scheduler: 'linear'", "t_scheduler"),
        ],
    )
    def test_numbers_do_not_fit(self, release, family, found, other, reason):
        path = release / f"{family}.yaml"
        text = path.read_text(encoding="utf-8")
        assert found in text
        path.write_text(text.replace(found, other), encoding="utf-8")
        with pytest.raises(CheckpointError, match=reason):
            Release.open(release)

    def test_networks_of_the_other_family_are_refused(self, release, family, tmp_path):
        other = FAMILIES[family == FAMILIES[0]]
        shutil.copyfile(checkpoint(other) / "flow.pt", release / "flow.pt")
        with pytest.raises(MalformedCheckpoint, match=r"flow\.pt"):
            convert(release, tmp_path / "pack")
        assert not (tmp_path / "pack").exists()


class TestManifest:
    @pytest.mark.parametrize("name", ["chunks", "prompt_mel"])
    def test_what_a_family_needs_is_missing(self, packs, name):
        manifest = replace(packs.pack(Precision.INT8).manifest, **{name: None})
        with pytest.raises(ModelCorrupt, match=name):
            parse_manifest(manifest.to_json(), "it")

    def test_numbers_out_of_range(self, packs):
        manifest = packs.pack(Precision.INT8).manifest
        chunks = replace(manifest.chunks, chunk_tokens=0)
        with pytest.raises(ModelCorrupt, match="chunk_tokens"):
            parse_manifest(replace(manifest, chunks=chunks).to_json(), "it")


def test_quality_keeps_the_steps_that_cosyvoice3_needs(packs, family):
    manifest = packs.pack(Precision.INT8).manifest
    assert manifest.flow.steps == 10
    steps = []
    for quality in ("original", "balanced", "fast"):
        config = Config(model=ModelConfig(quality=quality))
        steps.append(model_settings(manifest, config).flow.steps)
    assert steps == [10, 6, 5 if family == "cosyvoice3" else 4]


class TestSpeaking:
    @pytest.mark.parametrize("precision", Precision)
    def test_the_same_seed_gives_the_same_sound(self, packs, precision, utterance):
        model = open_model(packs.pack(precision), threads=1)
        first, again = (np.concatenate(speak(model, utterance)) for _ in range(2))
        assert np.array_equal(first, again)
        assert np.isfinite(first).all()

    def test_sound_comes_in_pieces(self, model, utterance, family):
        pieces = speak(model, utterance)
        assert len(pieces) > 2
        total = sum(map(len, pieces))
        # CosyVoice3 leaves long silences out.
        longest = 90 * TOKEN_SAMPLES
        assert total == longest if family == "cosyvoice2" else 0 < total <= longest

    def test_sentences_in_turn_sound_as_one_by_one(self, model, utterance):
        alone = [speak(model, utterance, seed) for seed in (1, 2)]
        streams = [
            model.speak(utterance, np.random.default_rng(seed)) for seed in (1, 2)
        ]
        found = [[], []]
        while any(streams):
            for place, stream in enumerate(streams):
                piece = next(stream, None) if stream is not None else None
                if piece is None:
                    streams[place] = None
                else:
                    found[place].append(piece)
        for pieces, expected in zip(found, alone, strict=True):
            assert np.array_equal(np.concatenate(pieces), np.concatenate(expected))

    def test_a_sentence_may_come_whole(self, packs, utterance):
        pack = packs.pack(Precision.FP32)
        settings = Settings(pack.manifest.flow, None)
        pieces = speak(open_model(pack, threads=1, settings=settings), utterance)
        assert len(pieces) == 1

    def test_steps_without_parameters_are_an_error_at_once(self, packs, family):
        pack = packs.pack(Precision.FP32)
        settings = Settings(replace(pack.manifest.flow, steps=11), None)
        if family == "cosyvoice2":
            open_model(pack, threads=1, settings=settings)
            return
        with pytest.raises(ConfigError, match="11 flow steps"):
            open_model(pack, threads=1, settings=settings)

    @pytest.mark.parametrize("speed", [0.5, 2.0])
    def test_speed_changes_the_length(self, model, utterance, speed):
        tokens = list(range(60, 140))
        rng = np.random.default_rng(0)
        plain, other = (
            sum(map(len, model.sound(tokens, replace(utterance, speed=s), rng)))
            for s in (1.0, speed)
        )
        assert other == pytest.approx(plain / speed, rel=0.02)

    @pytest.mark.usefixtures("eager_to_end")
    @pytest.mark.parametrize("least", [0, 1, 17])
    def test_a_sentence_ends_when_it_may(self, model, utterance, least):
        lone = replace(utterance, min_tokens=least, max_tokens=100)
        drawn = list(model._draw(lone, np.random.default_rng(0), None))
        assert len(drawn) == least
        assert all(token < 6561 for token in drawn)


class TestTogether:
    """Sentences that are decoded in one step."""

    def test_in_no_company_it_speaks_as_alone(self, model, utterance):
        shared = model.speak_together(utterance, np.random.default_rng(1))
        assert shared is not None
        alone = np.concatenate(speak(model, utterance))
        assert np.array_equal(np.concatenate(list(shared)), alone)

    def test_in_company_each_is_as_if_alone(self, model, utterance):
        other = replace(utterance, text_tokens=list(range(20, 60)))
        sentences = [utterance, other, replace(other, max_tokens=120)]
        opened = [
            model.speak_together(each, np.random.default_rng(seed))
            for seed, each in enumerate(sentences)
        ]
        assert all(speech is not None and speech.prepare() for speech in opened)
        for seed, (each, speech) in enumerate(zip(sentences, opened, strict=True)):
            rng = np.random.default_rng(seed)
            assert list(speech._row) == list(model._draw(each, rng, None))


class TestText:
    @pytest.fixture
    def received(self, synthesizer, monkeypatch):
        received = []
        monkeypatch.setattr(
            synthesizer.model,
            "speak",
            lambda utterance, *_, **__: received.append(utterance) or iter(()),
        )
        return received

    def say(self, synthesizer, **options):
        voice = find_voice(synthesizer.voices, "my_voice")
        reader = synthesizer.reader(language="en")
        for sentence in [*reader.feed("Hello."), *reader.finish()]:
            list(synthesizer.speak(sentence, voice=voice, seed=1, **options))

    def opening(self, synthesizer, family):
        written = "You are a helpful assistant.<|endofprompt|>"
        tokenizer = synthesizer._front.tokenizer
        return [] if family == "cosyvoice2" else tokenizer.encode_special(written)

    def test_a_voice_continues_its_recording(self, synthesizer, received, family):
        self.say(synthesizer)
        speaker = received[0].speaker
        opening = self.opening(synthesizer, family)
        assert list(received[0].prompt_text) == [*opening, *speaker.text_tokens]
        assert received[0].prompt_speech == speaker.prompt.speech_tokens

    def test_an_instruction_stands_before_the_text(self, synthesizer, received, family):
        self.say(synthesizer, instruction="Speak softly.")
        written = "Speak softly.<|endofprompt|>"
        if family == "cosyvoice3":
            written = f"You are a helpful assistant. {written}"
        tokenizer = synthesizer._front.tokenizer
        assert list(received[0].prompt_text) == tokenizer.encode_special(written)
        assert received[0].prompt_speech == ()
        assert received[0].speaker.prompt.speech_tokens

    def test_an_emotion_is_an_instruction_it_was_trained_with(
        self, synthesizer, received, family
    ):
        self.say(synthesizer, emotion="happy")
        written = "请非常开心地说一句话。<|endofprompt|>"
        if family == "cosyvoice3":
            written = f"You are a helpful assistant. {written}"
        tokenizer = synthesizer._front.tokenizer
        assert list(received[0].prompt_text) == tokenizer.encode_special(written)

    @pytest.mark.parametrize("emotion", [None, "happy"])
    def test_cantonese_is_an_instruction(self, synthesizer, received, family, emotion):
        reader = synthesizer.reader()
        for sentence in [*reader.feed("你今日食咗飯未呀？"), *reader.finish()]:
            assert sentence.language == "yue"
            list(synthesizer.speak(sentence, seed=1, emotion=emotion))
        written = {
            "cosyvoice2": "用粤语说这句话<|endofprompt|>",
            "cosyvoice3": "You are a helpful assistant. "
            "请用广东话表达。<|endofprompt|>",
        }[family]
        tokenizer = synthesizer._front.tokenizer
        assert list(received[0].prompt_text) == tokenizer.encode_special(written)
        assert received[0].prompt_speech == ()

    def test_plain_text_gives_no_special_token(self, synthesizer, family):
        """All of them at once and one by one, but for the marks of sounds."""
        tokenizer = synthesizer._front.tokenizer
        sounds = {tokenizer._special[mark] for mark in SOUNDS}
        every = [mark for mark in tokenizer._special if mark not in SOUNDS]
        assert len(every) >= (4 if family == "cosyvoice2" else 250)
        first = min(tokenizer._special.values())
        for text in (*every, " ".join(every), "a".join(every), "<|" * 50 + "|>" * 50):
            for text_format in ("text", "ssml"):
                reader = synthesizer.reader(text_format=text_format, language="en")
                sentences = [*reader.feed(f"So {text} it is."), *reader.finish()]
                assert sentences
                tokens = {
                    t for each in sentences for t in synthesizer.text_tokens(each)
                }
                assert not {t for t in tokens - sounds if t >= first}, text

    def test_it_warms_up(self, synthesizer):
        synthesizer.warm_up()


def test_long_silences_are_cut():
    tokens = [7, *[1, 2, 28, 29] * 3, 8, 55, 9]
    kept = [7, *([1, 2, 28, 29] * 3)[:MAX_IN_A_ROW], 8, 55, 9]
    assert list(limit_silences(iter(tokens))) == kept
