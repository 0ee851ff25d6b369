"""An adapter gets several tasks at once; its death reaches each of them."""

import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest

from adsmock.harness.suite.drivers.line_process import LineProcess
from adsmock.loadtests.program import CopyDied
from adsmock.loadtests.program.adapter import AdapterCopy
from adsmock.loadtests.roles import Task


@pytest.fixture
def make(tmp_path):
    copies = []

    def made(body, longest=20.0):
        program = tmp_path / "adapter.py"
        head = "import json, os, sys, threading\n"
        reply = "def reply(**row):\n    print(json.dumps(row), flush=True)\n"
        program.write_text(head + reply + textwrap.dedent(body))
        notes = []
        copy = AdapterCopy(
            lambda: LineProcess(f"{sys.executable} {program}"),
            {"case": "load"},
            lambda *note: notes.append(note),
            longest,
        )
        copies.append(copy)
        return copy, notes

    yield made
    for copy in copies:
        copy.close()


def test_replies_in_another_order_reach_their_tasks(make):
    copy, notes = make(
        """
        first, second = json.loads(sys.stdin.readline()), json.loads(sys.stdin.readline())
        for row in (second, first):
            reply(id=row["id"], status="done", done=len(row["verb"]))
        sys.stdin.readline()
        """
    )
    with ThreadPoolExecutor(2) as pool:
        tasks = [Task("list", {}), Task("export", {})]
        assert [found.done for found in pool.map(copy.run, tasks)] == [4, 6]
    assert notes == [("started", "")]


def test_a_task_repeats_the_shared_members(make):
    copy, _notes = make(
        """
        row = json.loads(sys.stdin.readline())
        reply(id=row["id"], status="partial", done=1, failed=1, error=row["case"])
        sys.stdin.readline()
        """
    )
    found = copy.run(Task("list", {}))
    assert (found.status, found.done, found.error) == ("partial", 1, "load")


def test_a_death_names_the_exit_code_and_the_last_words_and_the_next_task_restarts_it(make):
    copy, notes = make(
        """
        row = json.loads(sys.stdin.readline())
        sys.stderr.write("first line\\nout of memory\\n")
        sys.exit(3)
        """
    )
    for _task in range(2):
        with pytest.raises(CopyDied, match="exit code 3: out of memory"):
            copy.run(Task("list", {}))
    assert [event for event, _why in notes] == ["started", "died", "started", "died"]


def test_a_copy_that_does_not_reply_is_dead(make):
    copy, notes = make("sys.stdin.readline()\nsys.stdin.readline()\n", longest=0.3)
    with pytest.raises(CopyDied, match=r"no reply to list within 0\.3 s"):
        copy.run(Task("list", {}))
    assert notes[-1] == ("died", "no reply to list within 0.3 s")


def test_a_line_that_is_no_reply_ends_the_copy(make):
    copy, _notes = make("sys.stdin.readline()\nprint('hello', flush=True)\nsys.stdin.readline()\n")
    with pytest.raises(CopyDied, match="invalid reply"):
        copy.run(Task("list", {}))
