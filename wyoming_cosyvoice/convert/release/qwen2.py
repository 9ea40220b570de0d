"""The sizes of a Qwen2 language model, from ``config.json`` beside its vocabulary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice.errors import (
    CheckpointError,
    MalformedCheckpoint,
    UnusableFile,
)
from wyoming_cosyvoice.files import parse_json, read_file

if TYPE_CHECKING:
    from pathlib import Path

    from wyoming_cosyvoice.convert.release.configuration import Section

FOLDER = "CosyVoice-BlankEN"
"""Folder with the text model that the language model was trained from."""

_MAX_BYTES = 1 << 20
_MAX_SIZE = 1 << 22
# CosyVoice2 has a separate table for begin and task, and three stop tokens.
_STOPS_OF_2 = 3
# The special tokens of CosyVoice3 follow the speech tokens; this many are reserved.
_MARKS = 200
_BEGIN, _TASK = 0, 2


@dataclass(frozen=True, slots=True)
class Qwen2Sizes:
    """The language model."""

    width: int
    heads: int
    key_heads: int
    head_width: int
    hidden: int
    blocks: int
    text_vocabulary: int
    epsilon: float
    rotation_base: float
    speech_vocabulary: int
    """Speech tokens; all outputs from here on end a sentence."""
    speech_rows: int
    """Rows of the speech table, including special tokens."""
    outputs: int
    marks_table: str
    """The table with the rows of begin and task."""
    marks_rows: int
    begin_row: int
    task_row: int
    has_decoder_bias: bool


@dataclass(frozen=True, slots=True)
class _Marks:
    """Layout of the special tokens of a family."""

    extra_rows: int
    """Rows of the speech table and outputs, after those of the speech tokens."""
    table: str
    rows: int
    begin: int
    task: int
    has_decoder_bias: bool


def read_qwen2_of_2(llm: Section, folder: Path) -> Qwen2Sizes:
    """Read the sizes of CosyVoice2's language model.

    Raises: CheckpointError if the file is missing, MalformedCheckpoint.
    """
    marks = _Marks(_STOPS_OF_2, "llm_embedding", 2, 0, 1, has_decoder_bias=True)
    return _read(llm, folder, marks)


def read_qwen2(llm: Section, folder: Path) -> Qwen2Sizes:
    """Read the sizes of CosyVoice3's language model.

    Raises: CheckpointError if the file is missing, MalformedCheckpoint.
    """
    tokens = llm.size("speech_token_size")
    marks = _Marks(
        _MARKS,
        "speech_embedding",
        tokens + _MARKS,
        tokens + _BEGIN,
        tokens + _TASK,
        has_decoder_bias=False,
    )
    return _read(llm, folder, marks)


def check_vocabularies(flow: Section, vocabulary: int, language: Qwen2Sizes) -> None:
    """Check that flow and language model have the same number of speech tokens.

    Raises: MalformedCheckpoint.
    """
    if vocabulary != language.speech_vocabulary:
        flow.fail("vocab_size differs from speech_token_size of llm")


def _read(llm: Section, folder: Path, marks: _Marks) -> Qwen2Sizes:
    """Combine the sizes of the text model with those of the speech tokens.

    Raises: CheckpointError if the file is missing, MalformedCheckpoint.
    """
    numbers = _Numbers(folder / "config.json")
    width, heads = numbers.size("hidden_size"), numbers.size("num_attention_heads")
    for name in ("llm_input_size", "llm_output_size"):
        llm.expect(name, width)
    key_heads = numbers.size("num_key_value_heads")
    if width % heads or heads % key_heads:
        numbers.fail("has heads that do not divide hidden_size or each other")
    tokens = llm.size("speech_token_size")
    return Qwen2Sizes(
        width=width,
        heads=heads,
        key_heads=key_heads,
        head_width=width // heads,
        hidden=numbers.size("intermediate_size"),
        blocks=numbers.size("num_hidden_layers"),
        text_vocabulary=numbers.size("vocab_size"),
        epsilon=numbers.number("rms_norm_eps"),
        rotation_base=numbers.number("rope_theta"),
        speech_vocabulary=tokens,
        speech_rows=tokens + marks.extra_rows,
        outputs=tokens + marks.extra_rows,
        marks_table=marks.table,
        marks_rows=marks.rows,
        begin_row=marks.begin,
        task_row=marks.task,
        has_decoder_bias=marks.has_decoder_bias,
    )


class _Numbers:
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            content = read_file(path, max_bytes=_MAX_BYTES)
            self._values: Any = parse_json(content)
        except FileNotFoundError as error:
            raise CheckpointError(
                f"There is no {path}, which says how large the language model is.",
                remedy=f"Give the folder of a release with its folder {FOLDER}.",
            ) from error
        except UnusableFile as error:
            raise CheckpointError(f"{path} cannot be read: {error}") from error
        except ValueError:
            self._values = None
        if not isinstance(self._values, dict):
            self.fail("is not a JSON object")

    def size(self, name: str) -> int:
        value = self._values.get(name)
        if type(value) is not int or not 0 < value <= _MAX_SIZE:
            self.fail(f"has no whole number above 0 as {name}")
        return int(value)

    def number(self, name: str) -> float:
        value = self._values.get(name)
        if type(value) not in (int, float) or not 0 < value < math.inf:
            self.fail(f"has no number above 0 as {name}")
        return float(value)

    def fail(self, reason: str) -> Any:
        raise MalformedCheckpoint(f"{self._path} {reason}.")
