"""The releases that can be downloaded, with pinned properties of their files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wyoming_cosyvoice.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_NETWORKS = ("llm.pt", "flow.pt", "hift.pt")
_REQUIRED = ("cosyvoice.yaml", *_NETWORKS)
_OPTIONAL = ("spk2info.pt", "campplus.onnx", "speech_tokenizer_v1.onnx")


@dataclass(frozen=True, slots=True)
class Release:
    """One release and its repositories."""

    name: str
    """Name on the command line and of the folder in ``DATA_DIR/models``."""

    title: str
    """Its official name."""

    kind: str
    """sft, zero-shot or instruct."""

    summary: str
    """Short description."""

    family: str
    """Architecture, as the manifest of its pack names it."""

    hugging_face: str
    """Repository on Hugging Face."""

    model_scope: str
    """Repository on ModelScope."""

    download_bytes: int
    """Approximate download size; the hub has the exact one."""

    required: tuple[str, ...] = _REQUIRED
    """Files required for the conversion."""

    optional: tuple[str, ...] = _OPTIONAL
    """Optional files: built-in speakers, and the two cloning networks."""

    sha256: Mapping[str, str] = field(default_factory=dict)
    """File name -> properties that are known without a hub."""

    licence: str = "Apache-2.0"


# Sizes of CosyVoice-300M-SFT, from public download scripts. The networks of the other
# two have the same sizes.
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
        family="cosyvoice",
        hugging_face=f"FunAudioLLM/{title}",
        model_scope=f"iic/{title}",
        download_bytes=_DOWNLOAD_BYTES,
    )


_TEXT_MODEL = "CosyVoice-BlankEN"
# Sizes and hashes as pinned by several public download scripts.
_OF_ALL_LATER = {
    "campplus.onnx": (
        28_303_423,
        "a6ac6a63997761ae2997373e2ee1c47040854b4b759ea41ec48e4e42df0f4d73",
    ),
    f"{_TEXT_MODEL}/vocab.json": (
        2_776_833,
        "ca10d7e9fb3ed18575dd1e277a2579c16d108e32f27439684afa0e10b1440910",
    ),
    f"{_TEXT_MODEL}/merges.txt": (
        1_402_109,
        "ac8ff86a72bee70828fbc1119bc4398c6f3a9a6e490d7b0dbe917be025478bd0",
    ),
    f"{_TEXT_MODEL}/config.json": (
        659,
        "168aa1bd401abc3bc262ba15ba4e499627a8b4e006e9d050b47c22de20660185",
    ),
}
_OF_2: dict[str, tuple[int, str | None]] = {
    "cosyvoice2.yaml": (7_330, None),
    "llm.pt": (
        2_023_316_821,
        "b144ef55b51ce8cfb79a73c90dbba0bdaba4e451c0ebcfab20f769264f84a608",
    ),
    "flow.pt": (
        450_575_567,
        "ff4c2f867674411e0a08cee702996df13fa67c1cd864c06108da88d16d088541",
    ),
    "hift.pt": (
        83_390_254,
        "3386cc880324d4e98e05987b99107f49e40ed925b8ecc87c1f4939432d429879",
    ),
    "speech_tokenizer_v2.onnx": (
        496_082_973,
        "d43342aa12163a80bf07bffb94c9de2e120a8df2f9917cd2f642e7f4219c6f71",
    ),
}
_OF_3: dict[str, tuple[int, str | None]] = {
    "cosyvoice3.yaml": (
        6_934,
        "f5a6b2c6f05139d0f18861a1fe506f751e787026b77c05f7e8fef9f8a4405965",
    ),
    "llm.pt": (
        2_024_669_519,
        "69f43bd545131c30e98947fb360ea8b4dc9916d8e83dded7757c7ea4f5a24970",
    ),
    "flow.pt": (
        1_329_116_148,
        "a6fab32a7825e5b0bc855ddd948f8db9370b0a786fbc249caa4595e95b608e4b",
    ),
    "hift.pt": (
        83_202_622,
        "b279d7641eb97ae55b3b540cfba4f953c26492a2df758328a89a4d007ab87a65",
    ),
    "speech_tokenizer_v3.onnx": (
        969_451_503,
        "23236a74175dbdda47afc66dbadd5bcb41303c467a57c261cb8539ad9db9208d",
    ),
}


def _later_release(
    title: str,
    summary: str,
    repositories: tuple[str, str],
    files: dict[str, tuple[int, str | None]],
) -> Release:
    """Describe a release of CosyVoice2 or 3; ``files`` are those specific to it."""
    known = {**_OF_ALL_LATER, **files}
    hugging_face, model_scope = repositories
    (configuration,) = (name for name in files if name.endswith(".yaml"))
    (tokenizer,) = (name for name in files if name.endswith(".onnx"))
    text_model = tuple(name for name in known if name.startswith(_TEXT_MODEL))
    return Release(
        name=title.lower(),
        title=title,
        kind="instruct",
        summary=summary,
        family=configuration.removesuffix(".yaml"),
        hugging_face=hugging_face,
        model_scope=model_scope,
        download_bytes=sum(size for size, _ in known.values()),
        required=(configuration, *_NETWORKS, *text_model),
        optional=("spk2info.pt", "campplus.onnx", tokenizer),
        sha256={name: digest for name, (_, digest) in known.items() if digest},
    )


RELEASES = (
    _release("-SFT", "sft", "natural speech; seven built-in voices"),
    _release("", "zero-shot", "voices cloned from a recording"),
    _release("-Instruct", "instruct", "speech in a described style or emotion"),
    _later_release(
        "CosyVoice2-0.5B",
        "better cloning, and instructions; for fast machines",
        ("FunAudioLLM/CosyVoice2-0.5B", "iic/CosyVoice2-0.5B"),
        _OF_2,
    ),
    _later_release(
        "Fun-CosyVoice3-0.5B",
        "the newest, with ten languages; largest and slowest",
        ("FunAudioLLM/Fun-CosyVoice3-0.5B-2512",) * 2,
        _OF_3,
    ),
)


def find_release(name: str) -> Release:
    """Return a release by its name, in any case.

    Raises: ConfigError.
    """
    for release in RELEASES:
        if release.name == name.lower():
            return release
    if name.lower() == "starter":
        raise ConfigError("The starter is part of the program and needs no download.")
    names = [release.name for release in RELEASES]
    likely = nearest(name, names)
    tip = f" Did you mean {likely}?" if likely else ""
    raise ConfigError(
        f"No release is named {name!r}.", remedy=f"There are {', '.join(names)}.{tip}"
    )
