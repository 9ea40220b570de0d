"""A release becomes a pack: the same each time, and whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.random import layout
from models.random.torch_file import Tensor, write_torch_file
from tests.support.release import Packs, write_tiny_release
from wyoming_cosyvoice.convert.converter import convert, guess_kind
from wyoming_cosyvoice.convert.release.speakers import Speaker
from wyoming_cosyvoice.convert.voices import write_voices
from wyoming_cosyvoice.errors import CheckpointError, MalformedCheckpoint
from wyoming_cosyvoice.model.flow import FlowPrompt
from wyoming_cosyvoice.model.noise import SeededNoise
from wyoming_cosyvoice.model.speakers import load_speaker
from wyoming_cosyvoice.model.utterance import Utterance
from wyoming_cosyvoice.pack.pack import Pack
from wyoming_cosyvoice.pack.settings import FlowSettings, Precision
from wyoming_cosyvoice.text import BASIC

pytestmark = pytest.mark.ci

SPEAKER = np.random.default_rng(1).standard_normal(192).astype(np.float32)


@pytest.fixture
def release(tiny_checkpoint, tmp_path):
    """Give a copy of the tiny release that a test may damage."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "release"))


def contents(folder):
    """Return the bytes of all files of a pack, but for the notes on verifying it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".verified.json"
    }


def write_vocoder(release, names):
    """Write a ``hift.pt`` of ones with tensors of these names."""
    shapes = {weight.name: weight.shape for weight in layout.hift(layout.TINY)}
    tree = {}
    for name in names:
        shape = shapes.get(name, (2,))
        tree[name] = Tensor(shape, lambda shape=shape: np.ones(shape, np.float32))
    write_torch_file(release / "hift.pt", tree)


VOCODER = [weight.name for weight in layout.hift(layout.TINY)]


@pytest.mark.parametrize("precision", Precision)
def test_twice_is_the_same_bytes(tiny_packs, tiny_checkpoint, tmp_path, precision):
    first = tiny_packs.pack(precision).directory
    convert(tiny_checkpoint, tmp_path / "again", precision=precision, name="tiny")
    assert contents(tmp_path / "again") == contents(first)


@pytest.mark.parametrize("precision", Precision)
def test_every_precision_speaks(tiny_packs, precision):
    pack = tiny_packs.pack(precision)
    assert pack.manifest.precision == precision.value
    voice = pack.manifest.voices[0]
    speaker = load_speaker(pack.file(voice.file))
    utterance = Utterance([5, 6, 7], speaker, min_tokens=60, max_tokens=60)
    model = tiny_packs.model(precision)
    pieces = list(model.speak(utterance, np.random.default_rng(0)))
    assert len(pieces) == 2
    samples = np.concatenate(pieces)
    assert len(samples) == pytest.approx(60 / 50 * 22050, abs=2 * 256)
    assert 0.001 < np.abs(samples).max() <= 1.08  # Hamming joins add up to 1.08


def stages(model):
    """Run every stage on inputs that do not depend on the stage before."""
    rng = np.random.default_rng(0)
    text = model.text_encoder.encode(list(range(100, 140)), SPEAKER)
    # The same prefix for all precisions, of the size of a real one.
    prefix = np.abs(rng.standard_normal(text.prefix.shape, np.float32)) * 4
    decoding = model.speech_lm.begin([prefix], [range(30)], max_tokens=10)
    logits = [decoding.logits.copy()]
    for token in range(10):
        decoding.step([token])
        logits.append(decoding.logits.copy())
    noise = SeededNoise(rng).flow_noise(model.flow.frames(60), 80)
    mu, condition = model.flow.encode(range(60), FlowPrompt(), SPEAKER)
    given = rng.standard_normal((2, *noise.shape), np.float32)
    row = np.concatenate([given[0], given[1]], axis=2)
    f0 = model.vocoder.predict_f0(noise)
    source = 0.1 * rng.standard_normal((1, noise.shape[1] * 256), np.float32)
    return {
        "text encoded": text.encoded,
        "logits": np.stack(logits),
        "mu": mu,
        "speaker": condition[:, :, :80],
        "velocity": model.flow.velocity(noise, given[0], row, 0.3),
        "mel": model.flow.solve(given[0], row, noise, FlowSettings()),
        "f0": f0,
        "samples": model.vocoder.filter(noise, source),
    }


# Signal to noise in dB that these small random networks reach, less a margin of 3 dB.
SIGNAL_TO_NOISE = {
    Precision.INT8: {
        "text encoded": 39,
        "logits": 38,
        "mu": 35,
        "speaker": 41,
        "velocity": 26,
        "mel": 33,
        "f0": 61,
        "samples": 34,
    },
    Precision.INT4: {"text encoded": 18, "logits": 31},
}


@pytest.mark.parametrize("precision", [Precision.INT8, Precision.INT4])
def test_integers_are_near_the_floats(tiny_packs, precision):
    exact, rounded = (
        stages(tiny_packs.model(Precision.FP32)),
        stages(tiny_packs.model(precision)),
    )
    found = {}
    for stage, signal in exact.items():
        noise = np.square(rounded[stage] - signal).mean()
        assert noise > 0, f"{stage} is not rounded"
        found[stage] = 10 * np.log10(np.square(signal - signal.mean()).mean() / noise)
    for stage, least in SIGNAL_TO_NOISE[precision].items():
        assert found[stage] >= least, found


class TestFailures:
    def test_a_tensor_too_many_is_refused_by_name(self, release, tmp_path):
        write_vocoder(release, [*VOCODER, "strange.weight"])
        with pytest.raises(MalformedCheckpoint, match=r"hift\.pt.*strange\.weight"):
            convert(release, tmp_path / "pack")
        assert not (tmp_path / "pack").exists()

    def test_a_tensor_too_few_is_refused_by_name(self, release, tmp_path):
        names = [name for name in VOCODER if not name.endswith("conv_post.bias")]
        assert len(names) == len(VOCODER) - 1
        write_vocoder(release, names)
        with pytest.raises(MalformedCheckpoint, match=r"conv_post\.bias"):
            convert(release, tmp_path / "pack")

    @pytest.mark.parametrize("file", ["llm.pt", "flow.pt", "hift.pt", "spk2info.pt"])
    def test_an_earlier_pack_survives_a_bad_release(self, release, tmp_path, file):
        target = tmp_path / "pack"
        convert(release, target)
        before = contents(target)
        path = release / file
        path.write_bytes(path.read_bytes()[:-1000])
        with pytest.raises(CheckpointError, match=file):
            convert(release, target)
        assert contents(target) == before
        Pack.open(target, verify=True)

    def test_an_earlier_pack_survives_a_failure_at_the_end(self, release, tmp_path):
        target = tmp_path / "pack"
        convert(release, target)
        before = contents(target)
        write_vocoder(release, [*VOCODER, "strange.weight"])
        with pytest.raises(MalformedCheckpoint):
            convert(release, target)
        assert contents(target) == before
        assert not (tmp_path / ".pack.new").exists()

    def test_an_earlier_pack_is_replaced_by_a_good_one(self, release, tmp_path):
        target = tmp_path / "pack"
        convert(release, target, precision=Precision.INT4)
        pack = convert(release, target, precision=Precision.FP32)
        assert Pack.open(target).manifest == pack.manifest
        assert pack.manifest.precision == "fp32"


def test_progress_goes_from_nothing_to_all(tiny_checkpoint, tmp_path):
    reports = []
    convert(
        tiny_checkpoint,
        tmp_path / "pack",
        progress=lambda done, total: reports.append((done, total)),
    )
    done = [report[0] for report in reports]
    total = reports[0][1]
    assert done == sorted(done)
    assert done[0] <= 2
    # The two tensors of the source are read for the manifest, unreported.
    assert total - 2 <= done[-1] <= total
    assert {report[1] for report in reports} == {total}


def test_25_tokens_a_second(tmp_path):
    """Half as many tokens speak for as long."""
    checkpoint = write_tiny_release(tmp_path / "release", token_rate=25)
    packs = Packs(checkpoint, tmp_path / "packs")
    (tmp_path / "packs").mkdir()
    model = packs.model(Precision.INT8)
    assert model.manifest.token_rate == 25
    speaker = load_speaker(packs.pack(Precision.INT8).file("voices/000.npz"))
    utterance = Utterance([5, 6, 7], speaker, min_tokens=90, max_tokens=90)
    samples = np.concatenate(list(model.speak(utterance, np.random.default_rng(0))))
    assert len(samples) == pytest.approx(90 / 25 * 22050, abs=3 * 256)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CosyVoice-300M-SFT", "sft"),
        ("CosyVoice-300M", "zero-shot"),
        ("CosyVoice-300M-Instruct", "instruct"),
        ("my-voice", "sft"),
    ],
)
def test_kind_follows_the_name_of_the_release(name, kind):
    assert guess_kind(name) == kind


def test_the_manifest_says_what_the_yaml_says(tiny_packs):
    manifest = tiny_packs.pack(Precision.FP32).manifest
    assert manifest.sample_rate == 22050
    assert manifest.token_rate == 50
    assert manifest.flow == FlowSettings(steps=10, guidance=0.7)
    assert manifest.vocoder.hop == 256
    assert len(manifest.vocoder.harmonics) == 9
    assert manifest.sizes["speech_lm_blocks"] == layout.TINY.lm_blocks
    assert manifest.tokenizer.kind == "whisper-bpe"
    assert [voice.id for voice in manifest.voices][:2] == ["zh-female", "zh-male"]


@pytest.mark.parametrize(
    ("speaker", "voice_id", "languages"),
    [
        ("中文女", "zh-female", {"zh", "zh-CN", "zh-TW"}),
        ("en+zh-heart", "heart", {"en", "en-US", "en-GB", "zh", "zh-CN", "zh-TW"}),
        ("my voice", "my-voice", {"zh", "zh-CN", "zh-TW", "en", "en-US", "en-GB"}),
    ],
)
def test_languages_follow_the_name_of_a_speaker(tmp_path, speaker, voice_id, languages):
    embedding = np.ones(192, np.float32)
    (voice,) = write_voices((Speaker(speaker, embedding, None),), tmp_path, BASIC)
    assert voice.id == voice_id
    assert set(voice.languages) >= languages
    assert (len(voice.languages) == len(languages)) == (speaker != "my voice")
