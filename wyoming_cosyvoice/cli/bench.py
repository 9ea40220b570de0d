"""``bench``: measure speed and memory, or the loss of precision, of a model."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.bench.accuracy import check_comparable, compare
from wyoming_cosyvoice.bench.clients import measure_clients
from wyoming_cosyvoice.bench.footprint import measure_footprint
from wyoming_cosyvoice.bench.opening import open_model
from wyoming_cosyvoice.bench.report import (
    AccuracyReport,
    ClientsReport,
    SpeedReport,
    Subject,
)
from wyoming_cosyvoice.bench.sentences import own_sentences, read_sentences
from wyoming_cosyvoice.bench.stages import measure_stages, measure_stream
from wyoming_cosyvoice.bench.workload import Workload, first_speaker
from wyoming_cosyvoice.errors import ConfigError, ModelUnsupported
from wyoming_cosyvoice.library.installed import find_model
from wyoming_cosyvoice.library.opening import model_settings
from wyoming_cosyvoice.machine.cpu import read_cpu
from wyoming_cosyvoice.model.session import runtime_version
from wyoming_cosyvoice.model.threads import choose_threads
from wyoming_cosyvoice.pack.pack import Pack, size_bytes
from wyoming_cosyvoice.synth.options import SynthesizerOptions
from wyoming_cosyvoice.synth.synthesizer import PackSynthesizer

if TYPE_CHECKING:
    import argparse

    from wyoming_cosyvoice.config import Config
    from wyoming_cosyvoice.model.device import Device
    from wyoming_cosyvoice.model.threads import Threads
    from wyoming_cosyvoice.pack.manifest import Manifest

_SENTENCE_S = 5.0


def run(arguments: argparse.Namespace, config: Config) -> int:
    """Measure, print the table and, if asked for, write the JSON.

    Raises: ModelError, ConfigError.
    """
    pack = Pack.open(find_model(config.model.name, config.data_folder))
    report: SpeedReport | AccuracyReport | ClientsReport
    if arguments.clients is not None:
        report = _measure_clients(pack, arguments, config)
    elif arguments.accuracy is None:
        report = _measure_speed(pack, arguments, config)
    else:
        exact = Pack.open(find_model(arguments.accuracy, config.data_folder))
        report = _measure_accuracy(pack, exact, arguments, config)
    if arguments.json == "-":
        print(report.to_json())
        return 0
    print("\n".join(report.lines()))
    if arguments.json is not None:
        _write(Path(arguments.json), report.to_json() + "\n")
    return 0


def _measure_speed(
    pack: Pack, arguments: argparse.Namespace, config: Config
) -> SpeedReport:
    manifest = pack.manifest
    chosen = choose_threads(manifest, arguments.threads)
    threads = chosen.count
    settings = model_settings(manifest, config)
    flow = settings.flow
    lengths = (arguments.text_tokens, _speech_tokens(arguments, manifest))
    # First, before this process loads the same model.
    _note("Measuring load and memory in a separate process")
    footprint = measure_footprint(
        pack.directory,
        threads=threads,
        text_tokens=lengths[0],
        speech_tokens=lengths[1],
        flow=flow,
        device=settings.device.name,
    )
    device = settings.device
    model = open_model(pack, threads=threads, flow=flow, device=device).model
    workload = Workload.make(
        pack, model, text_tokens=lengths[0], speech_tokens=lengths[1]
    )
    _note(f"Measuring stages, {arguments.runs} runs after one to warm up")
    stages = measure_stages(model, workload, runs=arguments.runs)
    _note("Measuring streaming")
    stream = measure_stream(model, workload, runs=arguments.runs)
    frames = model.frames(lengths[1])
    return SpeedReport(
        subject=_subject(pack, chosen, device),
        text_tokens=lengths[0],
        speech_tokens=lengths[1],
        mel_frames=frames,
        audio_s=frames * manifest.vocoder.hop / manifest.sample_rate,
        steps=flow.steps,
        guidance=flow.guidance,
        runs=arguments.runs,
        stages=tuple(stages),
        stream=stream,
        footprint=footprint,
    )


def _measure_clients(
    pack: Pack, arguments: argparse.Namespace, config: Config
) -> ClientsReport:
    threads = choose_threads(pack.manifest, arguments.threads)
    if pack.manifest.tokenizer.kind == "none":
        message = f"The model {pack.manifest.name} cannot read text."
        raise ModelUnsupported(message, remedy="Choose a model that reads text.")
    settings = model_settings(pack.manifest, config)
    options = SynthesizerOptions(threads=threads.count, settings=settings)
    _note(f"Serving {', '.join(map(str, arguments.clients))} clients")
    return ClientsReport(
        subject=_subject(pack, threads, settings.device),
        quality=config.model.quality,
        figures=measure_clients(PackSynthesizer.open(pack, options), arguments.clients),
    )


def _measure_accuracy(
    pack: Pack, exact: Pack, arguments: argparse.Namespace, config: Config
) -> AccuracyReport:
    check_comparable(exact.manifest, pack.manifest)
    settings = model_settings(pack.manifest, config)
    flow, device = settings.flow, settings.device
    threads = choose_threads(pack.manifest, arguments.threads)
    opened = open_model(exact, threads=threads.count, flow=flow)
    other = open_model(pack, threads=threads.count, flow=flow, device=device)
    if arguments.sentences is None:
        sentences = own_sentences(opened, exact.manifest)
    else:
        sentences = read_sentences(arguments.sentences, exact.manifest)
    _note(f"Comparing {len(sentences)} sentences")
    figures = compare(
        opened.model,
        other.model,
        first_speaker(exact),
        sentences,
        max_tokens=_speech_tokens(arguments, pack.manifest),
    )
    return AccuracyReport(
        subject=_subject(pack, threads, device),
        compared_with=str(exact.directory),
        sentences=len(sentences),
        figures=figures,
    )


def _speech_tokens(arguments: argparse.Namespace, manifest: Manifest) -> int:
    """Return the length of the sentence, by default as long with every family."""
    given: int | None = arguments.tokens
    return round(_SENTENCE_S * manifest.token_rate) if given is None else given


def _subject(pack: Pack, threads: Threads, device: Device) -> Subject:
    cpu, manifest = read_cpu(), pack.manifest
    return Subject(
        program=__version__,
        onnxruntime=runtime_version(),
        cpu=f"{cpu.name} ({cpu.machine})",
        cores=cpu.cores,
        threads=threads.count,
        threads_reason=threads.reason,
        device=device.name,
        device_reason=device.reason,
        model=manifest.name,
        precision=manifest.precision,
        size_mb=size_bytes(pack.directory, manifest) / 1e6,
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"Cannot write {path}: {error.strerror}.") from error


def _note(message: str) -> None:
    if sys.stderr.isatty():
        print(f"{message} ...", file=sys.stderr)
