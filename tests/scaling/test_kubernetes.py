"""The manifest of the documents: valid for Kubernetes, and fitting to the program."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from tests.support import ROOT
from tests.support.fake import FakeSynthesizer
from tests.support.http_server import serving
from wyoming_cosyvoice.cli.parser import parse
from wyoming_cosyvoice.config import Limits

MANIFEST = ROOT / "docs/examples/kubernetes.yaml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PARTS: list[dict[str, Any]] = list(
    yaml.safe_load_all(MANIFEST.read_text(encoding="utf-8"))
)


def part(kind: str) -> dict[str, Any]:
    (found,) = [one for one in PARTS if one["kind"] == kind]
    return found


def pod(kind: str) -> dict[str, Any]:
    spec: dict[str, Any] = part(kind)["spec"]["template"]["spec"]
    return spec


def container(kind: str) -> dict[str, Any]:
    (only,) = pod(kind)["containers"]
    return dict(only)


def ports(kind: str = "Deployment") -> dict[str, int]:
    return {port["name"]: port["containerPort"] for port in container(kind)["ports"]}


@pytest.mark.parametrize("manifest", PARTS, ids=lambda one: one["kind"])
def test_kubernetes_takes_it(manifest: dict[str, Any]) -> None:
    kubernetes = pytest.importorskip("kubernetes_validate")
    newest = kubernetes.latest_version()
    kubernetes.validate(manifest, newest, strict=True)
    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate({**manifest, "spec": {"replica": 1}}, newest, strict=True)


def test_ports_are_those_of_the_image() -> None:
    uri = re.search(r"WYOMING_COSYVOICE_URI=tcp://0\.0\.0\.0:(\d+)", DOCKERFILE)
    http = re.search(r"WYOMING_COSYVOICE_HTTP=0\.0\.0\.0:(\d+)", DOCKERFILE)
    assert uri
    assert http
    assert ports() == {"wyoming": int(uri[1]), "http": int(http[1])}
    for port in part("Service")["spec"]["ports"]:
        assert port["targetPort"] == port["name"]
        assert port["port"] == ports()[port["name"]]


def test_the_user_is_that_of_the_image() -> None:
    user = re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert user
    for kind in ("Deployment", "Job"):
        context = pod(kind)["securityContext"]
        assert context["runAsNonRoot"] is True
        given = [context[key] for key in ("runAsUser", "runAsGroup", "fsGroup")]
        assert given == [int(user[1]), int(user[2]), int(user[2])]


def test_the_program_understands_its_arguments() -> None:
    serve = parse(container("Deployment")["args"])
    fetch = parse(container("Job")["args"])
    assert vars(serve)["model"] == container("Job")["args"][1]
    assert vars(fetch)["command"] == "fetch"


def test_what_is_stopped_has_time_to_finish() -> None:
    most_s = Limits().drain_s + Limits().stop_s
    assert pod("Deployment")["terminationGracePeriodSeconds"] > most_s


def test_servers_share_the_volume_that_the_job_fills() -> None:
    claim = {"claimName": part("PersistentVolumeClaim")["metadata"]["name"]}
    home = re.search(r"WYOMING_COSYVOICE_DATA_DIR=(\S+)", DOCKERFILE)
    assert home
    for kind, is_read_only in (("Deployment", True), ("Job", False)):
        volumes = {one["name"]: one for one in pod(kind)["volumes"]}
        (mount,) = [
            one
            for one in container(kind)["volumeMounts"]
            if one["mountPath"] == home[1]
        ]
        assert volumes[mount["name"]]["persistentVolumeClaim"] == claim
        assert mount.get("readOnly", False) is is_read_only


async def test_probes_and_metrics_ask_for_what_the_server_has() -> None:
    probe = container("Deployment")["readinessProbe"]["httpGet"]
    metadata = part("Deployment")["spec"]["template"]["metadata"]
    annotations = metadata["annotations"]
    assert annotations["prometheus.io/port"] == str(ports()[probe["port"]])
    headers = {one["name"]: one["value"] for one in probe["httpHeaders"]}
    async with serving(FakeSynthesizer()) as http:
        for path in (probe["path"], annotations["prometheus.io/path"]):
            async with http.session.get(path, headers=headers) as response:
                assert response.status == 200
