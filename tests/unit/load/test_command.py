import argparse
import json
import subprocess
import sys

import pytest

from loadtests import command, generator, report, stage
from loadtests.threshold import compare
from loadtests.verdict import Limit, Strain, measures

RESULT = {
    "elapsed": 10.0,
    "generatorCpu": 0.25,
    "generatorWarned": False,
    "calls": {"accepted": 90, "throttled": 9, "failed": 1},
    "operations": {
        "lwa.token": {
            "accepted": 3,
            "throttled": 0,
            "failed": 0,
            "p50": 1,
            "p95": 2,
            "p99": 3,
            "slowest": 4.4,
        },
        "sp.keywords.update": {"accepted": 0, "throttled": 9, "failed": 1},
    },
    "failures": {"sp.keywords.update 500": 1},
    "changes": {"arrived": 100, "done": 95, "refused": 1, "waiting": 4},
    "exports": 2,
}


def parse(*options):
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return parser.parse_args(options)


def report_of(result):
    measured = measures(result)
    settings = {"user": "integration", "shape": "steady"}
    limit = [Limit("plan", "its quotas refused 9 calls, 9.0%")]
    return report.Report(settings, result, Strain(0.5, 0.02), measured, limit, compare(measured))


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90.0), ("90s", 90.0), ("2m", 120.0), ("1h", 3600.0), ("5s", 5.0)]
)
def test_duration_is_read_in_seconds_minutes_or_hours(text, seconds):
    assert parse("--duration", text).duration == seconds


@pytest.mark.parametrize(
    "options",
    [
        ("--duration", "4s"),
        ("--duration", "2h"),
        ("--duration", "nan"),
        ("--duration", ""),
        ("--duration", "m"),
        ("--duration", "soon"),
        ("--users", "0"),
        ("--users", "-3"),
        ("--users", "many"),
        ("--user", "nobody"),
        ("--shape", "blob"),
    ],
)
def test_a_wrong_option_is_a_usage_error(options, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(*options)
    assert ended.value.code == 2
    assert options[0] in capsys.readouterr().err


def test_without_locust_one_line_says_what_to_install(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(generator, "find_spec", lambda _name: None)
    assert command.run(parse("--report-dir", str(tmp_path))) == 2
    told = capsys.readouterr()
    assert told.err == "adsmock load needs Locust: pip install adsmock[load]\n"
    assert told.out == ""


def test_a_mock_that_is_not_there_is_said_in_one_line(capsys, tmp_path):
    options = ("--server", "http://127.0.0.1:9", "--report-dir", str(tmp_path))
    assert command.run(parse(*options)) == 4
    assert capsys.readouterr().err.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_a_usage_error(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    assert command.run(parse("--report-dir", str(tmp_path / "file" / "inside"))) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_report_shows_outcomes_percentiles_the_limit_and_every_threshold():
    text = "\n".join(report.closing(report_of(RESULT)))
    for part in (
        "100 calls in 10 s: 90.0% accepted, 9.0% throttled, 1.0% failed",
        "100 changes arrived, 95 written, 1 refused, 4 wait; 2 exports fetched",
        "failed: sp.keywords.update 500, 1 times",
        "generator 25% of a core; mock 50% of a core, its loop late by at most 20 ms",
        "the limit was: plan (its quotas refused 9 calls, 9.0%)",
        "within the thresholds",
        *(each.threshold.measure for each in compare(measures(RESULT))),
    ):
        assert part in text
    assert "BROKEN" not in text


def test_report_marks_the_threshold_that_is_broken(tmp_path):
    lost = RESULT | {"changes": {"arrived": 100, "done": 10, "refused": 0, "waiting": 0}}
    whole = report_of(lost)
    lines = list(report.closing(whole))
    assert [line.split()[1] for line in lines if line.startswith("BROKEN")] == ["goodput"]
    assert lines[-1] == "NOT within the thresholds"
    whole.write(tmp_path / "load.json")
    document = json.loads((tmp_path / "load.json").read_text())
    assert document["holds"] is False
    assert document["result"]["changes"]["done"] == 10


def test_metric_is_summed_over_its_labels():
    text = '# HELP a b\na_total{x="1"} 2\na_total{x="2"} 3.5\nab_total 9\n'
    assert stage.metric(text, "a_total") == 5.5
    assert stage.metric(text, "ab_total") == 9.0
    assert stage.metric(text, "c_total") is None


def test_locust_and_its_patched_library_stay_out_of_our_process():
    code = "import sys, loadtests.command; print({'locust', 'gevent'} & set(sys.modules))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout == "set()\n"
