"""The rehearsal against a real mock: only the reference client stays within the thresholds.

The runs share one mock and are as short as a shape allows. The thresholds are those of a full
rehearsal; misses that a busy machine explains are no failures, as there.
"""

import json
import subprocess
from contextlib import contextmanager

import pytest

from adsmock.loadtests import generator, mock_setup
from adsmock.loadtests.roles import builder
from tests.wire.load_run import (
    ADSMOCK,
    HANGS,
    LONGEST,
    PATIENCE,
    missed,
    read,
    rehearse_until,
    run,
)

NEAR = 0.35
"""How far an audit's optimum may lie from the rehearsal's: a short run is mostly its two ends."""
CASES = ["M01", "M02", "M03", "M04", "M05", "M06"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(PATIENCE)]


@pytest.fixture(scope="module")
def control():
    with mock_setup.mock() as address:
        yield address


def has_done(role, count):
    return lambda document: document["work"][role]["done"] > count


@pytest.mark.one_python
def test_the_reference_client_passes_the_thresholds_that_misbehaving_users_fail(control, tmp_path):
    def is_checked(document):
        checked = document["reconciliation"]["checked"]
        return min(checked, document["work"]["optimizer"]["done"]) > 20

    event = ("--shape", "spike", "--users", "30", "--behavior")
    good, _text = rehearse_until(is_checked, control, tmp_path / "good", 8, *event, "reference")

    def is_refused(document):
        wasted = document["measures"]["calls_ratio"] > 3 * good["measures"]["calls_ratio"]
        return {"throttled_share", "calls_ratio"} <= missed(document, timed=False) and wasted

    bad, _text = rehearse_until(is_refused, control, tmp_path / "bad", 8, *event, "misbehaving")

    assert missed(good, timed=False) == set()
    assert good["verdict"]["status"] != "missed" or missed(good, timed=True)
    assert is_checked(good)
    assert is_refused(bad)
    assert bad["verdict"]["status"] == "missed"
    assert "integration" in [limit["name"] for limit in bad["verdict"]["limits"]]
    for found in (good, bad):
        assert [row["id"] for row in found["cases"]][: len(CASES)] == CASES
        assert "ERROR" not in {row["status"] for row in found["cases"]}


def test_structures_are_complete_and_the_suite_judges_the_same_run(control, tmp_path):
    event = ("--shape", "spike", "--users", "90")
    document, _text = rehearse_until(has_done("builder", 0), control, tmp_path, 12, *event)
    done = document["work"]["builder"]["done"]
    assert done > 0
    assert document["reconciliation"]["checked"] >= done * sum(builder.ROLE.entities.values())
    assert {"lost", "doubled"} & missed(document, timed=False) == set()

    journal = tmp_path / "conformance" / "journal.ndjson"
    again = run("judge", journal, "--report-dir", tmp_path / "again")
    assert again.returncode in {0, 3}, again.stderr
    shown = json.loads((tmp_path / "again" / "run.json").read_text())
    assert [row["id"] for row in shown["cases"]][: len(CASES)] == CASES
    # The audit after the event finds the same minimum as the report.
    audited = run("audit", journal, "--gather", "4", "--json", tmp_path / "audit.json")
    assert audited.returncode == 0, audited.stderr
    optimum = json.loads((tmp_path / "audit.json").read_text())["optimum"]
    assert optimum == pytest.approx(document["calls"]["needed"], rel=NEAR)


def test_workers_share_one_event_and_their_counts_add_up(control, tmp_path):
    def is_whole(document):  # a busy machine delays the report of a worker
        return has_done("optimizer", 50)(document) and not document["verdict"]["gaps"]

    pages = ("--live", "--web-ui", "0")  # they end with the run
    event = ("--workers", "2", *pages)
    document, _text = rehearse_until(is_whole, control, tmp_path, 8, *event)

    assert len(document["processes"]) == 2
    assert document["verdict"]["gaps"] == []
    assert {"lost", "doubled"} & missed(document, timed=False) == set()
    assert document["work"]["optimizer"]["done"] > 50
    course = document["series"]["regions"]
    offered = sum(sum(lines["offered"]) for lines in course.values())
    calls = document["calls"]
    outside = document["operations"].get("storage.get", {"accepted": 0})["accepted"]
    assert offered >= calls["accepted"] + calls["throttled"] + calls["failed"] - outside
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def by_join(place):
    return [ADSMOCK, "load", "--join", place]


