"""The add-on's files keep the Supervisor's rules and fit the program."""

from __future__ import annotations

import json
import re
import struct

import pytest
import yaml

from tests.addon.supervisor import (
    ADDON,
    KNOWN_KEYS,
    accepts,
    load,
    option_type,
    security_rating,
)
from tests.support import ROOT
from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.cli.settings import LOG_LEVELS, TABLE
from wyoming_cosyvoice.fetch import RELEASES
from wyoming_cosyvoice.pack.settings import Precision
from wyoming_cosyvoice.text.sentence import LANGUAGES as LANGUAGES_SPOKEN

CONFIG = load("config.yaml")
SETTINGS = {setting.name: setting for setting in TABLE}
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
OWN_MODEL = "own_model"
"""The one option that is not a setting: start.py makes a model of it."""

# The image has ONNX Runtime for CPUs only.
INSIDE = {"uri", "data_dir", "device", "http", "no_http", "http_ingress"} | {
    *("zeroconf", "zeroconf_host", "zeroconf_port")
}
"""Settings that are not the user's to choose in an add-on."""


def test_the_version_is_that_of_the_program() -> None:
    assert CONFIG["version"] == __version__
    assert f"## {__version__}" in (ADDON / "CHANGELOG.md").read_text()


def test_home_assistant_is_new_enough_to_stream() -> None:
    """Before 2025.7.0 its Wyoming integration waits for the whole text and sound."""
    assert CONFIG["homeassistant"] == "2025.7.0"
    is_released = not __version__.startswith("0.")
    assert CONFIG["stage"] == ("stable" if is_released else "experimental")


def test_all_keys_are_known_and_the_required_ones_there() -> None:
    assert set(CONFIG) <= KNOWN_KEYS
    assert {"name", "version", "slug", "description", "arch"} <= set(CONFIG)
    assert set(CONFIG["arch"]) == {"aarch64", "amd64"}
    assert re.fullmatch("[-_.A-Za-z0-9]+", CONFIG["slug"])
    assert not re.search(r"[:{]", CONFIG["image"])


def test_the_security_rating_is_the_highest() -> None:
    has_profile = (ADDON / "apparmor.txt").is_file()
    assert security_rating(CONFIG, has_profile=has_profile) == 8
    assert security_rating({}, has_profile=False) == 5
    open_wide = {"host_network": True, "hassio_role": "admin", "apparmor": False}
    assert security_rating(open_wide, has_profile=True) == 1


def test_the_share_is_only_read_and_nothing_else_is_mapped() -> None:
    assert CONFIG["map"] == [{"type": "share", "read_only": True}]


def test_ports_are_closed_to_the_network_unless_opened() -> None:
    assert CONFIG["ports"] == {"8080/tcp": None, "10200/tcp": None}


def test_every_setting_is_an_option_or_the_add_on_s_own() -> None:
    own = {*CONFIG["schema"]} - {OWN_MODEL}
    assert set(SETTINGS) == own | INSIDE - {"no_http"}


