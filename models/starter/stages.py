"""The stages of the recipe, in order; each resumes where it was stopped."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.starter import packages
from models.starter.progress import Progress, duration
from models.starter.voices import HIBARI, VOICES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.starter.settings import Settings
    from models.starter.training.loop import Task

# CPU seconds on one core (TRAINING.md, "Planning the hours"): of a second
# of speech, by who speaks and who plans it, and of a step of training with --bf16.
SPEECH_S = {"hibari": 0.015, "kokoro": 0.6, "lowered": 0.016}
PLAN_S = {"hibari": 0.0054, "kokoro": 0.016}
STEP_S = {
    "vocoder": 0.28,
    "language-model": 0.98,
    "flow": 0.74,
    "recogniser": 0.1,
    "recognised-flow": 0.75,
}
ABOUT = {
    "packages": "PyTorch and the teachers, by pip; style packs, by npm",
    "texts": "sentences of Debian's packages, unpacked beside the state",
    "spoken": "the teachers read: sound, pitch, alignment",
    "planned": "the teachers plan: alignment and pitch, without sound",
    "ranges": "the range of each voice's pitch, which tokens are classes of",
    "vocoder": "mel to sound",
    "language-model": "text to speech tokens",
    "flow": "speech tokens to mel",
    "recogniser": "mel to phones, for the next stage",
    "recognised-flow": "the flow, by the recogniser's features of its mels",
    "release": "a checkpoint in the official layout",
    "pack": "converted, and the levels of its voices measured",
    "speak": "a sentence in each voice and language",
}
STAGES = tuple(ABOUT)
SENTENCES = {
    "en": "The kitchen light is on, and dinner is ready.",
    "zh": "厨房的灯开着，晚饭准备好了。",
    "ja": "台所の照明がついています。夕食の準備ができました。",
}


@dataclass(frozen=True)
class Recipe:
    """The stages with their settings and the folder that keeps everything."""

    state: Path
    settings: Settings
    start: Path | None = None
    """The pack whose weights training begins with; None for random weights."""

    bf16: bool = False
    compiled: bool = True

    def run(self, stage: str) -> None:
        """Run a stage to its end."""
        started = time.monotonic()
        getattr(self, stage.replace("-", "_"))()
        taken = duration(time.monotonic() - started)
        print(f"{stage}: {ABOUT[stage]} ({taken})", flush=True)

    def table(self) -> Iterator[str]:
        """List the stages with the CPU hours that they take on one core."""
        hours = {stage: self._hours(stage) for stage in STAGES}
        for stage in STAGES:
            yield f"{stage:16} {hours[stage]:6.1f} h  {ABOUT[stage]}"
        yield f"{'all':16} {sum(hours.values()):6.1f} h"

    def _hours(self, stage: str) -> float:
        if stage in STEP_S:
            steps = sum(phase.steps for phase in self.settings.phases(stage))
            return steps * STEP_S[stage] / 3600
        corpora, seconds = {
            "spoken": (self.settings.spoken, SPEECH_S),
            "planned": (self.settings.planned, PLAN_S),
        }.get(stage, ((), {}))
        return sum(c.hours * seconds[speaks(c.voice, c.language)] for c in corpora)

    def packages(self) -> None:
        """Install what is missing."""
        packages.install()
        wanted = {
            style
            for name in self.settings.voices
            for style in (*VOICES[name].timbre, *VOICES[name].prosody.values())
        }
        packages.download_styles(self.state, wanted - {HIBARI})

    def texts(self) -> None:
        """Unpack the packages that sentences are cut out of."""
        from models.starter.texts.sources import download  # noqa: PLC0415

        download(self.state)

    def spoken(self) -> None:
        """Let the teachers read; lowered voices are made of what was read."""
        from models.starter.corpora.lowered import lower_corpus  # noqa: PLC0415
        from models.starter.corpora.spoken import speak_corpus  # noqa: PLC0415
        from models.starter.corpora.teachers import Teachers  # noqa: PLC0415

        teachers = Teachers(self.state)
        for wanted in self.settings.spoken:
            voice = VOICES[wanted.voice]
            progress = Progress(f"spoken {wanted.name}", "h")
            if voice.lowered_from:
                lower_corpus(wanted, voice, self.state, progress)
            else:
                speak_corpus(wanted, teachers, self.state, progress)

    def planned(self) -> None:
        """Let the teachers plan."""
        from models.starter.corpora.planned import plan_corpus  # noqa: PLC0415
        from models.starter.corpora.teachers import Teachers  # noqa: PLC0415

        teachers = Teachers(self.state)
        for wanted in self.settings.planned:
            progress = Progress(f"planned {wanted.name}", "h")
            plan_corpus(wanted, teachers, self.state, progress)

    def ranges(self) -> None:
        """Measure the ranges of pitch, once for all stages."""
        from models.starter.corpora.corpus import PLANNED, SPOKEN, open_corpora  # noqa: PLC0415
        from models.starter.corpora.tokens import Tokenizer  # noqa: PLC0415
        from models.starter.release.warm_start import keep_pitch_ranges  # noqa: PLC0415

        if self.start is not None:
            keep_pitch_ranges(self.state)
        known = Tokenizer.open(self.state).ranges
        corpora = open_corpora(self.state, SPOKEN, PLANNED)
        Tokenizer.measure(corpora, known).save(self.state)

    def vocoder(self) -> None:
        """Train the vocoder."""
        from models.starter.training.vocoder import VocoderTask  # noqa: PLC0415

        self._begin_with_pack("vocoder")
        if self.settings.vocoder:
            task = VocoderTask(self.state, bf16=self.bf16, compiled=self.compiled)
            self._train(task, "vocoder")

    def language_model(self) -> None:
        """Train the language model."""
        from models.starter.training.language_model import LanguageModelTask  # noqa: PLC0415

        self._begin_with_pack("language-model")
        self._train(LanguageModelTask(self.state, bf16=self.bf16), "language-model")

    def flow(self) -> None:
        """Train the flow."""
        from models.starter.training.flow import FlowTask  # noqa: PLC0415

        self._begin_with_pack("flow")
        self._train(FlowTask(self.state, bf16=self.bf16), "flow")

    def recogniser(self) -> None:
        """Train the recogniser of phones."""
        from models.starter.training.recogniser import RecogniserTask  # noqa: PLC0415

        if self.settings.recogniser:
            self._train(RecogniserTask(self.state, bf16=self.bf16), "recogniser")

    def recognised_flow(self) -> None:
        """Continue to train the flow, by the recogniser's features of its mels."""
        if not self.settings.recognised_flow:
            return
        from models.starter.training.flow import FlowTask  # noqa: PLC0415
        from models.starter.training.loop import Checkpoint  # noqa: PLC0415
        from models.starter.training.recognised import Listener  # noqa: PLC0415

        checkpoint = Checkpoint(self.state, "recognised-flow")
        if not checkpoint.path.exists():
            weights = Checkpoint(self.state, "flow").weights()
            checkpoint.write(
                {"network": weights, "buffers": {}, "step": 0, "cpu_s": 0.0}
            )
        listener = Listener(Checkpoint(self.state, "recogniser").weights())
        task = FlowTask(self.state, bf16=self.bf16, listener=listener)
        self._train(task, "recognised-flow")

    def release(self) -> None:
        """Write the checkpoint."""
        from models.starter.release.export import export  # noqa: PLC0415

        settings = self.settings
        export(
            self.state, self.state / "release", settings.voices, settings.languages,
            settings.recognised_share,
        )  # fmt: skip

    def pack(self) -> None:
        """Convert the checkpoint."""
        from models.starter.release.levels import write_levels  # noqa: PLC0415
        from wyoming_cosyvoice.convert.converter import convert  # noqa: PLC0415

        target = self.state / "pack"
        shutil.rmtree(target, ignore_errors=True)
        write_levels(convert(self.state / "release", target, name="starter"))

    def speak(self) -> None:
        """Let the product say a sentence in each voice and language."""
        from wyoming_cosyvoice.pack.pack import read_manifest  # noqa: PLC0415

        say = [sys.executable, "-m", "wyoming_cosyvoice", "say"]
        for voice in (one.id for one in read_manifest(self.state / "pack").voices):
            for language in self.settings.languages:
                path = self.state / f"samples/{voice}-{language}.wav"
                path.parent.mkdir(exist_ok=True)
                options = ["--model", str(self.state / "pack"), "--voice", voice]
                command = [*say, *options, "-o", str(path), SENTENCES[language]]
                subprocess.run(command, check=True)  # noqa: S603

    def _begin_with_pack(self, stage: str) -> None:
        if self.start is None:
            return
        from models.starter.release.warm_start import write_checkpoint  # noqa: PLC0415
        from wyoming_cosyvoice.pack.pack import Pack  # noqa: PLC0415

        step = sum(phase.steps for phase in self.settings.phases(stage)[:-1])
        is_kept = not self.settings.phases(stage)
        write_checkpoint(
            Pack.open(self.start), self.state, stage, step, is_kept=is_kept
        )

    def _train(self, task: Task, stage: str) -> None:
        import torch  # noqa: PLC0415

        from models.starter.training.loop import Training  # noqa: PLC0415

        torch.set_num_threads(1)
        Training(task, self.settings.phases(stage), self.state, stage).run()


def speaks(voice: str, language: str) -> str:
    """Return who makes the sound of a voice, as ``SPEECH_S`` names it."""
    if VOICES[voice].lowered_from:
        return "lowered"
    return "hibari" if VOICES[voice].prosody[language] == HIBARI else "kokoro"
