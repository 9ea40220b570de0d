"""Where a model is looked for, and what is said if it is not there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support import packs
from wyoming_cosyvoice.errors import ConfigError, ModelNotFound
from wyoming_cosyvoice.library.installed import (
    STARTER_DIR,
    find_model,
    save_choice,
    voice_named,
    warn_about_precision,
)
from wyoming_cosyvoice.pack.writer import PackWriter
from wyoming_cosyvoice.voices import Voice

if TYPE_CHECKING:
    from pathlib import Path

VOICES = (
    Voice("zh-female", "中文女", "Chinese female", "Chinese, female", ("zh", "zh-CN")),
    Voice("en-male", "英文男", "English male", "English, male", ("en", "en-US")),
)


def put_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    return folder


def test_folder_is_used_as_it_is(tmp_path: Path) -> None:
    assert find_model(str(tmp_path), tmp_path / "data") == tmp_path


def test_name_is_looked_for_in_the_data_dir(data_dir: Path) -> None:
    put_model(data_dir / "models/large")
    small = put_model(data_dir / "models/small")
    assert find_model("small", data_dir) == small


def test_only_model_needs_no_name(data_dir: Path) -> None:
    only = put_model(data_dir / "models/only")
    assert find_model(None, data_dir) == only


def test_own_model_goes_before_the_starter(data_dir: Path, tmp_path: Path) -> None:
    starter = put_model(tmp_path / "starter")
    assert find_model(None, data_dir, starter=starter) == starter
    own = put_model(data_dir / "models/own")
    assert find_model(None, data_dir, starter=starter) == own
    assert find_model("starter", data_dir, starter=starter) == starter


def test_several_models_are_to_be_chosen_from(data_dir: Path) -> None:
    put_model(data_dir / "models/a")
    put_model(data_dir / "models/b")
    with pytest.raises(ConfigError, match=r"several models.*--model: a, b"):
        find_model(None, data_dir)


def test_model_that_was_chosen_on_the_page_is_used_again(
    data_dir: Path, tmp_path: Path
) -> None:
    put_model(data_dir / "models/a")
    chosen = put_model(data_dir / "models/b")
    save_choice(data_dir, chosen)
    assert find_model(None, data_dir) == chosen
    assert find_model("a", data_dir) == data_dir / "models/a"
    save_choice(data_dir, STARTER_DIR)
    starter = put_model(tmp_path / "starter")
    assert find_model(None, data_dir, starter=starter) == starter
    save_choice(data_dir, chosen)
    save_choice(data_dir, put_model(tmp_path / "elsewhere/a"))  # was named by --model
    assert find_model(None, data_dir) == chosen
    chosen.rename(tmp_path / "gone")
    assert find_model(None, data_dir) == data_dir / "models/a"


def put_pack(folder: Path, precision: str) -> Path:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with PackWriter(folder) as writer:
        packs.fill(writer.directory)
        writer.finish(replace(packs.manifest(), precision=precision))
    return folder


def test_precision_chooses_among_models_of_a_name(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    int8 = put_pack(data_dir / "models/large", "int8")
    int4 = put_pack(data_dir / "models/large-int4", "int4")
    assert find_model("large", data_dir) == int8
    assert find_model("large", data_dir, precision="int8") == int8
    assert find_model("large", data_dir, precision="int4") == int4
    assert find_model(None, data_dir, precision="int4") == int4
    assert find_model("large-int4", data_dir, precision="int8") == int8
    assert find_model("large", data_dir, precision="fp32") == int8
    warn_about_precision(int8, "int8")
    warn_about_precision(int8, None)
    assert caplog.messages == []
    warn_about_precision(int8, "fp32")
    [warning] = caplog.messages
    assert "fetch large --precision fp32" in warning


def test_precision_of_the_only_model_is_a_wish(data_dir: Path, tmp_path: Path) -> None:
    int8 = put_pack(data_dir / "models/only", "int8")
    assert find_model(None, data_dir, precision="int4") == int8
    assert find_model(str(tmp_path), data_dir, precision="int4") == tmp_path
    damaged = put_model(data_dir / "models/damaged")
    assert find_model("damaged", data_dir, precision="int4") == damaged


def test_unfinished_folders_are_not_models(data_dir: Path, tmp_path: Path) -> None:
    (data_dir / "models/unfinished").mkdir(parents=True)
    with pytest.raises(ModelNotFound, match=r"no model yet\..*convert"):
        find_model(None, data_dir, starter=tmp_path / "none")


def test_unknown_name_says_what_is_known(data_dir: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"'wrong'.*convert"):
        find_model("wrong", data_dir)
    put_model(data_dir / "models/right")
    with pytest.raises(ModelNotFound, match=r"'wrong'.*Known by name: right\."):
        find_model("wrong", data_dir)


@pytest.mark.parametrize("name", [None, "zh-female", "中文女", "EN-MALE"])
def test_voices_that_the_model_has(name: str | None) -> None:
    voice_named(VOICES, name)


def test_voice_that_the_model_has_not() -> None:
    with pytest.raises(ConfigError, match=r"no voice 'fr'.*zh-female, en-male"):
        voice_named(VOICES, "fr")
