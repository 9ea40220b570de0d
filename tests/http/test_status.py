"""Health, metrics, and the description that clients read, against the server itself."""

from __future__ import annotations

import asyncio
import re
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.fake import DEADLINE_S, FakeSynthesizer
from tests.support.fake_models import FakeModels
from tests.support.http_server import Serving, serving
from wyoming_cosyvoice.config import Config, HttpConfig, Limits, SpeechConfig
from wyoming_cosyvoice.engine.engine import Engine
from wyoming_cosyvoice.errors import ModelNotFound
from wyoming_cosyvoice.server.http import HttpServer

if TYPE_CHECKING:
    from wyoming_cosyvoice.synth.interface import Synthesizer

pytestmark = pytest.mark.ci


async def health(load: object) -> tuple[int, str]:
    engine = Engine(load, (), limits=Limits(), defaults=SpeechConfig())  # type: ignore[arg-type]
    await engine.start()
    server = HttpServer(engine, Config(), HttpConfig(port=0))
    await server.start()
    http = Serving(server, engine)
    try:
        if isinstance(load, _Missing):
            await engine.wait_lost()
        async with http.session.get("/health") as answer:
            return answer.status, (await answer.json())["status"]
    finally:
        if isinstance(load, _Slow):
            load.go.set()
        await http.session.close()
        await server.stop()
        await engine.stop(wait_s=DEADLINE_S)


class _Slow:
    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self) -> Synthesizer:
        self.go.wait(DEADLINE_S)
        return FakeSynthesizer()


class _Missing:
    def __call__(self) -> Synthesizer:
        raise ModelNotFound("There is no model.")


async def test_health_reports_why_it_is_not_ready(http: Serving) -> None:
    async with http.session.get("/health") as answer:
        assert (answer.status, (await answer.json())["status"]) == (200, "ready")
    assert await health(_Slow()) == (503, "loading")
    assert await health(_Missing()) == (503, "lost")


async def test_metrics_count(http: Serving) -> None:
    async with http.tts("One. Two.") as answer:
        await answer.read()
    async with http.session.get("/nowhere/<script>") as answer:
        assert answer.status == 404
    async with http.session.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await answer.text()
    samples = re.findall(r"^([^#\s]\S*) (\S+)$", text, re.MULTILINE)
    value = {name: float(number) for name, number in samples}
    assert value['cosyvoice_http_requests_total{path="/tts",status="200"}'] == 1
    assert value['cosyvoice_http_requests_total{path="unknown",status="404"}'] == 1
    assert value['cosyvoice_speeches_total{outcome="done"}'] == 1
    assert value["cosyvoice_audio_seconds_total"] == pytest.approx(0.6)
    assert value["cosyvoice_first_audio_seconds_count"] == 1
    assert value['cosyvoice_real_time_factor_bucket{le="+Inf"}'] == 1
    assert value["cosyvoice_resident_bytes"] > 1e6
    assert "script" not in text
    named = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    sampled = {re.sub(r"(_bucket|_sum|_count)?(\{.*)?$", "", name) for name in value}
    assert sampled == named


async def test_the_server_keeps_to_its_description() -> None:
    schemathesis = pytest.importorskip("schemathesis")
    hypothesis = pytest.importorskip("hypothesis")

    async with serving(FakeSynthesizer(), models=FakeModels()) as http:

        def run() -> int:
            schema = schemathesis.openapi.from_url(f"{http.url}/openapi.json")
            tried = 0
            for result in schema.get_all_operations():
                operation = result.ok()

                @hypothesis.settings(
                    max_examples=12,
                    deadline=None,
                    derandomize=True,
                    database=None,
                    suppress_health_check=list(hypothesis.HealthCheck),
                )
                @hypothesis.given(case=operation.as_strategy())
                def try_it(case: object) -> None:
                    # Not all that is refused can be said in a schema: base64 that
                    # is not a recording, two fields that exclude each other.
                    refused = schemathesis.checks.CHECKS.get_one(
                        "positive_data_acceptance"
                    )
                    case.call_and_validate(  # type: ignore[attr-defined]
                        base_url=http.url, excluded_checks=[refused]
                    )

                try_it()
                tried += 1
            return tried

        assert await asyncio.to_thread(run) >= 15
