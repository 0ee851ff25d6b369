"""The exit code of ``exec --judge``."""

import json
from pathlib import Path

import pytest

from adsmock.mockserver.app import Mock
from adsmock.mockserver.command import exec_verdict
from adsmock.mockserver.command.exec_verdict import combined, judge, own_failure


@pytest.mark.parametrize(
    ("program", "verdict", "code"),
    [(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3), (0, 4, 4), (7, 0, 7), (7, 1, 7), (130, 3, 130)],
)
def test_the_program_keeps_its_exit_code_unless_it_succeeded(program, verdict, code):
    assert combined(program, verdict) == code


def test_failed_program_is_named_next_to_verdicts_that_passed():
    """Its exit code is that of the run: "passed" alone does not explain it."""
    assert own_failure(0) is None
    assert "the command ended with exit code 7" in own_failure(7)


@pytest.mark.parametrize(
    ("word", "seen", "code"),
    [
        ("nothing", (2, 1), 0),
        ("nothing", (0, 0), 3),
        ("nothing", (2, 2), 3),
        ("incomplete", (2, 0), 3),
    ],
    ids=["no rule applies", "no call", "calls of nobody", "undecided"],
)
def test_success_needs_a_call_and_no_open_rule(monkeypatch, tmp_path, word, seen, code):
    calls, orphans = seen
    names = []

    def judged(words):
        names.append(Path(words[1]).name)
        (tmp_path / "run.json").write_text(json.dumps({"verdict": word}))
        return 3

    monkeypatch.setattr(exec_verdict, "main", judged)
    with Mock() as mock:
        for _ in range(calls):
            mock.runtime.metrics.called("NA", "profiles.list", 200, 0.1)
        mock.runtime.metrics.orphans = orphans
        assert judge(mock, "/usr/bin/node", str(tmp_path)) == code

    assert names == ["calls of node"]
