"""The examples for Home Assistant: right in form, and with voices that exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from wyoming_cosyvoice.library.installed import STARTER_DIR
from wyoming_cosyvoice.pack.pack import read_manifest

FOLDER = Path(__file__).parents[2] / "docs/examples/home-assistant"
VOICES = {voice.id for voice in read_manifest(STARTER_DIR).voices}


class _Loader(yaml.SafeLoader):
    """Reads ``!input NAME`` as Home Assistant does, as a mark of its own."""


_Loader.add_constructor(
    "!input", lambda loader, node: ("input", loader.construct_scalar(node))
)


def load(name: str) -> dict[str, Any]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    return loaded


def values(tree: object) -> list[object]:
    if isinstance(tree, dict):
        return [leaf for each in tree.values() for leaf in values(each)]
    if isinstance(tree, list):
        return [leaf for each in tree for leaf in values(each)]
    return [tree]


def test_there_is_a_blueprint_an_automation_and_a_card() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == [
        "announce.yaml",
        "dashboard-card.yaml",
        "morning-report.yaml",
    ]


def test_each_input_of_the_blueprint_is_declared_and_used() -> None:
    blueprint = load("announce.yaml")
    declared = blueprint.pop("blueprint")["input"]
    used = {leaf[1] for leaf in values(blueprint) if isinstance(leaf, tuple)}
    assert used == set(declared)
    assert all("selector" in each and "name" in each for each in declared.values())


@pytest.mark.parametrize("name", ["announce.yaml", "morning-report.yaml"])
def test_automations_speak(name: str) -> None:
    automation = load(name)
    (action,) = automation["actions"]
    assert action["action"] == "tts.speak"
    assert {"media_player_entity_id", "message", "language"} <= set(action["data"])
    voice = action["data"].get("options", {}).get("voice")
    assert voice is None or voice in VOICES
    assert automation["triggers"]


def test_the_card_runs_a_script_that_the_comment_has() -> None:
    text = (FOLDER / "dashboard-card.yaml").read_text(encoding="utf-8")
    card = load("dashboard-card.yaml")["cards"][1]
    name = card["tap_action"]["perform_action"].removeprefix("script.")
    comment = text.partition("and this script:\n")[2].partition("# Add the card")[0]
    lines = [line.removeprefix("#") for line in comment.splitlines()]
    script = yaml.safe_load("\n".join(lines))
    (action,) = script[name]["sequence"]
    assert action["action"] == "tts.speak"
