"""The rules of Home Assistant's Supervisor that an add-on's files have to keep.

Restated from its documentation and compared with its own checks of August 2026: types
of options, keys, and the security rating. ``accepts`` is stricter on purpose: the
Supervisor turns "5" and 5.5 into 5 where an int is wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from tests.support import ROOT

ADDON = ROOT / "addon"

_TYPE = re.compile(r"(?P<kind>[a-z]+)(?:\((?P<inside>.*)\))?(?P<optional>\??)")
_LENGTH = r"(?P<low>\d+)?,(?P<high>\d+)?"
_INSIDE = {
    **dict.fromkeys(("bool", "email", "url", "port")),
    "str": _LENGTH,
    "password": _LENGTH,
    "int": r"(?P<low>-?\d+)?,(?P<high>-?\d+)?",
    "float": r"(?P<low>-?\d*\.?\d+)?,(?P<high>-?\d*\.?\d+)?",
    "device": "subsystem=[a-z]+",
    "match": ".*",
    "list": "(?P<words>.+)",
}
"""What may stand in parentheses after each type; None is nothing."""
_NEEDS_INSIDE = {"match", "list"}
KNOWN_KEYS = frozenset(
    {"name", "version", "slug", "description", "url", "image", "arch", "discovery"}
    | {"ingress", "ingress_port", "ingress_stream", "panel_icon", "panel_title"}
    | {"ports", "ports_description", "map", "backup_exclude", "options", "schema"}
    | {"homeassistant", "init", "stage", "timeout", "startup", "boot"}
)


def load(name: str) -> Any:
    """Return a YAML file of the add-on."""
    return yaml.safe_load((ADDON / name).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class OptionType:
    """The type of an option, such as ``float(0.5,2)?``."""

    kind: str
    low: str | None = None
    high: str | None = None
    words: tuple[str, ...] = ()
    is_optional: bool = False


def option_type(text: str) -> OptionType:
    """Return the parts of an option's type.

    Raises: ValueError if the Supervisor would refuse it: the add-on then vanishes.
    """
    refusal = ValueError(f"{text!r} is not a type of an option")
    match = _TYPE.fullmatch(text)
    if match is None or match["kind"] not in _INSIDE:
        raise refusal
    kind, inside = match["kind"], match["inside"]
    parts: dict[str, str | None] = {}
    if inside is not None:
        found = re.fullmatch(_INSIDE[kind], inside) if _INSIDE[kind] else None
        if found is None:
            raise refusal
        parts = found.groupdict()
    elif kind in _NEEDS_INSIDE:
        raise refusal
    words = tuple((parts.get("words") or "").split("|")) if kind == "list" else ()
    return OptionType(
        kind, parts.get("low"), parts.get("high"), words, bool(match["optional"])
    )


def accepts(text: str, value: Any) -> bool:
    """Whether an option of a type may have a value, without being converted."""
    option = option_type(text)
    if option.kind == "bool":
        return isinstance(value, bool)
    if option.kind == "list":
        return value in option.words
    low, high = float(option.low or "-inf"), float(option.high or "inf")
    if option.kind in ("int", "float"):
        number = int if option.kind == "int" else (int, float)
        is_number = isinstance(value, number) and not isinstance(value, bool)
        return is_number and low <= value <= high
    return isinstance(value, str) and low <= len(value) <= high


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
    dangerous = {"BPF", "CHECKPOINT_RESTORE", "DAC_READ_SEARCH", "NET_ADMIN"} | {
        *("NET_RAW", "PERFMON", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO")
    }
    privileged = set(config.get("privileged", ()))
    rating -= bool(dangerous & privileged or config.get("kernel_modules"))
    rating -= bool(config.get("host_uts") and "SYS_ADMIN" in privileged)
    rating -= {"manager": 1, "admin": 2}.get(config.get("hassio_role", ""), 0)
    rating -= bool(config.get("host_network"))
    rating -= 2 * bool(config.get("host_pid"))
    return max(1, min(8, rating))
