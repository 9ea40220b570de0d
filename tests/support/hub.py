"""A hub on loopback that speaks both protocols and misbehaves on request."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from wyoming_cosyvoice.fetch.retries import RetryPolicy
from wyoming_cosyvoice.fetch.sources import HuggingFace, ModelScope

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fault = Callable[["Handler", bytes, int], None]

COMMIT = "c0ffee" + "0" * 34
SOURCES = {"huggingface": HuggingFace, "modelscope": ModelScope}
HASTY = RetryPolicy(tries=3, first_wait_s=0.01, longest_wait_s=0.02, silence_s=1)
"""Asks again without a wait."""


class Hub(ThreadingHTTPServer):
    """Serves ``files`` as every repository; ``faults`` are used up one per download."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.plain: set[str] = {"cosyvoice.yaml"}
        """Files that lie in git itself, with a git digest instead of SHA-256."""
        self.faults: dict[str, list[Fault]] = {}
        self.list_faults: list[int] = []
        """Statuses to answer instead of a list."""
        self.list_changes: Callable[[Any], None] = lambda _: None
        """Changes the list before it is sent."""
        self.requests: list[tuple[str, str]] = []
        """Name and Range of each download, in order."""
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave are the point of these tests."""


@contextmanager
def running_hub(files: dict[str, bytes]) -> Iterator[Hub]:
    hub = Hub()
    hub.files = files
    thread = threading.Thread(target=hub.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield hub
    finally:
        hub.is_over.set()
        hub.shutdown()
        thread.join()
        hub.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path.startswith("/api/models/"):
            self._list(self._hugging_face_list())
        elif parts.path.endswith("/repo/files"):
            self._list(self._model_scope_list())
        elif parts.path.endswith("/repo"):
            self._file(query["FilePath"][0])
        elif "/resolve/" in parts.path:
            revision_and_name = unquote(parts.path.partition("/resolve/")[2])
            self._file(revision_and_name.partition("/")[2])
        elif parts.path.startswith("/cdn/"):
            self._file(parts.path.rsplit("/", 1)[1])
        else:
            self.send(404)

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer."""
        self.send_head(status, len(body), **headers)
        self.wfile.write(body)

    def send_head(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def send_content(self, content: bytes, offset: int) -> None:
        """Send a file, or the range of it that was asked for, as a good server does."""
        if offset >= len(content) > 0:
            self.send(416)
        elif offset:
            last = len(content) - 1
            self.send(
                206,
                content[offset:],
                Content_Range=f"bytes {offset}-{last}/{len(content)}",
            )
        else:
            self.send(200, content)

    def _list(self, answer: Any) -> None:
        if self.server.list_faults:
            self.send(self.server.list_faults.pop(0))
            return
        self.server.list_changes(answer)
        self.send(200, json.dumps(answer).encode(), Content_Type="application/json")

    def _file(self, name: str) -> None:
        asked = self.headers.get("Range", "")
        self.server.requests.append((name, asked))
        content = self.server.files.get(name)
        if content is None:
            self.send(404)
            return
        offset = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        faults = self.server.faults.get(name)
        fault = faults.pop(0) if faults else Handler.send_content
        fault(self, content, offset)

    def _hugging_face_list(self) -> Any:
        siblings = []
        for name, content in self.server.files.items():
            blob = hashlib.sha1(  # noqa: S324 - git has no other
                b"blob %d\0" % len(content) + content
            ).hexdigest()
            entry: dict[str, Any] = {
                "rfilename": name,
                "size": len(content),
                "blobId": blob,
            }
            if name not in self.server.plain:
                entry["lfs"] = {
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "pointerSize": 134,
                }
            siblings.append(entry)
        return {"id": "x/y", "modelId": "x/y", "sha": COMMIT, "siblings": siblings}

    def _model_scope_list(self) -> Any:
        files = [
            {
                "Name": name,
                "Path": name,
                "Type": "blob",
                "Size": len(content),
                "Sha256": hashlib.sha256(content).hexdigest(),
                "Revision": COMMIT,
            }
            for name, content in self.server.files.items()
        ]
        folder = {"Name": "asset", "Path": "asset", "Type": "tree", "Size": 0}
        return {"Code": 200, "Success": True, "Data": {"Files": [folder, *files]}}


def cut(share: float) -> Fault:
    """Close the connection after a share of what is left."""

    def fault(handler: Handler, content: bytes, offset: int) -> None:
        rest = content[offset:]
        headers = {}
        if offset:
            last = len(content) - 1
            headers["Content_Range"] = f"bytes {offset}-{last}/{len(content)}"
        handler.send_head(206 if offset else 200, len(rest), **headers)
        sent = len(rest) - 1 if share == 1 else int(len(rest) * share)
        handler.wfile.write(rest[:sent])
        handler.wfile.flush()
        handler.close_connection = True

    return fault


def stall(share: float) -> Fault:
    """Send a share, then nothing more."""

    def fault(handler: Handler, content: bytes, offset: int) -> None:
        rest = content[offset:]
        last = len(content) - 1
        span = f"bytes {offset}-{last}/{len(content)}"
        handler.send_head(206 if offset else 200, len(rest), Content_Range=span)
        handler.wfile.write(rest[: int(len(rest) * share)])
        handler.wfile.flush()
        handler.server.is_over.wait(30)
        handler.close_connection = True

    return fault


def status(code: int) -> Fault:
    return lambda handler, content, offset: handler.send(code)


def redirect(url: str) -> Fault:
    return lambda handler, content, offset: handler.send(302, Location=url)


def whole(handler: Handler, content: bytes, offset: int) -> None:
    """Ignore the range that was asked for."""
    handler.send(200, content)


def wrong_bytes(handler: Handler, content: bytes, offset: int) -> None:
    changed = bytes([content[0] ^ 1]) + content[1:]
    handler.send_content(changed, offset)


def too_long(handler: Handler, content: bytes, offset: int) -> None:
    handler.send(200, content + b"more")


def too_short(handler: Handler, content: bytes, offset: int) -> None:
    handler.send(200, content[:-3])


def wrong_range(handler: Handler, content: bytes, offset: int) -> None:
    start = max(offset - 1, 0)
    last = len(content) - 1
    span = f"bytes {start}-{last}/{len(content)}"
    handler.send(206, content[start:], Content_Range=span)


def compressed(handler: Handler, content: bytes, offset: int) -> None:
    handler.send(200, gzip.compress(content), Content_Encoding="gzip")