def directly(place):
    """Return the command of a worker that is the very process that a test starts, and kills."""
    return generator.worker_command(*place.split(":"))


@contextmanager
def master(control, folder, seconds, worker):
    """Start a master and two workers on its address, by a function of it; end what is left."""
    place = f"127.0.0.1:{generator.free_port()}"
    event = ("--shape", "steady", "--duration", f"{seconds}s", "--workers", "2", "--listen", place)
    line = [ADSMOCK, "load", "--server", control, "--report-dir", str(folder), *event]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    joined = [subprocess.Popen(worker(place), stdout=subprocess.DEVNULL) for _each in range(2)]
    try:
        yield process, joined
    finally:
        for each in (process, *joined):
            each.kill()
            each.wait()


def result_of(process, folder, shown=""):
    """Return the document of a master that ends by itself; ``shown`` was read before."""
    out, err = process.communicate(timeout=LONGEST + HANGS)
    done = subprocess.CompletedProcess([], process.returncode, shown + out, err)
    return read(folder, done)


def test_workers_of_other_machines_join_a_master_and_get_its_plan(control, tmp_path):
    for seconds in (5, 10, 20, 40, 80):
        with master(control, tmp_path, seconds, by_join) as (process, joined):
            document = result_of(process, tmp_path)
            codes = [each.wait(timeout=HANGS) for each in joined]
        assert codes == [0, 0]
        assert len(document["processes"]) == 2
        if document["work"]["optimizer"]["done"] > 10:
            break
    assert document["work"]["optimizer"]["done"] > 10


def test_a_worker_that_dies_leaves_the_run_incomplete(control, tmp_path):
    shown = []
    with master(control, tmp_path, 16, directly) as (process, joined):
        while not any("  day  " in line for line in shown):
            shown.append(process.stdout.readline())
            assert shown[-1], process.stderr.read()
        joined[0].kill()
        document = result_of(process, tmp_path, "".join(shown))
    assert document["verdict"]["exit"] == 3
    assert any("workers" in gap for gap in document["verdict"]["gaps"])


def stopped(folder):
    """Stop an event in its middle; the longer the slower the machine is."""
    for rate, stop in ((15_000, 7), (7_500, 14), (3_750, 28), (1_875, 56)):
        options = ("--rate", rate, "--users", "20", "--stop-after", f"{stop}s")
        first = run("load", *options, "--report-dir", folder)
        assert first.returncode == 3, first.stdout + first.stderr
        half = json.loads((folder / "run.json").read_text())
        if half["work"]["optimizer"]["done"] > 0:
            break
    return first, half


@pytest.mark.one_python
def test_an_event_that_was_stopped_is_resumed_with_totals_that_continue(tmp_path):
    first, half = stopped(tmp_path)
    later = run("load", "--resume", tmp_path)
    whole = read(tmp_path, later)

    assert "hour " in first.stdout
    assert f"adsmock load --resume {tmp_path}" in first.stdout
    assert half["verdict"]["gaps"] != []
    assert whole["verdict"]["gaps"] == []
    assert whole["elapsed"] > half["elapsed"] + 5
    for name, before in half["work"].items():
        assert whole["work"][name]["arrived"] >= before["arrived"]
        assert whole["work"][name]["done"] >= before["done"]
    assert whole["work"]["optimizer"]["done"] > half["work"]["optimizer"]["done"] > 0
    assert whole["calls"]["accepted"] > half["calls"]["accepted"] > 0
    assert whole["reconciliation"]["lost"] == whole["reconciliation"]["doubled"] == 0
    assert whole["settings"]["part"] == 2
    # Tokens live as long for the integration as with a real clock: no call gets a 401.
    assert whole["operations"]["lwa.token"]["accepted"] <= 6
    # Nothing of the event is kept when it is over.
    assert not (tmp_path / "mock").exists()
    assert run("load", "--resume", tmp_path).returncode == 2
