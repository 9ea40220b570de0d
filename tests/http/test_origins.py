"""Refusals of hosts and pages say why; named pages elsewhere are let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.http_server import serving

if TYPE_CHECKING:
    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving


async def test_a_refusal_names_the_host_and_the_option(http: Serving) -> None:
    headers = {"Host": "tts.example.org:8080"}
    async with http.session.get("/voices", headers=headers) as answer:
        content = await answer.json()
    assert "tts.example.org:8080" in content["message"]
    assert "--http-name tts.example.org" in content["remedy"]
    async with http.session.get("/v1/models", headers=headers) as answer:
        assert answer.status == 403
        assert "--http-name" in (await answer.json())["error"]["message"]


async def test_named_pages_elsewhere_are_let_in(fake: FakeSynthesizer) -> None:
    page = "https://chat.example.org"
    asking = {"Access-Control-Request-Method": "POST"}
    async with serving(fake, token="secret", origins=(page,)) as http:  # noqa: S106
        for origin, status in ((page, 204), ("https://evil.example", 403)):
            headers = {**asking, "Origin": origin, "Sec-Fetch-Site": "cross-site"}
            async with http.session.options("/tts", headers=headers) as answer:
                assert answer.status == status
                allowed = answer.headers.get("Access-Control-Allow-Origin")
                assert allowed == (page if status == 204 else None)
        headers = {"Origin": page}
        body = {"text": "One."}
        async with http.session.post("/tts", json=body, headers=headers) as answer:
            assert answer.status == 401  # it still has to know the token
        headers["Authorization"] = "Bearer secret"
        async with http.session.post("/tts", json=body, headers=headers) as answer:
            assert answer.status == 200
            assert answer.headers["Access-Control-Allow-Origin"] == page
            assert "Origin" in answer.headers["Vary"]
