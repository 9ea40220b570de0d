"""Voices of the user's own: the folder, and the model that listens to it."""

from __future__ import annotations

import asyncio
import contextlib

import numpy as np
import pytest

from tests.support.http_server import serving
from tests.support.recordings import features, wav
from wyoming_cosyvoice.cancel import CancelToken
from wyoming_cosyvoice.config import Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.errors import (
    BadParameter,
    BadRecording,
    ModelUnsupported,
    VoiceNotFound,
)
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer
from wyoming_cosyvoice.user_voices import feature_cache
from wyoming_cosyvoice.user_voices import store as voice_store
from wyoming_cosyvoice.user_voices import sync as user_voices
from wyoming_cosyvoice.user_voices.store import VoiceStore
from wyoming_cosyvoice.user_voices.sync import UserVoices
from wyoming_cosyvoice.voices import find_voice


@pytest.fixture
def store(tmp_path):
    return VoiceStore(tmp_path / "voices")


def test_a_voice_is_a_folder(store, tmp_path):
    assert store.voices() == []
    made = store.add("My  Voice", b"RIFF1", transcript="Hello.", languages=("en",))
    assert made.id == "my-voice"
    assert store.voices() == [made]
    assert VoiceStore(tmp_path / "voices").get("my-voice") == made
    assert voice_store.sample(made) == (b"RIFF1", "audio/wav")
    assert made.voice.languages == ("en",)
    store.delete("my-voice")
    assert store.voices() == []
    with pytest.raises(VoiceNotFound):
        store.delete("my-voice")


def test_names_become_ids_that_are_free_and_harmless(store):
    ids = [
        store.add(name, b"RIFF", taken={"zh-female"}).id
        for name in (
            "奶奶",
            "zh female",
            "../../etc",
            "a/b\\c",
            "A b c",
            "!!!",
            "x" * 99,
        )
    ]
    assert ids == ["奶奶", "zh-female-2", "etc", "a-b-c", "a-b-c-2", "voice", "x" * 40]
    for name in ("", " \n ", "a\0b"):
        with pytest.raises(BadParameter):
            store.add(name, b"RIFF")


@pytest.mark.parametrize(
    "voice_id", ["..", ".", "", "a/..", "../voices", "a\0b", "/etc", "-", "x" * 300]
)
def test_ids_lead_nowhere_else(store, voice_id):
    store.add("a", b"RIFF")
    for act in (store.get, store.delete):
        with pytest.raises(VoiceNotFound):
            act(voice_id)


def test_emotions_join_a_voice(store):
    store.add("Ann", b"RIFF", languages=("en",))
    both = store.add("Ann", b"fLaC", emotion="happy", transcript="Yes!")
    assert set(both.recordings) == {"neutral", "happy"}
    assert both.languages == ("en",)
    again = store.add("Ann", b"OggS", emotion="happy")
    assert again.recordings["happy"].suffix == ".ogg"
    assert len(store.voices()) == 1
    assert store.get("ann").transcripts == {}


def test_a_dropped_file_becomes_a_voice_when_it_is_whole(store, tmp_path):
    folder = tmp_path / "voices"
    folder.mkdir()
    (folder / "Grandma.wav").write_bytes(b"RIFF1")
    (folder / "Grandma.txt").write_text("Good morning.", encoding="utf-8")
    (folder / "notes.pdf").write_bytes(b"%PDF")
    store.import_dropped()
    assert store.voices() == []
    (folder / "Grandma.wav").write_bytes(b"RIFF12")
    store.import_dropped()
    assert store.voices() == []
    store.import_dropped()
    (voice,) = store.voices()
    assert (voice.id, voice.name) == ("grandma", "Grandma")
    assert voice.transcripts == {"neutral": "Good morning."}
    assert sorted(path.name for path in folder.iterdir()) == ["grandma", "notes.pdf"]


@pytest.mark.parametrize(
    "info",
    [b"", b"{", b"[]", b'{"name": 1, "languages": 2, "transcripts": 3}', b"\xff"],
)
def test_spoilt_metadata_leaves_the_recording(store, tmp_path, info):
    store.add("Ann", b"RIFF")
    (tmp_path / "voices" / "ann" / "voice.json").write_bytes(info)
    (voice,) = store.voices()
    assert (voice.id, voice.name, voice.languages) == ("ann", "ann", ())


