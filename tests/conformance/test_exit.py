"""The commands as processes: exit codes, one line on failure, reports on disk."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from adsmock.harness.mutants import MUTANTS
from adsmock.mockserver.control.client import Control

ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]
INTEGRATION = [sys.executable, str(Path(__file__).parent / "integration.py")]


def families_of(name):
    """Return the letters of the cases that catch a broken client."""
    return {check[0] for check in MUTANTS[name].kills}


def clients():
    """Return each broken client; one of each family of cases runs always, all in ``make deep``.

    The kill matrix proves their verdicts, so that only the way to the exit code is left.
    """
    seen = set()
    for name in MUTANTS:
        is_first = not families_of(name) <= seen
        seen |= families_of(name)
        yield pytest.param(name, marks=[] if is_first else pytest.mark.deep)


def adsmock(*words, **more):
    return subprocess.run(
        [*ADSMOCK, *words], capture_output=True, text=True, timeout=300, check=False, **more
    )


def conform(tmp_path, *words):
    return adsmock("conform", "--report-dir", str(tmp_path), *words)


def await_file(path):
    """Return when a program has written into ``path``."""
    waited = threading.Event()
    for _ in range(1200):
        if path.exists() and path.read_text():
            return
        waited.wait(0.1)
    raise AssertionError(f"{path} was never written")


def children_of(pid):
    """Return the processes that a process has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for path in tasks for word in path.read_text().split()]


def checks_of(folder):
    run = json.loads((folder / "run.json").read_text("utf-8"))
    return {one["id"]: one["status"] for case in run["cases"] for one in case["checks"]}


def test_history_shows_what_changed_and_names_what_it_cannot_read(tmp_path):
    first = conform(tmp_path / "runs" / "1", "--cases", "T02", "--client", "mutant:no-retry-after")
    assert first.returncode == 1, first.stderr
    (tmp_path / "runs" / "2").mkdir()
    (tmp_path / "runs" / "2" / "run.json").write_text("{}")
    words = ("--cases", "T02", "--history", str(tmp_path / "runs"))
    done = conform(tmp_path / "runs" / "3", *words, "--client", "mutant:no-retry-after")

    assert done.returncode == 1, done.stderr
    assert "2/run.json: not a run.json" in done.stdout
    page = (tmp_path / "runs" / "3" / "report.html").read_text("utf-8")
    assert '<ol class="runs">' in page
    assert page.count("profile full, ") == 2, "both runs are in the chart"
    assert "1 case with the same verdict in every run." in page


def test_history_that_is_no_folder_exits_2_before_the_run(tmp_path):
    done = conform(tmp_path / "r", "--history", str(tmp_path / "nowhere"))

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "nowhere is not a folder: name the folder" in done.stderr
    assert not (tmp_path / "r").exists()


def test_reference_client_exits_0_and_leaves_its_reports(tmp_path):
    done = conform(tmp_path / "r")

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(checks_of(tmp_path / "r").values()) == {"PASS"}
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == [
        "badge.json",
        "coverage.csv",
        "journal.ndjson",
        "junit.xml",
        "report.html",
        "run.json",
    ]
    assert "conformant" in done.stdout
    assert all(re.match(r"\d+/\d+ cases", line) for line in done.stderr.splitlines())


@pytest.mark.slow
@pytest.mark.one_python
@pytest.mark.parametrize("name", list(clients()))
def test_broken_client_exits_1(control, tmp_path, name):
    # A client that fails by its own words does so in any case.
    own = {check for check in MUTANTS[name].kills if not check.startswith("I")}
    named = {check.partition(".")[0].replace("x", "A01") for check in own}
    if not named:  # only invariants catch it
        named = {check.partition(".")[0] for check in MUTANTS[name].kills} | set(
            MUTANTS[name].cases
        )
    cases = ",".join(sorted(named))
    who = ("--client", f"mutant:{name}", "--server", control)
    done = conform(tmp_path, *who, "--cases", cases, "--profile", "full")

    assert done.returncode == 1, done.stdout + done.stderr
    statuses = checks_of(tmp_path)
    broken = {one for one, status in statuses.items() if status in {"FAIL", "WARN"}}
    # Invariants are judged on the cases that were run, not on all.
    assert own <= broken <= set(MUTANTS[name].kills)


