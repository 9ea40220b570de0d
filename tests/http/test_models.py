"""``/models``: what the server says of models, and what it hands on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.support.fake import FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import Serving, serving


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
