"""A release: the same bytes each time, every dependency with its license and in the components."""

import hashlib
import json
import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT
from tests.package.release import digests_of, license_of, metadata, pinned

pytestmark = [pytest.mark.slow, pytest.mark.one_python]


@pytest.fixture(scope="module")
def builds(tmp_path_factory):
    """Two builds of the same tree, in two folders."""
    folders = [tmp_path_factory.mktemp("release") for _ in range(2)]
    for folder in folders:
        words = [sys.executable, "-m", "tests.package.release", "--out", str(folder)]
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=200)
    return folders


def test_two_builds_have_the_same_bytes(builds):
    first, second = builds
    names = sorted(path.name for path in first.iterdir())
    assert names == [
        "SHA256SUMS",
        "adsmock-0.1.0-py3-none-any.whl",
        "adsmock-0.1.0.tar.gz",
        "adsmock.cdx.json",
        "licenses.txt",
    ]
    assert digests_of(first) == digests_of(second)
    assert (first / "SHA256SUMS").read_text() == digests_of(first)
    wheel = (first / names[1]).read_bytes()
    assert hashlib.sha256(wheel).hexdigest() in digests_of(second)


def test_the_components_are_the_locked_dependencies(builds):
    document = json.loads((builds[0] / "adsmock.cdx.json").read_text("utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    assert document["metadata"]["component"]["name"] == "adsmock"
    listed = {(row["name"], row["version"]) for row in document["components"]}
    for row in pinned():
        version = next(iter(row.specifier)).version
        assert (row.name, version) in listed


def test_every_dependency_has_a_license(builds):
    text = (builds[0] / "licenses.txt").read_text("utf-8")
    for row in pinned():
        found = metadata.distribution(row.name)
        assert f"{row.name} {found.version}: {license_of(found)}" in text
        assert license_of(found) not in {"", "UNKNOWN", "see its text"}, row.name
        assert found.version == next(iter(row.specifier)).version


def test_the_included_chart_library_has_its_license(builds):
    text = (builds[0] / "licenses.txt").read_text("utf-8")
    assert "uPlot, part of the package: MIT\n" in text
    assert "Copyright (c) 2022 Leon Sorokin" in text