def test_the_health_check_of_the_image_follows_the_address_of_the_server() -> None:
    """By the variable that both read, so whoever changes it changes both."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (check,) = re.findall(
        r"^HEALTHCHECK .*?CMD (\[.*?\])$", text, re.MULTILINE | re.DOTALL
    )
    assert json.loads(check) == ["wyoming-cosyvoice", "health"]
    before_stages = text[: text.index("FROM runtime AS")]
    assert f"{SETTINGS['uri'].variable}=tcp://0.0.0.0:10200" in before_stages
    assert text.count(SETTINGS["uri"].variable) == 1


def test_examples_name_the_host_that_clients_call() -> None:
    variable = SETTINGS["http_name"].variable
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    settings = compose["services"]["cosyvoice"]["environment"]
    manifests = (ROOT / "docs/examples/kubernetes.yaml").read_text()
    deployment = next(yaml.safe_load_all(manifests))
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    names = {one["name"]: one["value"] for one in container["env"]}
    for name in (settings[variable], names[variable]):
        assert SETTINGS["http_name"].parse(name) == (name,)


def test_defaults_are_accepted_and_options_without_one_are_optional() -> None:
    options, schema = CONFIG["options"], CONFIG["schema"]
    assert set(options) <= set(schema)
    for name, kind in schema.items():
        assert (name in options) != option_type(kind).is_optional
    for name, value in options.items():
        assert accepts(schema[name], value), name


@pytest.mark.parametrize(
    "kind",
    [
        *("select(a|b)", "int(1..2)", "list()", "list", "match", "number", "", "?"),
        *(
            "int(0.5,2)",
            "float(1.2.3,)",
            "float(1.,2)",
            "str(-1,2)",
            "bool(1)",
            "int()",
        ),
        *("device(block)", "int(1,2)??", "Int"),
    ],
)
def test_types_that_do_not_exist_are_found(kind: str) -> None:
    with pytest.raises(ValueError, match="is not a type"):
        option_type(kind)


@pytest.mark.parametrize(
    "kind",
    [
        *("str", "str(,)", "str(2,)?", "password(8,64)", "int(,5)", "int(-36,-10)?"),
        *("float(.5,2)", "float(-1.5,)", "list(a)", "list(a|b)?", "match(^a.*$)?"),
        *("device", "device(subsystem=tty)?", "port?", "email", "url", "bool?"),
    ],
)
def test_types_that_exist_are_understood(kind: str) -> None:
    assert option_type(kind).is_optional == kind.endswith("?")


@pytest.mark.parametrize("name", sorted({*CONFIG["schema"]} - {OWN_MODEL}))
def test_each_option_is_a_setting_of_serve_with_the_same_range(name: str) -> None:
    setting, option = SETTINGS[name], option_type(CONFIG["schema"][name])
    assert name not in INSIDE
    if option.words:
        for word in option.words:
            assert setting.parse(word) == word
    elif option.kind == "bool":
        assert setting.parse("yes") is True
        assert setting.parse("no") is False
    elif option.low is not None:
        number = int if option.kind == "int" else float
        low, high = number(option.low), number(option.high)
        for inside in (low, high):
            assert setting.parse(str(inside)) == inside
        for outside in (low - 1, high + 1):
            with pytest.raises(Exception, match="is no"):
                setting.parse(str(outside))


def test_all_that_the_issue_asks_for_can_be_chosen() -> None:
    wanted = {"model", "voice", "language", "speed", "precision", "threads"}
    assert wanted | {"loudness", "streaming", "log_level"} <= set(CONFIG["schema"])


def test_lists_of_words_are_complete() -> None:
    def words(name: str) -> tuple[str, ...]:
        return option_type(CONFIG["schema"][name]).words

    assert words("model") == ("starter", *(release.name for release in RELEASES))
    assert set(words("language")) == set(LANGUAGES_SPOKEN)
    assert set(words("precision")) == {precision.value for precision in Precision}
    assert set(words("log_level")) == set(LOG_LEVELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_complete(language: str) -> None:
    texts = load(f"translations/{language}.yaml")
    assert set(texts) == {"configuration", "network"}
    assert set(texts["network"]) == set(CONFIG["ports"])
    assert list(texts["configuration"]) == list(CONFIG["schema"])
    for option in texts["configuration"].values():
        assert set(option) == {"name", "description"}
        assert all(text.strip() for text in option.values())


def test_translations_name_the_ranges_of_the_schema() -> None:
    for language in LANGUAGES:
        texts = load(f"translations/{language}.yaml")["configuration"]
        for name in ("speed", "loudness", "steps", "guidance"):
            option = option_type(CONFIG["schema"][name])
            for limit in (option.low, option.high):
                assert limit in texts[name]["description"], (language, name)


def test_documentation_names_each_option() -> None:
    docs = (ADDON / "DOCS.md").read_text(encoding="utf-8")
    for option in load("translations/en.yaml")["configuration"].values():
        assert f"| {option['name']} |" in docs


def test_the_repository_is_described_and_has_one_add_on() -> None:
    repository = yaml.safe_load((ROOT / "repository.yaml").read_text())
    assert set(repository) == {"name", "url", "maintainer"}
    # The Supervisor takes each file of this name for an add-on.
    hidden = {".git", ".venv", "venv", "build"}
    found = [p for p in ROOT.rglob("config.yaml") if not hidden & set(p.parts)]
    assert found == [ADDON / "config.yaml"]


@pytest.mark.parametrize(
    ("name", "width", "height"), [("icon.png", 128, 128), ("logo.png", 250, 100)]
)
def test_pictures_have_the_sizes_of_the_store(
    name: str, width: int, height: int
) -> None:
    content = (ADDON / name).read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == (width, height)


@pytest.mark.parametrize(
    "name", ["compose.yaml", "docs/examples/kubernetes.yaml", "Dockerfile"]
)
def test_examples_name_the_version_of_the_program(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.findall(r"(?:wyoming-cosyvoice:|VERSION=)(\d[\w.]*)", text)
    assert found
    assert set(found) == {__version__}


def test_the_image_takes_the_wheels_that_are_checked_for() -> None:
    kinds = [
        set(re.findall(r"manylinux\w+(?=_\$machine)", (ROOT / name).read_text()))
        for name in ("Dockerfile", "script/check-wheels")
    ]
    assert kinds[0] == kinds[1] != set()
