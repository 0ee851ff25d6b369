"""Files that passed their checks are not checked again, and are read each time."""

from __future__ import annotations

import json
import shutil

import pytest

from adsmock.contracts import loader, validation_cache
from adsmock.contracts.loader import FOLDER, ContractError, load_folder

CONTRACT = "portfolios/portfolios.v3.json"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "adsmock" / "validated"


@pytest.fixture
def folder(tmp_path):
    ignored = shutil.ignore_patterns("*.py", "__pycache__", "meta")
    return shutil.copytree(FOLDER, tmp_path / "contracts", ignore=ignored)


@pytest.fixture
def checked(monkeypatch):
    """The files that were checked against a meta-schema, in order."""
    names = []
    validate = loader.validate
    monkeypatch.setattr(
        loader, "validate", lambda name, *rest: (names.append(name), validate(name, *rest))
    )
    return names


def edit(folder, **changes):
    path = folder / CONTRACT
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_second_start_checks_nothing_and_loads_the_same(cache, folder, checked):
    first = load_folder(folder)
    assert CONTRACT in checked
    checked.clear()
    assert load_folder(folder) == first
    assert checked == []
    assert [path.stat().st_size for path in cache.iterdir()] == [0]


def test_contracts_come_from_the_files_and_not_from_the_cache(cache, folder):
    before = load_folder(folder)
    edit(folder, title="Another title")
    changed = load_folder(folder)
    name = next(name for name, one in changed.by_name.items() if one.title == "Another title")
    assert before.by_name[name].title != "Another title"


def test_an_unknown_key_stops_a_start_that_followed_a_good_one(cache, folder):
    load_folder(folder)
    edit(folder, surprise=True)
    for _ in range(2):  # a failure is not remembered
        with pytest.raises(ContractError, match="surprise"):
            load_folder(folder)


def test_another_check_or_library_checks_all_files_again(cache, folder, tmp_path):
    files = {"a.json": b"{}"}
    (tmp_path / "one.py").write_text("1")
    (tmp_path / "library.so").write_text("1")
    known = validation_cache.digest(files, [tmp_path / "one.py"], tmp_path / "library.so")
    (tmp_path / "one.py").write_text("2")
    other = validation_cache.digest(files, [tmp_path / "one.py"], tmp_path / "library.so")
    (tmp_path / "library.so").write_text("11")
    third = validation_cache.digest(files, [tmp_path / "one.py"], tmp_path / "library.so")
    moved = validation_cache.digest(
        {"a.js": b"on{}"}, [tmp_path / "one.py"], tmp_path / "library.so"
    )
    assert len({known, other, third, moved}) == 4


def test_without_a_cache_every_start_checks(tmp_path, folder, checked, monkeypatch):
    (tmp_path / "file").write_text("no directory")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    load_folder(folder)
    checked.clear()
    load_folder(folder)
    assert CONTRACT in checked


def test_a_user_without_a_home_directory_can_start(folder, checked, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(
        validation_cache.Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home"))
    )
    load_folder(folder)
    assert CONTRACT in checked


def test_old_entries_are_deleted(cache):
    for number in range(validation_cache.MAXIMUM_ENTRIES + 5):
        validation_cache.remember(f"{number:064x}")
    assert len(list(cache.iterdir())) == validation_cache.MAXIMUM_ENTRIES
    assert validation_cache.is_cached(f"{validation_cache.MAXIMUM_ENTRIES + 4:064x}")