def test_features_are_cached_per_model_and_recording(store):
    voice = store.add("Ann", b"RIFF", transcript="Hi.")
    assert feature_cache.load_features(voice, "neutral", "key") is None
    feature_cache.save_features(
        voice, "neutral", "key", features("Hi."), voice.mark("neutral")
    )
    known = feature_cache.load_features(voice, "neutral", "key")
    assert known is not None
    assert (known.prompt_text, known.notices) == ("Hi.", ("It is short.",))
    np.testing.assert_array_equal(known.prompt_speech_tokens, np.arange(10)[None])
    assert feature_cache.load_features(voice, "neutral", "other") is None
    path = next(voice.recordings["neutral"].parent.glob("*.npz"))
    path.write_bytes(path.read_bytes()[:100])
    assert feature_cache.load_features(voice, "neutral", "key") is None
    feature_cache.save_features(
        voice, "neutral", "key", features(), voice.mark("neutral")
    )
    changed = store.add("Ann", b"RIFF2", transcript="Hello.")
    assert feature_cache.load_features(changed, "neutral", "key") is None


@contextlib.asynccontextmanager
async def keeping(load, folder, monkeypatch):
    monkeypatch.setattr(user_voices, "_SCAN_S", 0.02)
    engine = Engine(load, (), limits=Limits(), defaults=SpeechConfig(seed=1))
    await engine.start()
    own = UserVoices(engine, folder)
    try:
        yield engine, own
    finally:
        await own.stop()
        await engine.stop(wait_s=10)


@pytest.mark.ci
async def test_a_real_model_speaks_with_a_new_voice(tiny_pack, tmp_path, monkeypatch):
    folder = tmp_path / "voices"
    folder.mkdir()

    def load():
        return PackSynthesizer.open(tiny_pack)

    async with keeping(load, folder, monkeypatch) as (engine, own):
        made = await own.create("Ann", wav(), transcript="Hello.", languages=("en",))
        assert made.state == "ready"
        assert own.cloning().is_possible
        assert "ann" in [voice.id for voice in engine.voices]
        assert own.emotion_by("ann") == "prosody"
        await own.create("Ann", wav(hertz=200), emotion="happy")
        assert own.emotion_by("ann") == "recordings"

        def spoken(synthesizer, voice):
            reader = synthesizer.reader(voice=voice)
            (sentence,) = [*reader.feed("Hi."), *reader.finish()]
            pieces = synthesizer.speak(
                sentence, voice=voice, seed=1, cancel=CancelToken()
            )
            return next(pieces)[:100].tolist()

        ann = find_voice(engine.voices, "ann")
        one = await engine.run(lambda s: spoken(s, ann))
        other = await engine.run(lambda s: spoken(s, engine.voices[0]))
        assert one != other
        async with own.temporary(wav(), "Hello.", "en") as borrowed:
            async with own.temporary(wav(), "Hello.", "en") as again:
                assert again == borrowed
            assert borrowed not in engine.voices
            assert await engine.run(lambda s: spoken(s, borrowed)) == one

        # A new model gets the voices too, from what was remembered.
        monkeypatch.setattr(
            PackSynthesizer, "listen", lambda *_: pytest.fail("it listened again")
        )
        await engine.switch(load)
        assert "ann" not in [voice.id for voice in engine.voices]
        (folder / "Dropped.wav").write_bytes(b"no recording")
        own.start()
        async with asyncio.timeout(20):
            # One that waits or is still being listened to is listed before it fails.
            while "ann" not in [v.id for v in engine.voices] or {  # noqa: ASYNC110
                voice.state for voice in own.unfinished()
            } <= {"waiting", "listening"}:
                await asyncio.sleep(0.01)
        (failed,) = own.unfinished()
        assert (failed.voice.id, failed.state) == ("dropped", "failed")
        await own.delete("ann")
        assert "ann" not in [voice.id for voice in engine.voices]
        assert not (folder / "ann").exists()


async def test_recordings_that_are_none_make_no_voice(tiny_pack, tmp_path, monkeypatch):
    async with keeping(
        lambda: PackSynthesizer.open(tiny_pack), tmp_path, monkeypatch
    ) as (
        _,
        own,
    ):
        for content in (b"", b"no sound", wav(0.5), wav()[:50]):
            with pytest.raises(BadRecording):
                await own.create("Ann", content)
        assert list(tmp_path.iterdir()) == []


async def test_a_model_that_cannot_clone_names_one_that_can(
    tmp_path, monkeypatch, request
):
    from tests.support.fake import FakeSynthesizer  # noqa: PLC0415

    async with keeping(FakeSynthesizer, tmp_path, monkeypatch) as (_, own):
        with pytest.raises(ModelUnsupported, match="fetch cosyvoice-300m"):
            await own.create("Ann", wav())
        assert "fetch" in str(own.cloning().remedy)
    async with (
        serving(FakeSynthesizer()) as http,
        http.session.post("/voices", json={"name": "A", "recording": "UklGRg=="}) as no,
    ):
        assert no.status == 409
