"""The bench runs: both servers answer all of its work without a refusal."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.bench import bench, inbox, load
from tests.bench.growth import Line
from tests.bench.plot import drawing

pytestmark = pytest.mark.one_python


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["create10", "list100"])
@pytest.mark.parametrize("finds_wrk", [True, False])
def test_a_round_measures_both_servers(kind, finds_wrk, monkeypatch):
    if not finds_wrk:
        monkeypatch.setattr(load.shutil, "which", lambda _: None)
    (row,) = bench.measure([kind], rounds=1, seconds=1, connections=4)
    assert row.bare.rate > 0
    assert row.ours.rate > 0
    assert 0 < row.ours.p50 <= row.ours.p99
    assert kind in bench.table([row])[1]


@pytest.mark.slow
def test_messages_of_the_inbox_pass_for_one_consumer_and_for_ten():
    course = inbox.measure(2_000)

    assert course.messages >= 2_000
    assert min(course.passed.values()) > 0
    assert 0 < course.grown < inbox.GROWN
    assert len(inbox.lines(course)) == 4


def started_by(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for path in tasks for word in path.read_text().split()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="NO /proc: children go unseen")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_bench_that_is_stopped_ends_what_it_started(number, tmp_path):
    # The parent of the tests may ignore ^C, which a process inherits.
    begin = (
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('tests.bench', run_name='__main__', alter_sys=True)"
    )
    words = [sys.executable, "-c", begin, "--out", str(tmp_path)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as process:
        waited, servers = threading.Event(), []
        while len(servers) < 2 and process.poll() is None:
            waited.wait(0.1)
            servers = started_by(process.pid)
        process.send_signal(number)
        said = process.communicate(timeout=300)[1]
    assert process.returncode == 130
    assert "Traceback" not in said
    assert [pid for pid in servers if Path(f"/proc/{pid}").exists()] == []


def test_plot_names_what_was_measured():
    curve = Line("create a batch", "entities", ((1_000, 1.2), (1_000_000, 1.4)))
    svg = drawing("adsmock on two cores", {"create": [("adsmock", 4_000.0)]}, [curve])
    for text in ("adsmock on two cores", "create, calls per second", "4,000", "create a batch"):
        assert text in svg


def test_plot_of_a_run_without_rates_or_curves_is_empty():
    assert "</svg>" in drawing("adsmock", {}, [])
