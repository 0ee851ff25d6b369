"""The rehearsal against a real mock: only the reference client stays within the thresholds.

The runs share one mock and are as short as a shape allows. The thresholds are those of a full
rehearsal; misses that a busy machine explains are no failures, as there.
"""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from adsmock.loadtests import generator, mock_setup
from adsmock.loadtests.roles import builder

ADSMOCK = str(Path(sys.executable).with_name("adsmock"))
SCHEMA = Path(generator.__file__).parent.parent / "contracts" / "meta" / "load.schema.json"
LIMIT = 90
NEAR = 0.35
"""How far an audit's optimum may lie from the rehearsal's: a short run is mostly its two ends."""
CASES = ["M01", "M02", "M03", "M04", "M05", "M06"]


@pytest.fixture(scope="module")
def control():
    with mock_setup.mock() as address:
        yield address


def command(control, folder, *options):
    return [ADSMOCK, "load", "--server", control, "--report-dir", str(folder), *options]


def read(folder, done):
    assert (folder / "run.json").exists(), done.stdout + done.stderr
    document = json.loads((folder / "run.json").read_text())
    jsonschema_rs.validator_for(json.loads(SCHEMA.read_text())).validate(document)
    assert done.returncode == document["verdict"]["exit"]
    assert document["verdict"]["statement"] in done.stdout
    return document


def rehearse(control, folder, *options):
    line = command(control, folder, *options)
    done = subprocess.run(line, capture_output=True, text=True, timeout=LIMIT, check=False)
    return read(folder, done)


def missed(document, *, timed):
    return {
        row["name"] for row in document["findings"] if not row["holds"] and row["timed"] == timed
    }


@pytest.mark.slow
def test_the_reference_client_passes_the_thresholds_that_misbehaving_users_fail(control, tmp_path):
    event = ("--shape", "spike", "--duration", "8s", "--users", "30")
    good = rehearse(control, tmp_path / "good", *event, "--behavior", "reference")
    bad = rehearse(control, tmp_path / "bad", *event, "--behavior", "misbehaving")

    assert missed(good, timed=False) == set()
    assert good["verdict"]["status"] != "missed" or missed(good, timed=True)
    assert good["work"]["optimizer"]["done"] > 20
    assert good["reconciliation"]["checked"] > 20
    assert {"throttled_share", "calls_ratio"} <= missed(bad, timed=False)
    assert bad["verdict"]["status"] == "missed"
    assert "integration" in [limit["name"] for limit in bad["verdict"]["limits"]]
    assert bad["measures"]["calls_ratio"] > 10 * good["measures"]["calls_ratio"]
    for found in (good, bad):
        assert [row["id"] for row in found["cases"]][: len(CASES)] == CASES
        assert "ERROR" not in {row["status"] for row in found["cases"]}


@pytest.mark.slow
def test_structures_are_complete_and_the_suite_judges_the_same_run(control, tmp_path):
    document = rehearse(control, tmp_path, "--shape", "spike", "--duration", "12s", "--users", "90")
    done = document["work"]["builder"]["done"]
    assert done > 0, "a machine that builds no structure in twelve seconds cannot show one whole"
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


def run(*words):
    line = [ADSMOCK, *map(str, words)]
    return subprocess.run(line, capture_output=True, text=True, timeout=LIMIT, check=False)


@pytest.mark.slow
def test_workers_share_one_event_and_their_counts_add_up(control, tmp_path):
    pages = ("--live", "--web-ui", "0")  # they end with the run
    document = rehearse(control, tmp_path, "--duration", "8s", "--workers", "2", *pages)

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


@pytest.mark.slow
def test_workers_of_other_machines_join_a_master_and_get_its_plan(control, tmp_path):
    place = f"127.0.0.1:{generator.free_port()}"
    event = ("--shape", "steady", "--duration", "5s", "--workers", "2", "--listen", place)
    master = subprocess.Popen(
        command(control, tmp_path, *event),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    joined = [
        subprocess.Popen([ADSMOCK, "load", "--join", place], stdout=subprocess.DEVNULL)
        for _each in range(2)
    ]
    try:
        out, err = master.communicate(timeout=LIMIT)
        codes = [each.wait(timeout=LIMIT) for each in joined]
    finally:
        for each in (master, *joined):
            each.kill()
            each.wait()
    document = read(tmp_path, subprocess.CompletedProcess([], master.returncode, out, err))
    assert codes == [0, 0]
    assert len(document["processes"]) == 2
    assert document["work"]["optimizer"]["done"] > 10


@pytest.mark.slow
def test_a_worker_that_dies_leaves_the_run_incomplete(control, tmp_path):
    place = f"127.0.0.1:{generator.free_port()}"
    event = ("--shape", "steady", "--duration", "16s", "--workers", "2", "--listen", place)
    line = command(control, tmp_path, *event)
    master = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # Not by --join: the process that is killed must be the worker itself.
    words = generator.worker_command(*place.split(":"))
    joined = [subprocess.Popen(words, stdout=subprocess.DEVNULL) for _each in range(2)]
    shown = []
    try:
        while not any("  day  " in line for line in shown):
            shown.append(master.stdout.readline())
        joined[0].kill()
        out, err = master.communicate(timeout=LIMIT)
    finally:
        for each in (master, *joined):
            each.kill()
            each.wait()
    whole = subprocess.CompletedProcess([], master.returncode, "".join(shown) + out, err)
    document = read(tmp_path, whole)
    assert document["verdict"]["exit"] == 3
    assert any("workers" in gap for gap in document["verdict"]["gaps"])


@pytest.mark.slow
def test_an_event_that_was_stopped_is_resumed_with_totals_that_continue(tmp_path):
    options = ("--rate", "15000", "--users", "20", "--stop-after", "7s")
    first = run("load", *options, "--report-dir", tmp_path)
    assert first.returncode == 3, first.stdout + first.stderr
    half = json.loads((tmp_path / "run.json").read_text())
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
    assert whole["work"]["optimizer"]["done"] > half["work"]["optimizer"]["done"] + 20
    assert whole["calls"]["accepted"] > half["calls"]["accepted"] > 0
    assert whole["reconciliation"]["lost"] == whole["reconciliation"]["doubled"] == 0
    assert whole["settings"]["part"] == 2
    # Tokens live as long for the integration as with a real clock: no call gets a 401.
    assert whole["operations"]["lwa.token"]["accepted"] <= 6
    # Nothing of the event is kept when it is over.
    assert not (tmp_path / "mock").exists()
    assert run("load", "--resume", tmp_path).returncode == 2
