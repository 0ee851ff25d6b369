"""An exit code other than 0 reports a failure; a signal or a failed start is a death."""

import sys

import pytest

from adsmock.loadtests.counters import Counters
from adsmock.loadtests.program.observed import _Copy, _look_after, _runs

COUNTED = ("copy", "death", "failure")


def ends(folder, command):
    """Run a copy once to its end, and return what was counted."""
    counters = Counters()
    with (folder / "copy-2.log").open("wb") as output:
        copy = _Copy(output, {"ADSMOCK_COPY": "2", "REFRESH_TOKEN": "Atzr|x"})
        _look_after(copy, command, counters, lambda: 0.0)
        copy.process.wait()
        _look_after(copy, command, counters, lambda: 0.0)
    return {(kind, *key): times for kind in COUNTED for key, times in counters.of(kind)}


@pytest.mark.parametrize(
    ("command", "event", "why"),
    [
        ("exit 0", "ended", ()),
        ("exit 1", "failed", ("failure", "exit code 1; see copy-2.log")),
        ("exit 125", "failed", ("failure", "exit code 125; see copy-2.log")),
        ("exit 255", "failed", ("failure", "exit code 255; see copy-2.log")),
        (f"{sys.executable} -c 'exit(4)'", "failed", ("failure", "exit code 4; see copy-2.log")),
        ("kill -9 $$", "died", ("death", "signal 9; see copy-2.log")),
        ("exit 143", "died", ("death", "signal 15; see copy-2.log")),
        ("exit 124", "died", ("death", "exit code 124, stopped by timeout; see copy-2.log")),
        (
            "exec ./is-not-there",
            "died",
            ("death", "exit code 127, command not found; see copy-2.log"),
        ),
    ],
)
def test_an_end_of_a_copy_is_a_success_a_reported_failure_or_a_death(tmp_path, command, event, why):
    expected = {("copy", "started"), ("copy", event)} | ({why} if why else set())
    assert ends(tmp_path, command) == dict.fromkeys(expected, 1)


def test_each_start_of_a_copy_has_a_refresh_token_of_its_own(tmp_path):
    with (tmp_path / "copy-2.log").open("wb") as output:
        copy = _Copy(output, {"ADSMOCK_COPY": "2", "REFRESH_TOKEN": "Atzr|x"})
        for now in (0.0, 5.0):
            _look_after(copy, "echo $REFRESH_TOKEN", Counters(), lambda now=now: now)
            copy.process.wait()
            _look_after(copy, "true", Counters(), lambda now=now: now + 0.5)

    assert (tmp_path / "copy-2.log").read_text().split() == ["Atzr|x~2.1", "Atzr|x~2.2"]
    assert [(run.started, run.ended) for run in copy.runs] == [(0.0, 0.5), (5.0, 5.5)]
    assert "Atzr" not in str(_runs([copy], 9.0))
