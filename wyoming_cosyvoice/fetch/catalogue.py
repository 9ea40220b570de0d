"""The releases that can be fetched."""

from __future__ import annotations

from dataclasses import dataclass

from wyoming_cosyvoice.errors import ConfigError, nearest

REQUIRED_FILES = ("cosyvoice.yaml", "llm.pt", "flow.pt", "hift.pt")
"""Files without which a release cannot be converted."""

OPTIONAL_FILES = ("spk2info.pt", "campplus.onnx", "speech_tokenizer_v1.onnx")
"""Built-in speakers, and the two networks that cloning needs."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release, and where it lies."""

    name: str
    """What a user types; also the folder in ``DATA_DIR/models``."""

    title: str
    """Its official name."""

    kind: str
    """sft, zero-shot or instruct."""

    summary: str
    """What it is for, in a few words."""

    hugging_face: str
    """Repository on Hugging Face."""

    model_scope: str
    """Repository on ModelScope."""

    download_bytes: int
    """About how much is downloaded; the hub knows it exactly."""

    licence: str = "Apache-2.0"


# The sizes of CosyVoice-300M-SFT, from public download scripts. The other two have
# networks of the same widths.
_DOWNLOAD_BYTES = (
    6_421 + 1_242_994_835 + 419_900_943 + 81_896_716  # configuration and networks
) + (7_772 + 28_303_423 + 522_624_269)  # speakers and what cloning needs


def _release(suffix: str, kind: str, summary: str) -> Release:
    title = f"CosyVoice-300M{suffix}"
    return Release(
        name=title.lower(),
        title=title,
        kind=kind,
        summary=summary,
        hugging_face=f"FunAudioLLM/{title}",
        model_scope=f"iic/{title}",
        download_bytes=_DOWNLOAD_BYTES,
    )


RELEASES = (
    _release("-SFT", "sft", "natural speech; seven built-in voices"),
    _release("", "zero-shot", "voices cloned from a recording"),
    _release("-Instruct", "instruct", "speech in a described style or emotion"),
)


def find_release(name: str) -> Release:
    """Return a release by its name, in any case.

    Raises: ConfigError.
    """
    for release in RELEASES:
        if release.name == name.lower():
            return release
    names = [release.name for release in RELEASES]
    likely = nearest(name, names)
    tip = f" Did you mean {likely}?" if likely else ""
    raise ConfigError(
        f"No release is named {name!r}.", remedy=f"There are {', '.join(names)}.{tip}"
    )
