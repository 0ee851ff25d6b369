"""The floors and rooms: imports point down only, in no circle, and folders stay small."""

import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from tests.architecture.repository import PRODUCT, ROOT, sources

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


ROOMS = {"mockserver/services": 5}
"""The most modules at the root of a folder, besides its ``__init__``."""

TOGETHER = {
    "mockserver/services/faults/kinds/stream": "the module of a fault kind has the kind's name",
    "mockserver/services/verbs/list": "each is one way to read a list, next to the other verbs",
}
"""Prefixes that three files of one folder share, with the reason not to make them a folder."""


def prefixes(paths: list[str]) -> set[str]:
    """Return the prefixes that three or more files of one folder share."""
    counts: Counter[str] = Counter()
    for path in paths:
        folder, _, name = path.rpartition("/")
        prefix, underscore, _rest = name.removesuffix(".py").partition("_")
        if prefix and underscore:
            counts[f"{folder}/{prefix}"] += 1
    return {prefix for prefix, count in counts.items() if count > 2}


def cycle(imports: dict[str, set[str]]) -> list[str]:
    """Return modules that import each other in a circle; empty without one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_few_modules_at_their_root(room):
    modules = [path for path in (ROOT / room).glob("*.py") if path.stem != "__init__"]
    assert len(modules) <= ROOMS[room], "move some of them into a room"


def test_files_with_one_prefix_are_a_folder():
    assert prefixes(sources(*PRODUCT)) == set(TOGETHER)


def test_prefix_of_three_files_is_found():
    files = ["a/html_page.py", "a/html_table.py", "a/__init__.py", "b/html_x.py"]
    assert prefixes(files) == set()
    assert prefixes([*files, "a/html_chart.py"]) == {"a/html"}


def test_modules_do_not_import_each_other_in_a_circle():
    graph = grimp.build_graph("adsmock", cache_dir=None)
    modules = graph.modules - {"adsmock"}  # the package names what lies above the floors
    imports = {each: graph.find_modules_directly_imported_by(each) & modules for each in modules}
    assert cycle(imports) == []


def test_circle_of_imports_is_found():
    assert cycle({"a": {"b"}, "b": set()}) == []
    assert cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) != []
