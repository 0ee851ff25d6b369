"""The exit code of ``exec --judge``."""

import pytest

from adsmock.mockserver.command.exec_verdict import combined


@pytest.mark.parametrize(
    ("program", "verdict", "code"),
    [(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 0), (0, 4, 4), (7, 0, 7), (7, 1, 7), (130, 3, 130)],
)
def test_the_program_keeps_its_exit_code_unless_it_succeeded(program, verdict, code):
    assert combined(program, verdict) == code
