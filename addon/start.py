# ruff: noqa: INP001 - a program, no module
"""The add-on's first program: options -> environment, root -> own user, then serve.

Home Assistant's Supervisor writes the options to /data/options.json. Each becomes the
environment variable that the program reads for its flag. An option that is unknown or
has a wrong value costs one line in the log and on the page, and is left out: the add-on
starts all the same.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import sys
import threading
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wyoming_cosyvoice import files
from wyoming_cosyvoice.cli import main
from wyoming_cosyvoice.cli.setting import PREFIX
from wyoming_cosyvoice.cli.settings import TABLE
from wyoming_cosyvoice.config import LEXICON
from wyoming_cosyvoice.errors import CosyVoiceError
from wyoming_cosyvoice.pack.pack import MANIFEST
from wyoming_cosyvoice.server.discovery import routable_addresses
from wyoming_cosyvoice.text import lexicon_file
from wyoming_cosyvoice.text.lexicon import read_file
from wyoming_cosyvoice.user_voices.share import (
    digest_of,
    import_recordings,
    read_imported,
    write_imported,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOGGER = logging.getLogger("addon")

DATA = Path("/data")
SHARE = Path("/share/cosyvoice")
OWN_MODEL = "own_model"
"""Option that names a folder of the share's cosyvoice/models."""

USER_ID = 10200
"""User and group of the program; the image makes it."""

WYOMING_PORT = 10200
HTTP_PORT = 8080
INGRESS_PROXY = "172.30.32.2"
"""Home Assistant's proxy, which needs no token; without one, no one else is served."""

DISCOVERY_URL = "http://supervisor/discovery"
# The model of a first start may load for a minute on a small board.
_DISCOVERY_TRIES = 30
_DISCOVERY_WAIT_S = 10.0
_MAX_OPTIONS_BYTES = 1 << 20
_SHARE_S = 60.0
"""For a look at the share: 400 recordings of a slow card, but no mount that hangs."""
_LEXICON_AS_SAVED = "lexicon.txt as saved"

# Not the user's to choose: where things are inside the container.
FIXED = {
    "uri": f"tcp://0.0.0.0:{WYOMING_PORT}",
    "data_dir": str(DATA),
    "http": f"0.0.0.0:{HTTP_PORT}",
    "http_ingress": INGRESS_PROXY,
}


def read_options(path: Path) -> dict[str, Any]:
    """Return what the user chose; nothing if the file is missing or damaged."""
    try:
        content = files.read_file(path, max_bytes=_MAX_OPTIONS_BYTES)
        options = files.parse_json(content)
    except (OSError, ValueError, CosyVoiceError) as error:
        _LOGGER.warning("Cannot read the options (%s); all keep their defaults.", error)
        return {}
    return options if isinstance(options, dict) else {}


def choose_own_model(options: Mapping[str, Any], share: Path) -> dict[str, Any]:
    """Return the options with a model of the share in place of the chosen one, if any.

    A missing name is logged, and the chosen model is used.
    """
    chosen = dict(options)
    name = chosen.pop(OWN_MODEL, None)
    if not isinstance(name, str) or not name.strip():
        return chosen
    models = share / "models"
    folder = models / name.strip()
    found = sorted(path.parent.name for path in models.glob(f"*/{MANIFEST}"))
    if folder.parent != models or folder.name not in found:
        _LOGGER.warning(
            "There is no model %r in the share's cosyvoice/models; there are: %s.",
            *(name, ", ".join(found) or "none"),
        )
        return chosen
    return chosen | {"model": str(folder)}