def test_judging_the_journal_again_gives_the_same_verdicts_and_code(control, tmp_path):
    first = conform(
        tmp_path / "a", "--client", "mutant:retry-4xx", "--server", control, "--cases", "E02,T01"
    )
    again = adsmock(
        "judge", str(tmp_path / "a/journal.ndjson"), "--report-dir", str(tmp_path / "b")
    )

    assert (first.returncode, again.returncode) == (1, 1)
    assert json.loads((tmp_path / "a/run.json").read_text("utf-8")) == json.loads(
        (tmp_path / "b/run.json").read_text("utf-8")
    )
    assert (tmp_path / "a/journal.ndjson").read_bytes() == (
        tmp_path / "b/journal.ndjson"
    ).read_bytes()


def test_program_that_never_calls_exits_3_with_a_hint(control, tmp_path):
    done = conform(tmp_path, "--cmd", "true", "--server", control, "--profile", "quick")

    assert done.returncode == 3
    assert "never reached the mock" in " ".join(done.stdout.split())
    assert set(checks_of(tmp_path).values()) == {"UNPROVEN", "N/A"}


def test_program_in_another_process_is_judged(control, tmp_path):
    cmd = shlex.join(INTEGRATION)
    done = conform(tmp_path, "--cmd", cmd, "--server", control, "--cases", "A01")

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(checks_of(tmp_path).values()) == {"PASS"}


@pytest.mark.slow(50)
def test_program_that_waits_for_real_passes(control, tmp_path):
    cmd = shlex.join([sys.executable, "-m", "adsmock.harness.client", "--workers", "8"])
    done = conform(tmp_path, "--cmd", cmd, "--server", control, "--cases", "T01,A03,B01,N03,X03")

    assert done.returncode == 0, done.stdout + done.stderr
    assert set(checks_of(tmp_path).values()) == {"PASS"}


def test_program_that_ignores_retry_after_is_caught(control, tmp_path):
    deaf = shlex.join([*INTEGRATION, "--deaf"])
    done = conform(tmp_path, "--cmd", deaf, "--server", control, "--cases", "T01")

    assert done.returncode == 1, done.stdout + done.stderr
    assert checks_of(tmp_path)["T01.early"] == "FAIL"


def test_program_that_does_not_end_is_stopped_and_proves_nothing(control, tmp_path):
    done = conform(
        tmp_path, "--cmd", "sleep 60", "--server", control, "--cases", "A01", "--timeout", "0.5"
    )
    run = json.loads((tmp_path / "run.json").read_text("utf-8"))

    assert done.returncode == 3
    assert run["cases"][0]["ending"]["timedOut"] is True


def without_progress(said):
    """Return what a run said, without the lines of progress that a slow machine prints."""
    return re.sub(r"^\d+/\d+ cases.*\n", "", said, flags=re.MULTILINE)


