"""What is announced on the network: an address that others can reach, or nothing."""

from __future__ import annotations

import socket
from typing import Any, Self

import pytest

from wyoming_cosyvoice.server.discovery import Announcement, routable_ipv4

ANY = "0.0.0.0"  # noqa: S104 - nothing is bound here


class FakeZeroconf:
    """Remembers what was registered; nothing goes out to the network."""

    def __init__(self, error: Exception | None = None) -> None:
        self.services: list[Any] = []
        self.is_closed = False
        self._error = error

    async def async_register_service(self, service: Any, **_: Any) -> None:
        if self._error:
            raise self._error
        self.services.append(service)

    async def async_unregister_all_services(self) -> None:
        self.services.clear()

    async def async_close(self) -> None:
        self.is_closed = True


class Interface:
    """A UDP socket of a machine with one address, or with none."""

    def __init__(self, own: str | None) -> None:
        self._own = own

    def __call__(self, *_: Any) -> Interface:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect(self, _: Any) -> None:
        if self._own is None:
            raise OSError(101, "Network is unreachable")

    def getsockname(self) -> tuple[str | None, int]:
        return self._own, 5353


@pytest.mark.parametrize(
    ("bind_host", "own", "expected"),
    [
        (ANY, "192.0.2.7", "192.0.2.7"),
        ("::", "192.0.2.7", "192.0.2.7"),
        ("homeassistant", "192.0.2.7", "192.0.2.7"),
        ("192.0.2.8", "192.0.2.7", "192.0.2.8"),
        (ANY, None, None),
        (ANY, "127.0.0.1", None),
        (ANY, "0.0.0.0", None),  # noqa: S104
        (ANY, "169.254.1.1", None),
        ("127.0.0.1", "192.0.2.7", None),
        ("localhost", "192.0.2.7", None),
        ("::1", "192.0.2.7", None),
        ("2001:db8::1", "192.0.2.7", None),
    ],
)
def test_address(
    monkeypatch: pytest.MonkeyPatch,
    bind_host: str,
    own: str | None,
    expected: str | None,
) -> None:
    monkeypatch.setattr("socket.socket", Interface(own))
    assert routable_ipv4(bind_host) == expected


async def test_announcement_is_taken_back() -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf()
    announcement = Announcement("cosyvoice", "192.0.2.7", lambda: zeroconf)
    assert await announcement.start(10200)
    (service,) = zeroconf.services
    assert service.type == "_wyoming._tcp.local."
    assert service.name == "cosyvoice._wyoming._tcp.local."
    assert service.addresses == [socket.inet_aton("192.0.2.7")]
    assert service.port == 10200

    await announcement.stop()
    assert zeroconf.services == []
    assert zeroconf.is_closed
    await announcement.stop()


async def test_nothing_is_announced_from_loopback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    zeroconf = FakeZeroconf()
    announcement = Announcement("cosyvoice", "127.0.0.1", lambda: zeroconf)
    assert not await announcement.start(10200)
    assert "Not announced" in caplog.text
    assert zeroconf.services == []
    await announcement.stop()


async def test_a_network_that_refuses_is_no_reason_to_stop(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf(OSError("no multicast"))
    announcement = Announcement("cosyvoice", "192.0.2.7", lambda: zeroconf)
    assert not await announcement.start(10200)
    assert "no multicast" in caplog.text
    assert zeroconf.is_closed
