"""The exit code of ``exec --judge``."""

import json
from pathlib import Path

import pytest

from adsmock.mockserver.app import Mock
from adsmock.mockserver.command import exec_verdict
from adsmock.mockserver.command.exec_verdict import combined, judge


@pytest.mark.parametrize(
    ("program", "verdict", "code"),
    [(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4), (7, 0, 7), (7, 1, 7), (130, 3, 130)],
)
def test_the_program_keeps_its_exit_code_unless_it_succeeded(program, verdict, code):
    assert combined(program, verdict) == code


@pytest.mark.parametrize(("word", "code"), [("nothing", 0), ("incomplete", 3)])
def test_what_is_undecided_is_no_success_and_nothing_to_judge_no_failure(
    monkeypatch, tmp_path, word, code
):
    seen = []

    def judged(words):
        seen.append(Path(words[1]).name)
        (tmp_path / "run.json").write_text(json.dumps({"verdict": word}))
        return 3

    monkeypatch.setattr(exec_verdict, "main", judged)
    with Mock() as mock:
        assert judge(mock, "/usr/bin/node", str(tmp_path)) == code

    assert seen == ["calls of node"]
