"""The files of the charts are the ones that we say, and a page lets nothing else run."""

import hashlib
import re

import pytest

from adsmock.charts.assets import SCRIPTS, STYLES, UPLOT, policy, script, style


@pytest.mark.parametrize("name", ["uPlot.iife.min.js", "uPlot.min.css"])
def test_the_library_is_the_released_build(name):
    row = re.search(
        rf"`{re.escape(name)}` \| `([0-9a-f]{{64}})`", (UPLOT / "README.md").read_text()
    )
    assert row is not None
    assert hashlib.sha256((UPLOT / name).read_bytes()).hexdigest() == row[1]


def test_the_version_in_the_file_is_the_documented_one():
    version = re.search(r"version ([0-9.]+) ", (UPLOT / "README.md").read_text())
    assert version is not None
    assert f"(v{version[1]})" in script()[:100]


def test_texts_can_be_inlined():
    assert len(script()) >= sum(len(file.read_text("utf-8")) for file in SCRIPTS)
    assert len(style()) >= sum(len(file.read_text("utf-8")) for file in STYLES)
    assert "</script" not in script().lower()
    assert "</style" not in style().lower()


def test_a_policy_names_the_digest_of_each_text():
    # The digest of the example in the CSP specification.
    found = policy(scripts=["alert('Hello, world.');"])
    assert "script-src 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='" in found
    assert "style-src 'none'" in found
    assert found.startswith("default-src 'none'; ")