def begun(command, folder, stderr=subprocess.PIPE):
    """Start to judge a program and return the running suite, in a process group of its own."""
    return subprocess.Popen(
        [*ADSMOCK, "conform", "--cases", "A01", "--cmd", command, "--report-dir", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["process", "group"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_exits_130_and_ends_what_it_started(tmp_path, number, send):
    note = tmp_path / "pid"
    command = f"echo $$ > {note}; exec sleep 600"
    run = begun(command, tmp_path)
    try:
        await_file(note)
        send(run.pid, number)
        _, said = run.communicate(timeout=300)
    finally:
        run.kill()

    assert (run.returncode, without_progress(said)) == (130, "adsmock: interrupted\n")
    assert not Path(f"/proc/{note.read_text().strip()}").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_second_signal_does_not_end_the_cleaning_up(tmp_path, number):
    note = tmp_path / "pid"
    command = f"trap '' TERM; echo $$ > {note}; sleep 600; true"
    run = begun(command, tmp_path)
    try:
        await_file(note)
        started = children_of(run.pid)
        run.send_signal(number)
        with suppress(subprocess.TimeoutExpired):  # the program is deaf, so this takes 3 s
            run.wait(1)
        run.send_signal(number)
        _, said = run.communicate(timeout=300)
    finally:
        run.kill()

    assert (run.returncode, without_progress(said)) == (130, "adsmock: interrupted\n")
    assert len(started) == 2, "the mock and the program"
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)


def test_no_mock_outlives_a_run_that_is_killed(tmp_path):
    note = tmp_path / "pid"
    command = f"echo $$ > {note}; exec sleep 600"
    run = begun(command, tmp_path, stderr=subprocess.DEVNULL)
    try:
        await_file(note)
        program = int(note.read_text())
        mocks = [pid for pid in children_of(run.pid) if pid != program]
        run.kill()
        run.wait()
        os.kill(program, signal.SIGKILL)
        waited = threading.Event()
        for _ in range(1200):
            if not any(Path(f"/proc/{pid}").exists() for pid in mocks) or waited.wait(0.1):
                break
    finally:
        run.kill()

    assert len(mocks) == 1
    assert not Path(f"/proc/{mocks[0]}").exists()


def test_nothing_selected_exits_5(control, tmp_path):
    done = conform(tmp_path, "--profile", "quick", "--cases", "T03", "--server", control)

    assert done.returncode == 5


@pytest.mark.parametrize(
    "words",
    [
        ["conform", "--client", "mutant:nobody"],
        ["conform", "--client", "curl"],
        ["conform", "--cases", "T99"],
        ["conform", "--cases", ","],
        ["conform", "--cases", ""],
        ["init", "--lang", "php"],
        ["conform", "--cmd", " "],
        ["conform", "--adapter", " "],
        ["conform", "--free", " "],
        ["conform", "--adapter", "cat", "--cmd", "true"],
        ["conform", "--client", ""],
        ["conform", "--cmd", "true", "--timeout", "0"],
        ["conform", "--cmd", "true", "--timeout", "nan"],
        ["conform", "--cmd", "true", "--timeout", "inf"],
        ["conform", "--cmd", "true", "--client", "reference"],
        ["conform", "--profile", "full-moon"],
        ["conform", "--report-dir", "/dev/null/reports"],
        ["conform", "--seed", "lucky"],
        ["conform", "--seed", str(1 << 63)],
        ["conform", "--server", "127.0.0.1:9090"],
        ["conform", "--through-proxy"],
        ["judge", "/no/such/journal.ndjson"],
        ["adapter", "check"],
        ["load", "--quotas", "/no/such.toml"],
        ["load", "--resume", "/dev/null"],
        ["watch", "--out", "/dev/null"],
        ["selftest", "--seed", str(-(1 << 63) - 1)],
        ["judge"],
        ["audit", "/dev/null", "--gather", "nan"],
        ["audit", "/dev/null", "--max-ratio", "-1"],
        ["estimate", "agency", "--max-share", "-1"],
        ["serve", "--host", ""],
        ["serve", "--port", "first"],
        ["serve", "--max-body", "1GB"],
        ["explain", "T99"],
        ["list", "more"],
    ],
    ids=" ".join,
)
def test_bad_arguments_are_one_line_and_exit_2(words, tmp_path):
    done = adsmock(*words, cwd=tmp_path, env=os.environ | {"COLUMNS": "500"})

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["explain", "T1"], "unknown case 'T1': did you mean T01?"),
        (["conform", "--cases", "T1"], "unknown case 'T1': did you mean T01?"),
        (["conform", "--client", "mutant:no-retry-aftr"], "did you mean mutant:no-retry-after?"),
        (["explain", "t01.earl"], "unknown check 't01.earl': T01 has T01.early, T01.resumes"),
        (["estimate", "agancy"], "unknown plan 'agancy': did you mean agency?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_unknown_name_suggests_the_nearest(words, message, tmp_path):
    done = adsmock(*words, cwd=tmp_path)

    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_control_plane_that_is_not_there_exits_2_in_one_line(tmp_path):
    done = conform(tmp_path, "--server", "http://127.0.0.1:9")

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_running_mock_knows_the_cases_of_a_run_and_their_final_verdicts(control, tmp_path):
    done = conform(tmp_path, "--client", "reference", "--cases", "A01,E02,I01", "--server", control)
    assert done.returncode == 0, done.stderr
    assert f"watch the cases: {control}/#panel=runs" in done.stdout
    run = Control(control).call("runs.list")["runs"][0]
    assert (run["client"], run["state"], run["exitCode"]) == ("reference", "ended", 0)
    verdicts = json.loads((tmp_path / "run.json").read_text())["cases"]
    assert {row["case"]: row["status"] for row in run["cases"]} == {
        row["id"]: row["status"] for row in verdicts
    }


@pytest.mark.slow
def test_an_interrupted_run_is_stopped_for_the_mock_too(control, tmp_path):
    begun = tmp_path / "begun"
    # It waits for a signal: its standard input is closed, so reading it would end it at once.
    waits = f"import signal; open({str(begun)!r}, 'w').write('x'); signal.pause()"
    program = f"{shlex.quote(sys.executable)} -c {shlex.quote(waits)}"
    words = ["--cmd", program, "--cases", "T01", "--server", control]
    line = [*ADSMOCK, "conform", "--report-dir", str(tmp_path / "report"), *words]
    with subprocess.Popen(line, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        await_file(begun)
        process.send_signal(signal.SIGINT)
        assert process.wait(300) == 130
    assert Control(control).call("runs.list")["runs"][0]["state"] == "stopped"
