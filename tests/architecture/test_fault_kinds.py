"""Each fault kind is one module with a documentation line and a test of its own."""

import re
from pathlib import Path

import pytest

from adsmock.harness.suite.checks.claim import CORRUPT
from adsmock.mockserver.services.faults.registry import kinds
from tests.architecture.repository import ROOT

MODULES = sorted(
    path.stem
    for path in Path(ROOT, "mockserver/services/faults/kinds").glob("*.py")
    if path.stem != "__init__"
)
SENTENCES = re.compile(r"[A-Z][^\n|]+\.")


def test_each_module_is_one_kind_of_its_name():
    assert sorted(kind.replace("-", "_") for kind in kinds()) == MODULES
    for name, kind in kinds().items():
        assert kind.__module__.rpartition(".")[2] == name.replace("-", "_")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_kind_has_its_documentation_line(kind):
    assert SENTENCES.fullmatch(kinds()[kind].summary)


@pytest.mark.parametrize("module", MODULES)
def test_each_kind_has_its_test(module):
    assert Path(ROOT, f"tests/unit/mockserver/services/faults/test_{module}.py").is_file()


def test_the_suite_names_only_kinds_that_exist():
    assert set(kinds()) >= CORRUPT
