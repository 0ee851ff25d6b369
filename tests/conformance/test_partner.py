"""A partner's files at the command line: manifest, baseline, diff; exit codes as promised."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]
INTEGRATION = [sys.executable, str(Path(__file__).parent / "integration.py")]
MANIFEST = """\
name = "acme"
verbs = ["list", "create"]

[start]
command = {command}
"""
LISTED = '[[expect]]\ncheck = "T01.early"\nexpect = "fail"\nreason = "soon"\nuntil = {until}\n'


@pytest.fixture
def adsmock(tmp_path, control):
    """Run a command in a folder with a manifest whose client ignores Retry-After."""
    line = json.dumps(shlex.join([*INTEGRATION, "--deaf"]))
    (tmp_path / "ads-client.toml").write_text(MANIFEST.format(command=line))

    def run(*words):
        server = ["--server", control] if words[0] == "conform" else []
        return subprocess.run(
            [*ADSMOCK, *words, *server],
            cwd=tmp_path,
            env=os.environ | {"COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def listing(folder, until="2999-01-01", text=LISTED):
    (folder / "baseline.toml").write_text(text.format(until=until))
    return ["--baseline", "baseline.toml"]


CONFORM = ["conform", "--manifest", "ads-client.toml", "--cases", "T01,X03"]
CHECKED = ["adsmock-report/journal.ndjson", "--report-dir", "again"]


@pytest.mark.slow
def test_manifest_starts_the_client_and_baseline_accepts_what_it_lists(adsmock, tmp_path):
    first = adsmock(*CONFORM)
    assert first.returncode == 1, first.stdout + first.stderr
    assert 'check = "T01.early"' in first.stdout

    second = adsmock(*CONFORM, *listing(tmp_path))
    run = json.loads((tmp_path / "adsmock-report/run.json").read_text("utf-8"))
    statuses = {one["id"]: one["status"] for case in run["cases"] for one in case["checks"]}
    assert second.returncode == 0, second.stdout + second.stderr
    assert run["verdict"] == "as-expected"
    assert (statuses["T01.early"], statuses["X03.fresh"]) == ("FAIL", "N/A")
    assert run["manifest"]["file"] == "ads-client.toml"
    assert "[[expect]]" not in second.stdout

    again = adsmock("judge", *CHECKED)
    assert again.returncode == 0, again.stdout + again.stderr
    assert json.loads((tmp_path / "again/run.json").read_text("utf-8")) == run

    late = adsmock("judge", *CHECKED, *listing(tmp_path, until="2020-01-01"))
    assert late.returncode == 1

    assert adsmock("diff", "again/run.json", "adsmock-report/run.json").returncode == 0


@pytest.mark.slow
def test_update_writes_a_baseline_that_the_next_run_accepts(adsmock, tmp_path):
    words = [*CONFORM, "--baseline", "new.toml", "--update-baseline"]
    first = adsmock(*words)
    assert first.returncode == 1
    assert "baseline: new.toml: 1 row added, 0 removed, 0 kept. Write a reason" in first.stdout

    text = (tmp_path / "new.toml").read_text("utf-8")
    accepted = adsmock(*CONFORM, "--baseline", "new.toml")
    assert 'check = "T01.early"' in text
    assert "write the reason" in text
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["conform", "--manifest", "none.toml"], "none.toml"),
        (["conform", "--baseline", "none.toml"], "none.toml"),
        (["conform", "--update-baseline"], "--baseline"),
        (["conform", "--manifest", "odd.toml"], "line 2, column 1: color: unknown key"),
        (["conform", "--manifest", "verb.toml"], "fly"),
        (["conform", "--manifest", "case.toml"], "T99"),
        (["conform", "--manifest", "idle.toml"], "idle.toml names no program to judge"),
        (
            ["conform", "--manifest", "twice.toml"],
            "twice.toml: line 4: start: command and free are given: keep one of",
        ),
        (["conform", "--baseline", "list.toml"], "unknown check 'T99.early'"),
        (
            ["conform", "--baseline", "typo.toml"],
            "unknown check 'P01.complete': P01 has P01.pages. See 'adsmock list'.",
        ),
        (["diff", "odd.toml", "odd.toml"], "not a run.json"),
        (["diff", "none.json", "none.json"], "none.json"),
        (["coverage", "--component", "fun"], "unknown component"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_file_that_does_not_fit_is_one_line_and_exit_2(adsmock, tmp_path, words, said):
    row = '[[not_applicable]]\nid = "T99"\nreason = "x"\n'
    (tmp_path / "odd.toml").write_text('name = "a"\ncolor = "red"\n')
    (tmp_path / "verb.toml").write_text('name = "a"\nverbs = ["fly"]\n')
    (tmp_path / "case.toml").write_text(f'name = "a"\n{row}')
    (tmp_path / "idle.toml").write_text('name = "a"\n')
    both = '[start]\ncommand = "true"\nfree = "true"\n'
    (tmp_path / "twice.toml").write_text(f'name = "a"\n{both}')
    (tmp_path / "list.toml").write_text(LISTED.format(until="2999-01-01").replace("T01", "T99"))
    typo = LISTED.format(until="2999-01-01").replace("T01.early", "P01.complete")
    (tmp_path / "typo.toml").write_text(typo)
    done = adsmock(*words)

    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert said in done.stderr


def test_bundled_client_is_not_judged_in_place_of_the_program_of_a_manifest(adsmock, tmp_path):
    (tmp_path / "ads-client.toml").write_text('name = "a"\n[start]\nfree = "true"\n')
    done = adsmock("conform", "--cases", "A01")
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "use --manifest ads-client.toml, or --client reference" in done.stderr


def test_manifest_starts_a_free_run(adsmock, tmp_path):
    (tmp_path / "night.toml").write_text('name = "a"\n[start]\nfree = "true"\n')
    done = adsmock("conform", "--manifest", "night.toml", "--cases", "A01", "--rounds", "0")
    run = json.loads((tmp_path / "adsmock-report/run.json").read_text("utf-8"))

    assert done.returncode == 3, done.stdout + done.stderr
    assert (run["client"]["driver"], run["client"]["command"]) == ("free", "true")
    assert "2 passes without faults" in done.stderr


def test_coverage_writes_its_table(adsmock, tmp_path):
    done = adsmock("coverage", "--csv", "coverage.csv")

    assert done.returncode == 0
    assert "F-G5b" in done.stdout
    assert (tmp_path / "coverage.csv").read_text("utf-8").startswith("practice,component,")