def environment(options: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables that stand for the options.

    What the program does not know or accept, it says itself: in the log and on the
    page.
    """
    settings = {setting.name: setting for setting in TABLE}
    variables = {
        settings[name].variable: value
        for name, value in FIXED.items()
        if name in settings
    }
    for name, value in options.items():
        if value is None or value == "":
            continue
        text = _as_text(value)
        if name in FIXED or not re.fullmatch("[a-z_]{1,60}", name) or "\0" in text:
            _LOGGER.warning("The option %r is left out.", name[:60])
            continue
        variables[f"{PREFIX}{name.upper()}"] = text
    return variables


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def import_lexicon(share: Path, data: Path) -> None:
    """Use the share's lexicon, if it is new or has changed since it was imported.

    It replaces a lexicon that came from there; words that were added on the page stay.
    """
    imported = read_imported(data)
    try:
        shared = read_file(share / LEXICON)
        digest = digest_of(shared.encode())
        if not shared or imported.get(LEXICON) == digest:
            return
        own = read_file(data / LEXICON)
        is_as_imported = imported.get(_LEXICON_AS_SAVED) == digest_of(own.encode())
        text = shared if not own or is_as_imported else lexicon_file.merge(own, shared)
        saved = lexicon_file.save(data / LEXICON, text)
    except CosyVoiceError as error:
        _LOGGER.warning("The lexicon of the share is not used: %s", error)
        return
    imported |= {LEXICON: digest}
    imported |= {_LEXICON_AS_SAVED: digest_of(saved.text.encode())}
    write_imported(data, imported)
    _LOGGER.info("Imported the lexicon of the share, %d words.", saved.words)


def look_at_share(
    options: Mapping[str, Any],
    share: Path = SHARE,
    data: Path = DATA,
    *,
    max_s: float = _SHARE_S,
) -> dict[str, Any]:
    """Return the options with a model of the share; import its recordings and words.

    A share that does not answer is left alone after ``max_s``.
    """
    limit = files.TimeLimit("The share", max_s)
    chosen = {name: value for name, value in options.items() if name != OWN_MODEL}
    try:
        chosen = limit.run(partial(choose_own_model, options, share))
        limit.run(partial(import_recordings, share, data / "voices"))
        limit.run(partial(import_lexicon, share, data))
    except (CosyVoiceError, OSError) as error:
        _LOGGER.warning("The share is not used: %s", error)
    return chosen


class KeptMessages(logging.Handler):
    """Keeps log messages for the page."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())


def become_user(user_id: int, data: Path) -> None:
    """Give ``data`` to the program's user and become it for good."""
    for path in (data, *data.rglob("*")):
        # options.json stays the Supervisor's.
        if path.name != "options.json" and path.lstat().st_uid != user_id:
            os.chown(path, user_id, user_id, follow_symlinks=False)
    os.setgroups([])
    os.setgid(user_id)
    os.setuid(user_id)
    os.environ["HOME"] = str(data)


def announce(
    token: str,
    *,
    url: str = DISCOVERY_URL,
    port: int = WYOMING_PORT,
    addresses: Callable[[list[str]], list[str]] = routable_addresses,
    wait_s: float = _DISCOVERY_WAIT_S,
) -> bool:
    """Tell Home Assistant where the server is, as soon as it listens.

    The address is a number: a host name may lead to one that others cannot reach.
    """
    for _ in range(_DISCOVERY_TRIES):
        try:
            host = next(iter(addresses(["0.0.0.0"])), None)  # noqa: S104 - as it listens
            if host is None:
                raise OSError("no network yet")  # noqa: TRY301
            socket.create_connection((host, port), timeout=wait_s).close()
            _post(url, token, f"tcp://{host}:{port}", wait_s)
        except OSError as error:
            _LOGGER.debug("Not announced yet: %s", error)
            time.sleep(wait_s)
        else:
            _LOGGER.info("Home Assistant knows the server at tcp://%s:%d", host, port)
            return True
    _LOGGER.warning(
        "Home Assistant was not informed of this server. Add it by hand: Settings, "
        "Devices & services, Wyoming Protocol."
    )
    return False


def _post(url: str, token: str, uri: str, timeout_s: float) -> None:
    body = json.dumps({"service": "wyoming", "config": {"uri": uri}}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - fixed address
    urllib.request.urlopen(request, timeout=timeout_s).close()  # noqa: S310


def start() -> int:
    """Run the add-on and return the exit code of the program."""
    logging.basicConfig(
        level="INFO",
        format="%(asctime)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    kept = KeptMessages(logging.WARNING)
    logging.getLogger().addHandler(kept)
    os.environ.update(environment(look_at_share(read_options(DATA / "options.json"))))
    logging.getLogger().removeHandler(kept)
    if os.getuid() == 0:
        become_user(USER_ID, DATA)
    # The program and what it starts have no business with the Supervisor.
    token = os.environ.pop("SUPERVISOR_TOKEN", "")
    if token:
        threading.Thread(target=announce, args=(token,), daemon=True).start()
    return main(["serve"], problems=kept.messages)


if __name__ == "__main__":
    sys.exit(start())
