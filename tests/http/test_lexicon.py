"""The lexicon, read, checked, tried and saved over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.http_server import serving

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.fake import FakeSynthesizer
    from tests.support.http_server import Serving


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


LINES = "PyTorch: pie torch\nno colon\n重庆: chong2 qing4\n"


async def test_what_is_saved_is_read_back(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    data_dir = tmp_path / "data"
    async with serving(fake, data_dir=data_dir) as http:
        async with http.session.get("/lexicon") as answer:
            empty = await answer.json()
        assert empty["text"] == ""
        assert empty["problems"] == []
        async with http.session.put("/lexicon", json={"text": LINES}) as answer:
            saved = await answer.json()
            assert answer.status == 200
        assert (data_dir / "lexicon.txt").read_text("utf-8") == LINES
        assert names(data_dir) == ["lexicon.txt"]
        (problem,) = saved["problems"]
        assert problem["line"] == 2
        assert "no colon" in problem["message"]
        assert "PyTorch: pie torch" in problem["remedy"]
        async with http.session.get("/lexicon") as answer:
            assert await answer.json() == saved


async def test_a_change_by_someone_else_is_not_overwritten(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    path = tmp_path / "lexicon.txt"
    path.write_text("a: b", "utf-8")
    async with serving(fake, data_dir=tmp_path) as http:
        async with http.session.get("/lexicon") as answer:
            revision = (await answer.json())["revision"]
        path.write_text("a: c", "utf-8")
        body = {"text": "a: d", "revision": revision}
        async with http.session.put("/lexicon", json=body) as answer:
            assert answer.status == 409
        assert path.read_text("utf-8") == "a: c"
        async with http.session.get("/lexicon") as answer:
            body["revision"] = (await answer.json())["revision"]
        async with http.session.put("/lexicon", json=body) as answer:
            assert answer.status == 200
        assert path.read_text("utf-8") == "a: d"


async def test_a_word_is_tried_without_being_saved(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    async with serving(fake, data_dir=tmp_path) as http:
        body = {"text": LINES, "example": "重庆 and pytorch"}
        async with http.session.post("/lexicon/check", json=body) as answer:
            checked = await answer.json()
    assert checked["spoken"] == "崇庆 and pie torch"
    assert checked["ssml"] == (
        '<speak><phoneme alphabet="pinyin" ph="chong2 qing4">重庆</phoneme> and '
        '<sub alias="pie torch">PyTorch</sub></speak>'
    )
    assert [problem["line"] for problem in checked["problems"]] == [2]
    assert names(tmp_path) == []


async def test_phones_are_shown_where_the_model_reads_them(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    body = {
        "text": "tomato: arpabet T AH0\n重庆: chong2 qing4",
        "example": "a tomato, 重庆",
    }
    spoken = []
    for abilities in ((), ("phones",)):
        fake.abilities = abilities
        async with (
            serving(fake, data_dir=tmp_path) as http,
            http.session.post("/lexicon/check", json=body) as answer,
        ):
            spoken.append((await answer.json())["spoken"])
    assert spoken == ["a tomato, 崇庆", "a [T][AH0], [chong2][qing4]"]


async def test_a_file_that_cannot_be_read_is_a_problem(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    (tmp_path / "lexicon.txt").write_bytes(b"\xff\xfe\x00")
    async with (
        serving(fake, data_dir=tmp_path) as http,
        http.session.get("/lexicon") as answer,
    ):
        content = await answer.json()
    assert [problem["line"] for problem in content["problems"]] == [0]
    assert "UTF-8" in content["problems"][0]["message"]


async def test_a_link_out_of_the_folder_is_not_shown(
    fake: FakeSynthesizer, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("password: hunter2", "utf-8")
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "lexicon.txt").symlink_to(secret)
    async with (
        serving(fake, data_dir=data_dir) as http,
        http.session.get("/lexicon") as answer,
    ):
        assert "hunter2" not in await answer.text()


async def test_too_much_is_refused(fake: FakeSynthesizer, tmp_path: Path) -> None:
    async with serving(fake, data_dir=tmp_path) as http:
        for size, status in ((1_100_000, 400), (2_200_000, 413)):
            async with http.session.put("/lexicon", json={"text": "x" * size}) as got:
                assert got.status == status
    assert names(tmp_path) == []


async def test_without_a_data_folder_there_is_none(http: Serving) -> None:
    async with http.session.get("/lexicon") as answer:
        assert answer.status == 409
        assert "--data-dir" in (await answer.json())["remedy"]
