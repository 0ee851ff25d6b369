"""A program that is started once for each task says with its exit code whether it is done."""

import sys
import textwrap

import pytest

from adsmock.loadtests.program import CopyDied
from adsmock.loadtests.program.command import CommandCopy
from adsmock.loadtests.roles import Task
from tests.unit.loadtests.fixtures import plan


def run(folder, body, longest=20.0):
    program = folder / "program.py"
    program.write_text("import json, os, sys\n" + textwrap.dedent(body))
    notes = []
    copy = CommandCopy(
        f"{sys.executable} {program}",
        plan().access,
        ("http://127.0.0.1:1", "sandbox-1"),
        lambda *note: notes.append(note),
        longest,
    )
    return copy.run(Task("list", {"resource": "sp.campaigns"})), notes


def test_the_task_file_and_the_variables_say_what_to_do(tmp_path):
    reply, notes = run(
        tmp_path,
        """
        task = json.load(open(os.environ["ADSMOCK_TASK"]))
        assert task["tasks"] == [{"verb": "list", "args": {"resource": "sp.campaigns"}}]
        assert os.environ["PROFILE_ID_EU"] == "2" and os.environ["CLIENT_ID"] == "client"
        """,
    )
    assert (reply.status, notes) == ("done", [("started", "")])


def test_another_exit_code_says_that_the_task_failed(tmp_path):
    reply, _notes = run(tmp_path, "print('quota'); sys.exit(2)")
    assert (reply.status, reply.error) == ("failed", "quota")


@pytest.mark.parametrize(
    ("body", "longest", "why"),
    [
        ("os.kill(os.getpid(), 9)", 20.0, "signal 9"),
        ("sys.stdin.read(); import threading; threading.Event().wait()", 0.3, "no end of list"),
    ],
)
def test_a_signal_or_too_long_a_run_is_a_death(tmp_path, body, longest, why):
    with pytest.raises(CopyDied, match=why):
        run(tmp_path, body, longest)
