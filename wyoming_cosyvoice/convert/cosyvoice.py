"""A release of the 300M family -> the files of a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wyoming_cosyvoice.convert.conversion import sampling_settings
from wyoming_cosyvoice.convert.graphs.flow_encoder import build_flow_encoder
from wyoming_cosyvoice.convert.graphs.flow_estimator import build_flow_estimator
from wyoming_cosyvoice.convert.graphs.positions import build_positions
from wyoming_cosyvoice.convert.graphs.speech_lm import build_speech_lm
from wyoming_cosyvoice.convert.graphs.text_encoder import build_text_encoder
from wyoming_cosyvoice.convert.graphs.vocoder import build_f0_predictor, build_vocoder
from wyoming_cosyvoice.convert.release.sizes import Sizes
from wyoming_cosyvoice.pack.manifest import Manifest, PackTokenizer
from wyoming_cosyvoice.pack.settings import SPEECH_PHONES, FlowSettings
from wyoming_cosyvoice.text import BASIC

if TYPE_CHECKING:
    from wyoming_cosyvoice.convert.conversion import Conversion
    from wyoming_cosyvoice.convert.graphs.layers import TensorSource
    from wyoming_cosyvoice.convert.release.sizes import EncoderSizes, SpeechLmSizes

# What 300M-Instruct was trained on, as words of its text (upstream README).
INSTRUCT_SOUNDS = tuple(
    "[laughter] [breath] <laughter> </laughter> <strong> </strong>".split()  # noqa: SIM905
)


def write_cosyvoice(job: Conversion) -> Manifest:
    """Write all files except the manifest, and return the manifest."""
    sizes = job.release.sizes
    if not isinstance(sizes, Sizes):
        raise TypeError("the release is of another family")
    _write_networks(job, sizes)
    job.write_extractors()
    vocabulary = _write_vocabulary(job)
    lm, encoder = sizes.speech_lm, sizes.text_encoder.encoder
    about, tokenizer = job.description, job.release.tokenizer
    kind = about.kind or guess_kind(job.release.directory.resolve().name)
    return Manifest(
        name=about.name,
        source=about.source,
        licence=about.licence,
        precision=about.precision,
        kind=kind,
        sample_rate=sizes.sample_rate,
        token_rate=sizes.token_rate,
        tokenizer=PackTokenizer(
            tokenizer.kind,
            tokenizer.tokens,
            vocabulary,
            INSTRUCT_SOUNDS if kind == "instruct" else (),
        ),
        sampling=sampling_settings(sizes.sampling),
        flow=FlowSettings(sizes.steps, sizes.guidance, sizes.temperature),
        vocoder=job.source_settings(
            sizes.source, sizes.sample_rate, sizes.vocoder.frame_samples
        ),
        voices=job.write_voices(job.release.speakers, BASIC),
        sizes={
            "text_encoder_width": encoder.width,
            "text_encoder_blocks": encoder.blocks,
            "speech_lm_width": lm.width,
            "speech_lm_blocks": lm.blocks,
            "flow_encoder_width": sizes.flow.encoder.width,
            "flow_estimator_channels": sizes.estimator.channels[0],
            "vocoder_width": sizes.vocoder.width,
        },
    )


def guess_kind(name: str) -> str:
    """Guess the kind of a release from its name."""
    lowered = name.lower()
    if "instruct" in lowered:
        return "instruct"
    return "zero-shot" if lowered.endswith("300m") else "sft"


def _write_networks(job: Conversion, sizes: Sizes) -> None:
    formats, network = job.formats, job.layers
    if job.release.tokenizer.speech_phones is not None:
        formats = formats.for_drafts()
    llm, flow, hift = job.llm, job.flow, job.hift

    def positions(
        name: str,
        source: TensorSource,
        prefix: str,
        sizes: EncoderSizes | SpeechLmSizes,
    ) -> None:
        # A rounding error of a position affects all its scores: use at least 8 bits.
        layers = network(f"{name}_positions", source, formats.language).in_blocks()
        build_positions(layers, prefix, sizes.blocks, sizes.width, sizes.heads)

    text, lm = sizes.text_encoder, sizes.speech_lm
    build_text_encoder(network("text_encoder", llm, formats.language), text, lm)
    positions("text_encoder", llm, "text_encoder", text.encoder)
    build_speech_lm(network("speech_lm", llm, formats.language), lm)
    positions("speech_lm", llm, "llm", lm)
    build_flow_encoder(network("flow_encoder", flow, formats.sound), sizes.flow)
    positions("flow_encoder", flow, "encoder", sizes.flow.encoder)
    build_flow_estimator(
        network("flow_estimator", flow, formats.sound), sizes.estimator
    )
    build_f0_predictor(network("f0_predictor", hift, formats.pitch), sizes.vocoder)
    build_vocoder(network("vocoder", hift, formats.sound), sizes.vocoder)


def _write_vocabulary(job: Conversion) -> str | None:
    """Copy the tokenizer's files; return the name of the vocabulary."""
    tokenizer = job.release.tokenizer
    if tokenizer.speech_phones is not None:
        job.copy_file(tokenizer.speech_phones, SPEECH_PHONES)
    if tokenizer.vocabulary is None:
        return None
    job.copy_file(tokenizer.vocabulary, tokenizer.vocabulary.name)
    return tokenizer.vocabulary.name
