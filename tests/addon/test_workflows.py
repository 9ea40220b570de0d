"""The workflows: what they use is fixed, and what may publish runs no code of ours."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.support import ROOT
from wyoming_cosyvoice import __version__

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
RELEASE: dict[str, Any] = yaml.safe_load((FOLDER / "release.yml").read_text())
PINNED = re.compile(r"uses: (?:\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+)$")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_fixed_to_a_commit(path: Any) -> None:
    lines = [line for line in path.read_text().splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert PINNED.search(line), line


def test_a_job_that_may_publish_wheels_checks_nothing_out() -> None:
    for name, job in RELEASE["jobs"].items():
        rights = {**RELEASE["permissions"], **job.get("permissions", {})}
        if rights.get("id-token") == "write" or rights["contents"] == "write":
            used = [step.get("uses", "") for step in job["steps"]]
            assert not any(one.startswith("actions/checkout") for one in used), name


def test_nothing_is_published_before_the_tests_and_the_build() -> None:
    jobs = RELEASE["jobs"]
    assert jobs["test"]["uses"] == "./.github/workflows/test.yml"
    assert jobs["images"]["needs"] == ["test", "wheels"]
    assert jobs["publish"]["needs"] == "images"


@pytest.mark.parametrize(("tag", "code"), [(__version__, 0), ("0.0.0", 1)])
def test_only_a_tag_that_is_the_version_is_released(tag: str, code: int) -> None:
    (step,) = [
        step
        for step in RELEASE["jobs"]["wheels"]["steps"]
        if step.get("name") == "The tag is the version"
    ]
    assert step["env"] == {"TAG": "${{ github.ref_name }}"}
    # As GitHub calls it.
    command = ["bash", "-e", "-c", step["run"]]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TAG": f"v{tag}"}, check=False
    )
    assert done.returncode == code


def test_the_linters_are_those_of_the_setup() -> None:
    setup = (ROOT / "script/setup").read_text()
    tools = re.search(r"^for tool in (.+); do$", setup, re.MULTILINE)
    assert tools
    workflow = (FOLDER / "test.yml").read_text()
    assert f"      - run: pip install {tools[1]}\n" in workflow


def test_images_are_those_of_the_add_on_and_the_documents() -> None:
    (build,) = [
        step["with"]
        for step in RELEASE["jobs"]["images"]["steps"]
        if "build-push-action" in step.get("uses", "")
    ]
    assert build["platforms"] == "linux/amd64,linux/arm64"
    assert build["sbom"] is True
    targets = set(
        re.findall(r" AS (\w+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    )
    config = yaml.safe_load((ROOT / "addon/config.yaml").read_text())
    images = {}
    for row in RELEASE["jobs"]["images"]["strategy"]["matrix"]["include"]:
        assert row["target"] in targets
        images[row["target"]] = row["image"]
    assert config["image"].split("/")[-1] == images["addon"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"/{images['server']} serve" in readme
