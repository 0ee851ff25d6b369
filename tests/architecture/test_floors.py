"""The floors: import-linter's contracts hold, and would not if an import pointed up."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.repository import ROOT

LINTER = Path(sys.executable).with_name("lint-imports")

UPWARD = """
[importlinter]
root_package = house
[importlinter:contract:floors]
name = floors
type = layers
containers = house
layers =
    roof
    ground
"""


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LINTER), "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(folder), "PATH": str(LINTER.parent)},
    )


def test_imports_point_down_only():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_an_import_that_points_up_is_refused(tmp_path):
    house = tmp_path / "house"
    house.mkdir()
    (tmp_path / ".importlinter").write_text(UPWARD)
    (house / "__init__.py").write_text("")
    (house / "roof.py").write_text("")
    (house / "ground.py").write_text("import house.roof\n")
    assert lint(tmp_path).returncode == 1


def test_the_floors_of_the_mock_and_the_suite_are_exhaustive():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layered = [
        each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    ]
    assert {each["containers"][0] for each in layered} == {
        "adsmock",
        "adsmock.mockserver",
        "adsmock.harness.suite",
    }
    assert all(each["exhaustive"] for each in layered)
