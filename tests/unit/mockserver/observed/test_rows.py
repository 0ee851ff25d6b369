"""Every row of the list of observed facts has a test."""

import importlib
from pathlib import Path

from tests.unit.mockserver.observed.rows import ROWS

FOLDER = Path(__file__).parent


def rows_of(module):
    tests = [test for name, test in vars(module).items() if name.startswith("test_")]
    return {row for test in tests for row in getattr(test, "rows", ())}


def test_every_row_has_a_test_and_every_test_names_a_row():
    modules = [
        importlib.import_module(f"{__package__}.{path.stem}") for path in FOLDER.glob("test_*.py")
    ]
    assert set().union(*map(rows_of, modules)) == set(ROWS)
