"""``/models``: what the server says of models, and what it hands on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import Serving, serving
from wyoming_cosyvoice.machine.cpu import Cores, Cpu
from wyoming_cosyvoice.server.http.expected_speed import Machine


async def test_models_are_listed_and_used() -> None:
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        async with http.session.get("/models") as answer:
            body = await answer.json()
        assert body["models"][0].pop("memory_bytes") > 10_000_000
        rows = [asdict(known) for known in models.models()]
        for row in rows:
            assert row.pop("done_bytes") is None
            assert row.pop("error") is None
            row |= {key: list(row[key]) for key in ("languages", "abilities")}
        assert body == {"models": rows, "can_download": True}
        for method, path, status in (
            ("POST", "/models/big/download", 202),
            ("DELETE", "/models/big/download", 200),
            ("POST", "/models/mine/use", 202),
        ):
            async with http.session.request(method, path) as answer:
                assert (answer.status, await answer.json()) == (status, {})
    assert models.asked == ["start big", "cancel big", "use mine"]


@pytest.mark.parametrize(
    ("method", "action"),
    [("POST", "use"), ("POST", "download"), ("DELETE", "download")],
)
async def test_models_that_are_not_there(method: str, action: str) -> None:
    async with serving(FakeSynthesizer(), models=FakeModels()) as http:
        path = f"/models/nothing/{action}"
        async with http.session.request(method, path) as answer:
            assert answer.status == 404
            assert (await answer.json())["code"] == "unknown-model"


async def test_one_thing_at_a_time() -> None:
    models = FakeModels()
    models.states["starter"] = "loading"
    async with (
        serving(FakeSynthesizer(), models=models) as http,
        http.session.post("/models/mine/use") as answer,
    ):
        assert answer.status == 409
        assert (await answer.json())["code"] == "conflict"


async def test_a_server_with_one_model() -> None:
    async with serving(FakeSynthesizer()) as http:
        async with http.session.get("/models") as answer:
            assert await answer.json() == {"models": [], "can_download": False}
        async with http.session.post("/models/mine/use") as answer:
            assert answer.status == 409
            assert (await answer.json())["code"] == "model-unsupported"


async def test_a_download_may_name_its_hub() -> None:
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        for query, status, hub in (
            ("", 202, None),
            ("?hub=modelscope", 202, "modelscope"),
            ("?hub=elsewhere", 400, "modelscope"),
            ("?mirror=x", 400, "modelscope"),
        ):
            async with http.session.post(f"/models/big/download{query}") as answer:
                assert answer.status == status
            assert models.hub == hub


async def listed(http: Serving) -> dict[str, dict[str, Any]]:
    async with http.session.get("/models") as answer:
        return {body["name"]: body for body in (await answer.json())["models"]}


async def test_speed_is_that_of_what_was_spoken_by_each_model() -> None:
    """Measured, not promised: none before there was sound, and each model's own."""
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        assert "real_time_factor" not in (await listed(http))["starter"]
        for _ in "123":
            async with http.tts("One. Two. Three.") as answer:
                await answer.read()
        first = (await listed(http))["starter"]["real_time_factor"]
        assert 0 <= first < 1
        models.use("mine")
        models.finish()
        body = await listed(http)
        assert body["starter"]["real_time_factor"] == first
        assert "real_time_factor" not in body["mine"]
        assert "memory_bytes" in body["mine"]
        assert "memory_bytes" not in body["starter"]


async def test_speed_to_expect_of_models_follows_from_one_that_spoke() -> None:
    models = FakeModels()
    async with serving(FakeSynthesizer(), models=models) as http:
        unmeasured = await listed(http)
        assert not any(
            "expected_real_time_factor" in row for row in unmeasured.values()
        )
        for _ in "123":
            async with http.tts("One. Two. Three.") as answer:
                await answer.read()
        body = await listed(http)
    assert "expected_real_time_factor" not in body["starter"]
    measured = body["starter"]["real_time_factor"]
    if measured:  # rounded to 0 on a machine that is fast enough
        assert body["big"]["expected_real_time_factor"] > 10 * measured


CORES = {1: Cores(1, 1.0), 2: Cores(2, 2.0)}


def expected(cpu: Cpu, cores: int, **measured: float) -> dict[str, float]:
    """Return what is expected of each family, given measured factors by name."""
    rows = [
        {"name": name, "family": family, "precision": precision}
        | ({"real_time_factor": measured[name]} if name in measured else {})
        for name, family, precision in (
            ("starter", "cosyvoice", "int8"),
            ("small", "cosyvoice", "int8"),
            ("exact", "cosyvoice", "fp32"),
            ("two", "cosyvoice2", ""),
            ("three", "cosyvoice3", ""),
            ("odd", "later", ""),
        )
    ]
    Machine(cpu, CORES[cores]).add_expected(rows)
    key = "expected_real_time_factor"
    return {row["name"]: row[key] for row in rows if key in row}


PLAIN = Cpu("old", "x86_64", 2, frozenset({"avx2"}))
VNNI = Cpu("new", "x86_64", 2, frozenset({"avx2", "avx512_vnni"}))


def test_large_models_gain_from_cores_and_dot_products() -> None:
    assert expected(PLAIN, 1) == {}
    slowest = expected(PLAIN, 1, starter=0.2)
    assert set(slowest) == {"small", "two", "three"}
    assert slowest["three"] > slowest["small"] > 1
    more_cores = expected(PLAIN, 2, starter=0.2)
    dot_products = expected(VNNI, 2, starter=0.2)
    for name, factor in slowest.items():
        assert factor > more_cores[name] > dot_products[name]


def test_a_large_model_tells_what_to_expect_of_another() -> None:
    """By the same ratio, whatever the cores: they help both alike."""
    for cpu, cores in ((PLAIN, 1), (VNNI, 2)):
        found = expected(cpu, cores, small=1.0)
        assert found["three"] / found["two"] == pytest.approx(72 / 43, rel=0.05)
    # Another precision has another speed: nothing follows from it.
    assert expected(PLAIN, 1, exact=2.0) == {}
