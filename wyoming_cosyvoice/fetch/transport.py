"""The HTTP client for downloads: timeouts, safe redirects, and only https.

Only https is allowed, except to this machine, for mirrors and tests. Redirects must
lead to https as well. Every failure becomes a DownloadError that states whether a retry
may help.
"""

from __future__ import annotations

import http.client
import socket
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wyoming_cosyvoice import __version__
from wyoming_cosyvoice.config.addresses import is_loopback
from wyoming_cosyvoice.errors import DownloadError
from wyoming_cosyvoice.files import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO

CONNECT_AND_READ_S = 30.0
"""Maximum time without data from a server."""

_LOOK_UP_S = 1.8
"""DNS timeout: without a name server, both hubs fail within five seconds."""

_MAX_JSON_BYTES = 4 << 20
_RETRY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
RANGE_NOT_SATISFIABLE = 416


def check_url(url: str) -> str:
    """Return ``url`` if it is allowed.

    Raises: DownloadError.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return url
    if parts.scheme == "http" and is_loopback(host):
        return url
    raise DownloadError(
        f"Refused to connect to {parts.scheme}://{host}: only https is safe.",
        remedy="Give an https address, such as HF_ENDPOINT=https://...",
    )


@contextmanager
def opened(
    url: str, *, offset: int = 0, timeout_s: float = CONNECT_AND_READ_S
) -> Iterator[HTTPResponse]:
    """Open ``url`` at an offset and yield the response; convert errors while reading.

    Raises: DownloadError.
    """
    headers = {
        "User-Agent": f"wyoming-cosyvoice/{__version__}",
        # Compressed responses could be neither counted nor resumed.
        "Accept-Encoding": "identity",
    }
    if offset:
        headers["Range"] = f"bytes={offset}-"
    request = urllib.request.Request(check_url(url), headers=headers)  # noqa: S310
    host = urlsplit(url).hostname
    try:
        _look_up(url)
        with _OPENER.open(request, timeout=timeout_s) as response:
            yield response
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error, url) from error
    except urllib.error.URLError as error:
        raise DownloadError(
            f"Cannot reach {host}: {error.reason}.",
            remedy="Check the network, or try another source.",
            retryable=True,
        ) from error
    except TimeoutError as error:
        raise DownloadError(
            f"{host} sent nothing for {timeout_s:g} s.", retryable=True
        ) from error
    except (ConnectionError, http.client.HTTPException) as error:
        reason = str(error) or type(error).__name__
        raise DownloadError(
            f"The connection to {host} broke: {reason}.", retryable=True
        ) from error


def read_json(url: str, *, timeout_s: float = CONNECT_AND_READ_S) -> Any:
    """Return the JSON at ``url``.

    Raises: DownloadError.
    """
    with opened(url, timeout_s=timeout_s) as response:
        content = response.read(_MAX_JSON_BYTES)
    try:
        # A truncated response is not valid JSON.
        return parse_json(content)
    except ValueError as error:
        host = urlsplit(url).hostname
        raise DownloadError(
            f"{host} did not return JSON; is it a hub?", retryable=True
        ) from error


def _look_up(url: str) -> None:
    """Fail early if no name server responds; the system retries for 10 s or more.

    With a proxy, the proxy resolves names. Raises: URLError.
    """
    parts = urlsplit(url)
    if urllib.request.getproxies().get(parts.scheme):
        return
    failures: list[OSError] = []

    def ask() -> None:
        try:
            socket.getaddrinfo(parts.hostname, parts.port)
        except OSError as error:
            failures.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_LOOK_UP_S)
    if asking.is_alive():
        silence = f"no name server responded within {_LOOK_UP_S:g} s"
        failures.append(socket.gaierror(socket.EAI_AGAIN, silence))
    if failures:
        raise urllib.error.URLError(failures[0])


def _refused(error: urllib.error.HTTPError, url: str) -> DownloadError:
    host = urlsplit(url).hostname
    return DownloadError(
        f"{host} answered {error.code} ({error.reason}).",
        remedy="Try another hub with --hub.",
        retryable=error.code in _RETRY_STATUS or error.code == RANGE_NOT_SATISFIABLE,
        status=error.code,
    )


def _check_redirect(here: str, there: str) -> None:
    check_url(there)
    # A redirect from the internet to this machine could attack local services.
    host = urlsplit(here).hostname or ""
    if is_loopback(urlsplit(there).hostname or "") and not is_loopback(host):
        raise DownloadError(f"{host} redirects to this machine.")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows safe redirects; the base class limits their number."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            _check_redirect(req.full_url, newurl)
        except DownloadError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_Redirects)
