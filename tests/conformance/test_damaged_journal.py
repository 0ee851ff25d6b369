"""``adsmock judge`` on real journals with one changed value: never a traceback."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adsmock.cli.main import main

ADSMOCK = [
    sys.executable,
    "-c",
    "import sys; from adsmock.cli.main import main; sys.exit(main())",
]
CASES = "A03,B01,C01,E07,N08,P01,R02,T01,X03"
WRONG = [None, 5, -1.5, 1e300, "x", "", [], {}, ["a"], [{}], {"a": 1}, False, 10**30, "\x00"]
SELDOM = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Judging a journal takes a good part of a second."""


@pytest.fixture(scope="module")
def lines(control, tmp_path_factory):
    """Return the lines of a run without digests, in which a MUST is broken."""
    folder = tmp_path_factory.mktemp("run")
    words = ("--client", "mutant:no-retry-after", "--cases", CASES, "--server", control)
    done = subprocess.run(
        [*ADSMOCK, "conform", *words, "--report-dir", str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    rows = [json.loads(line) for line in (folder / "journal.ndjson").read_bytes().splitlines()]
    for row in rows:
        del row["digest"]
    return [json.dumps(row) for row in rows]


def places(value, path=()):
    """Yield the path of every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inside:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from places(one, (*path, key))


def changed(line, chance):
    """Return a line with one value replaced or removed."""
    row = json.loads(line)
    path = chance.choice(list(places(row)))
    target = row
    for key in path[:-1]:
        target = target[key]
    if chance.random() < 0.2:
        del target[path[-1]]
    else:
        target[path[-1]] = chance.choice(WRONG)
    return json.dumps(row)


def judge(path, lines, capsys):
    path.write_text("\n".join(lines) + "\n", "utf-8")
    code = main(["judge", str(path), "--report-dir", str(path.parent / "reports")])
    return code, capsys.readouterr().err


@SELDOM
@given(chance=st.randoms())
def test_changed_value_of_a_record_is_never_a_traceback(lines, tmp_path, capsys, chance):
    place = chance.randrange(len(lines))
    found = [*lines[:place], changed(lines[place], chance), *lines[place + 1 :]]

    code, complaint = judge(tmp_path / "journal.ndjson", found, capsys)

    assert code in {1, 2, 3}, complaint  # never 0: another case breaks the MUST, too
    assert len(complaint.splitlines()) == (code == 2)


@SELDOM
@given(chance=st.randoms())
def test_changed_value_of_a_plain_journal_is_never_a_traceback(lines, tmp_path, capsys, chance):
    entries = [row for row in map(json.loads, lines) if row["kind"] == "entry"]
    plain = [
        json.dumps({name: value for name, value in row.items() if name not in {"kind", "case"}})
        for row in entries
        if row["case"] == "T01"
    ]
    place = chance.randrange(len(plain))
    found = [*plain[:place], changed(plain[place], chance), *plain[place + 1 :]]

    code, complaint = judge(tmp_path / "journal.ndjson", found, capsys)

    assert code in {0, 1, 2, 3}, complaint
    assert len(complaint.splitlines()) == (code == 2)
