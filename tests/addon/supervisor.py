"""The rules of Home Assistant's Supervisor that an add-on's files have to keep.

Restated from its documentation: types of options, keys, and the security rating.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ADDON = ROOT / "addon"

_NUMBER = r"(?P<low>-?[\d.]+)?,(?P<high>-?[\d.]+)?"
_TYPE = re.compile(
    rf"(?P<kind>str|bool|email|url|port|password|(?:int|float)(?:\({_NUMBER}\))?"
    r"|str\(\d*,\d*\)|match\(.*\)|list\((?P<words>.+)\)|device(?:\(.+\))?)(?P<optional>\?)?"
)
KNOWN_KEYS = frozenset(
    {"name", "version", "slug", "description", "url", "image", "arch", "discovery"}
    | {"ingress", "ingress_port", "ingress_stream", "panel_icon", "panel_title"}
    | {"ports", "ports_description", "map", "backup_exclude", "options", "schema"}
    | {"homeassistant", "init", "stage", "timeout", "startup", "boot"}
)


def load(name: str) -> Any:
    """Return a YAML file of the add-on."""
    return yaml.safe_load((ADDON / name).read_text(encoding="utf-8"))


def option_type(text: str) -> re.Match[str]:
    """Return the parts of an option's type.

    Raises: ValueError if the Supervisor would refuse it: the add-on then vanishes.
    """
    match = _TYPE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no type of an option")
    return match


def accepts(kind: str, value: Any) -> bool:
    """Whether an option of a type may have a value."""
    match = option_type(kind)
    name = match["kind"]
    if name == "bool":
        return isinstance(value, bool)
    if name.startswith("list("):
        return value in match["words"].split("|")
    if name.startswith(("int", "float")):
        number = int if name.startswith("int") else (int, float)
        low = float(match["low"] or "-inf")
        high = float(match["high"] or "inf")
        return isinstance(value, number) and low <= value <= high
    return isinstance(value, str)


def security_rating(config: dict[str, Any], *, has_profile: bool) -> int:
    """Return the rating from 1 to 8 that users see."""
    if config.get("full_access") or config.get("docker_api"):
        return 1
    rating = 5
    if config.get("apparmor", True) is False:
        rating -= 1
    elif has_profile:
        rating += 1
    if config.get("ingress"):
        rating += 2
    elif config.get("auth_api"):
        rating += 1
    dangerous = {"BPF", "DAC_READ_SEARCH", "NET_ADMIN", "NET_RAW", "PERFMON"} | {
        *("SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO")
    }
    if dangerous & set(config.get("privileged", ())):
        rating -= 1
    rating -= {"manager": 1, "admin": 2}.get(config.get("hassio_role", ""), 0)
    rating -= bool(config.get("host_network"))
    rating -= 2 * bool(config.get("host_pid"))
    return max(1, min(8, rating))
