"""What is announced on the network: an address that others can reach, or nothing."""

from __future__ import annotations

import socket
from typing import Any, Self

import pytest

from wyoming_cosyvoice.server.discovery import Announcement, routable_addresses

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
        ("::", "2001:db8::7", "2001:db8::7"),
        ("::", "fe80::7", None),
        ("::", None, None),
        ("192.0.2.8", "192.0.2.7", "192.0.2.8"),
        (ANY, None, None),
        (ANY, "127.0.0.1", None),
        (ANY, "0.0.0.0", None),  # noqa: S104
        (ANY, "169.254.1.1", None),
        ("127.0.0.1", "192.0.2.7", None),
        ("127.0.1.1", "192.0.2.7", None),
        ("::1", "192.0.2.7", None),
        ("2001:db8::1", "192.0.2.7", "2001:db8::1"),
    ],
)
def test_address(
    monkeypatch: pytest.MonkeyPatch,
    bind_host: str,
    own: str | None,
    expected: str | None,
) -> None:
    monkeypatch.setattr("socket.socket", Interface(own))
    assert routable_addresses([bind_host]) == ([] if expected is None else [expected])


async def test_announcement_is_taken_back() -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf()
    announcement = Announcement("cosyvoice", new_zeroconf=lambda: zeroconf)
    assert await announcement.start(["192.0.2.7"], 10200)
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
    announcement = Announcement("cosyvoice", new_zeroconf=lambda: zeroconf)
    assert not await announcement.start(["127.0.0.1", "::1"], 10200)
    assert "Not announced" in caplog.text
    assert zeroconf.services == []
    await announcement.stop()


async def test_a_network_that_refuses_does_not_stop_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf(OSError("no multicast"))
    announcement = Announcement("cosyvoice", new_zeroconf=lambda: zeroconf)
    assert not await announcement.start(["192.0.2.7"], 10200)
    assert "no multicast" in caplog.text
    assert zeroconf.is_closed


async def test_both_families_are_announced_where_both_are_listened_on() -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf()
    announcement = Announcement("cosyvoice", new_zeroconf=lambda: zeroconf)
    assert await announcement.start(["192.0.2.7", "2001:db8::7", "::1"], 10200)
    (service,) = zeroconf.services
    assert service.parsed_addresses() == ["192.0.2.7", "2001:db8::7"]


async def test_host_and_port_of_a_container_s_machine_can_be_announced() -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf()
    announcement = Announcement(
        *("kitchen",), host="192.0.2.9", port=10300, new_zeroconf=lambda: zeroconf
    )
    assert await announcement.start(["172.17.0.2"], 10200)
    (service,) = zeroconf.services
    assert service.parsed_addresses() == ["192.0.2.9"]
    assert service.port == 10300


@pytest.mark.parametrize("host", ["no-such-host.invalid", "300.300.300.300", ""])
async def test_a_host_without_an_address_is_not_announced(
    host: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    zeroconf = FakeZeroconf()
    announcement = Announcement("kitchen", host=host, new_zeroconf=lambda: zeroconf)
    assert not await announcement.start(["192.0.2.7"], 10200)
    assert "Not announced" in caplog.text


async def test_a_name_that_cannot_be_announced_does_not_stop_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pytest.importorskip("zeroconf")
    zeroconf = FakeZeroconf()
    announcement = Announcement("_" * 80, new_zeroconf=lambda: zeroconf)
    assert not await announcement.start(["192.0.2.7"], 10200)
    assert "Not announced" in caplog.text
    assert zeroconf.is_closed
