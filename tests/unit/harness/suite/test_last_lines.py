"""The lines of a program's output that say why it ended."""

import pytest

from adsmock.harness.suite.last_lines import last_lines, reason

NODE = """\
file:///srv/sync.mjs:19
    throw new LoginError(`login failed: ${status}`);
          ^

LoginError: login failed: 400
    at login (file:///srv/sync.mjs:48:36)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async file:///srv/sync.mjs:47:1 {
  fatal: true,
  status: 400
}

Node.js v20.20.2
"""
PYTHON = """\
Traceback (most recent call last):
  File "sync.py", line 4, in <module>
    raise ValueError("budget.csv is missing")
ValueError: budget.csv is missing
"""


def test_message_comes_before_the_end_of_a_long_stack():
    shown = last_lines(NODE)
    assert shown[0] == "LoginError: login failed: 400"
    assert shown[-1] == "Node.js v20.20.2"
    assert len(shown) == 6


@pytest.mark.parametrize("output", [PYTHON, "one\n\ntwo\n", ""])
def test_other_ends_are_shown_as_they_are(output):
    assert last_lines(output) == [line for line in output.splitlines() if line.strip()][-6:]


def test_java_options_of_adsmock_are_no_reason_why_a_program_ended():
    output = "Picked up JAVA_TOOL_OPTIONS: -Dhttps.proxyPort=1\nbudget.csv is missing\n"
    assert last_lines(output) == ["budget.csv is missing"]


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (NODE, "LoginError: login failed: 400"),
        (PYTHON, "ValueError: budget.csv is missing"),
        ("one\n two \n\n", "two"),
        ("", ""),
    ],
)
def test_reason_is_the_message_of_an_exception_or_the_last_line(output, line):
    assert reason(output) == line
