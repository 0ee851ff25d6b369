"""Files that were found right are not checked again, and nothing else follows from a mark."""

from __future__ import annotations

import json
import shutil

import pytest

from adsmock.contracts import loader, validation_cache
from adsmock.contracts.loader import FOLDER, ContractError, catalogue_of

CONTRACT = "portfolios/portfolios.v3.json"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "adsmock" / "marks"


@pytest.fixture
def folder(tmp_path):
    ignored = shutil.ignore_patterns("*.py", "__pycache__", "meta")
    return shutil.copytree(FOLDER, tmp_path / "contracts", ignore=ignored)


@pytest.fixture
def checked(monkeypatch):
    """The files that were checked against a meta-schema, in order."""
    names = []
    conform = loader.conform
    monkeypatch.setattr(
        loader, "conform", lambda name, *rest: (names.append(name), conform(name, *rest))
    )
    return names


def edit(folder, **changes):
    path = folder / CONTRACT
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_second_start_checks_nothing_and_says_the_same(cache, folder, checked):
    first = catalogue_of(folder)
    assert CONTRACT in checked
    checked.clear()
    assert catalogue_of(folder) == first
    assert checked == []
    assert [path.stat().st_size for path in cache.iterdir()] == [0]


def test_what_is_served_is_what_the_files_say_now(cache, folder):
    before = catalogue_of(folder)
    edit(folder, title="Another title")
    changed = catalogue_of(folder)
    name = next(name for name, one in changed.by_name.items() if one.title == "Another title")
    assert before.by_name[name].title != "Another title"


def test_an_unknown_key_stops_a_start_that_followed_a_good_one(cache, folder):
    catalogue_of(folder)
    edit(folder, surprise=True)
    for _ in range(2):  # what failed is not marked either
        with pytest.raises(ContractError, match="surprise"):
            catalogue_of(folder)


def test_another_check_or_library_asks_all_files_anew(cache, folder, tmp_path):
    files = {"a.json": b"{}"}
    (tmp_path / "one.py").write_text("1")
    (tmp_path / "library.so").write_text("1")
    known = validation_cache.digest_of(files, [tmp_path / "one.py"], tmp_path / "library.so")
    (tmp_path / "one.py").write_text("2")
    other = validation_cache.digest_of(files, [tmp_path / "one.py"], tmp_path / "library.so")
    (tmp_path / "library.so").write_text("11")
    third = validation_cache.digest_of(files, [tmp_path / "one.py"], tmp_path / "library.so")
    moved = validation_cache.digest_of(
        {"a.js": b"on{}"}, [tmp_path / "one.py"], tmp_path / "library.so"
    )
    assert len({known, other, third, moved}) == 4


def test_without_a_cache_every_start_checks(tmp_path, folder, checked, monkeypatch):
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    catalogue_of(folder)
    checked.clear()
    catalogue_of(folder)
    assert CONTRACT in checked


def test_a_user_without_a_home_is_served_too(folder, checked, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(
        validation_cache.Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home"))
    )
    catalogue_of(folder)
    assert CONTRACT in checked


def test_marks_do_not_pile_up(cache):
    for number in range(validation_cache.MOST + 5):
        validation_cache.mark(f"{number:064x}")
    assert len(list(cache.iterdir())) == validation_cache.MOST
    assert validation_cache.is_marked(f"{validation_cache.MOST + 4:064x}")
