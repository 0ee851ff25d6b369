"""Conformance runs that report their cases to the mock."""

from adsmock.mockserver.control.run_list import MAX_RUNS, RunList

REPORT = {
    "client": "nightly.py",
    "started": "2026-07-01T12:00:00Z",
    "state": "running",
    "cases": [
        {"case": "T02", "title": "A title", "state": "waiting"},
        {"case": "T01", "state": "running", "sandbox": "command-7-t01"},
    ],
}


def test_a_report_replaces_the_one_before(control):
    assert control.do("runs.list") == {"runs": []}
    listed = control.do("runs.put", REPORT, run="nightly")
    assert listed == {"id": "nightly", **REPORT, "silentSeconds": 0}
    ended = {"case": "T01", "state": "ended", "status": "FAIL", "sentence": "too early"}
    report = REPORT | {"state": "ended", "verdict": "non-conformant", "exitCode": 1}
    control.do("runs.put", report | {"cases": [ended]}, run="nightly")
    (run,) = control.do("runs.list")["runs"]
    assert (run["state"], run["exitCode"], run["cases"]) == ("ended", 1, [ended])


def test_a_report_with_an_unknown_member_or_a_time_of_another_form_is_refused(control):
    found = control.refuse("runs.put", REPORT | {"secret": "s"}, run="one")
    assert found["pointer"] == "/secret"
    found = control.refuse("runs.put", REPORT | {"started": "today"}, run="one")
    assert found["pointer"] == "/started"
    found = control.refuse("runs.put", REPORT, run="x" * 101)
    assert found["detail"] == "the id of the run has 101 characters: use at most 100"
    assert control.do("runs.list") == {"runs": []}


def test_the_newest_runs_are_kept_and_listed_first():
    now = [0.0]
    runs = RunList(lambda: now[0])
    for number in range(MAX_RUNS + 3):
        now[0] += 10
        runs.put(f"run-{number}", REPORT | {"started": f"2026-07-01T12:00:{number:02}Z"})
    runs.put("run-3", REPORT | {"started": "2026-07-01T12:00:03Z"})
    now[0] += 5
    rows = runs.rows()
    assert len(rows) == MAX_RUNS
    assert rows[0]["id"] == f"run-{MAX_RUNS + 2}"
    assert rows[-1]["id"] == "run-3", "it reported last, and began first"
    assert [rows[0]["silentSeconds"], rows[-1]["silentSeconds"]] == [5.0, 5.0]
