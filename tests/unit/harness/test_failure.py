"""A path that is a file where a folder is expected is one clear line and exit code 2."""

from pathlib import Path

import pytest

from adsmock.harness.command.failure import guarded


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reports", "reports: is a file, expected a folder"),
        ("reports/42", "reports/42: one of its folders is a file"),
    ],
)
def test_file_in_place_of_a_folder_is_named(tmp_path, monkeypatch, capsys, name, said):
    (tmp_path / "reports").touch()
    monkeypatch.chdir(tmp_path)

    def make():
        Path(name).mkdir()
        return 0

    assert guarded(make) == 2
    assert capsys.readouterr().err == f"adsmock: {said}\n"
