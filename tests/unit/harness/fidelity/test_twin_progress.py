"""The progress of ``adsmock twin``: its length first, then a line now and then."""

import io

import pytest

from adsmock.harness.command.twin_run import _Steps


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown(out, *, until=25):
    """Return what a plan of three steps writes, whose steps begin at 4 s, 14 s and ``until``."""
    times = iter([0.0, 4.0, 14.0, until])
    steps = _Steps(3, lambda: next(times), out)
    steps.announce(150, 60)
    for name in ("profiles", "sp-campaigns", "sp-export"):
        steps.show(name)
    steps.end()
    return out.getvalue()


def test_a_log_gets_the_length_and_a_line_after_each_ten_seconds():
    assert shown(io.StringIO()).splitlines() == [
        "3 steps on each side, at most 60 calls a minute: at least 3 s",
        "step 2 of 3: sp-campaigns, after 14 s",
        "step 3 of 3: sp-export, after 25 s",
    ]


def test_a_terminal_gets_one_line_that_changes_and_is_empty_at_the_end():
    said = shown(Terminal())

    assert "\r\x1b[Kstep 3 of 3: sp-export" in said
    assert said.endswith("\r\x1b[K")


@pytest.mark.parametrize(("calls", "seconds"), [(150, 70), (20, 20)])
def test_the_length_is_that_of_the_budget(calls, seconds):
    out = io.StringIO()
    _Steps(70, lambda: 0.0, out).announce(calls, 60)

    assert f"at least {seconds} s" in out.getvalue()
