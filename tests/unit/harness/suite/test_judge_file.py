"""``adsmock judge`` on files: damaged ones end in one line and exit code 2, never a traceback."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adsmock.cli.main import main
from adsmock.harness.suite.journal import RunMeta, RunRecord
from adsmock.harness.suite.journal import record as file
from tests.unit.harness.suite.journal_rows import call
from tests.unit.harness.suite.journal_rows import record as case_record

NOTE = "note: the file carries no digests"

WRONG = [None, 5, -1.5, "x", [], {}, ["a"], [{}], {"a": 1}, False]


def run_record() -> RunRecord:
    rows = [
        call("sp.campaigns.list", at, status, chain="c1", request={}, attempt=number)
        for number, (at, status) in enumerate([(0, 429), (0.2, 429), (9, 200)], 1)
    ]
    meta = RunMeta("free", "sh", "sh", "core", 7, ("T01",), filtered=True)
    return RunRecord(meta, (case_record("T01", *rows),))


def judge(path, capsys) -> tuple[int, str, str]:
    code = main(["judge", str(path), "--report-dir", str(path.parent / "reports")])
    said = capsys.readouterr()
    return code, said.out, said.err


def without_digests(path) -> list[dict]:
    rows = [json.loads(line) for line in path.read_bytes().splitlines()]
    for row in rows:
        del row["digest"]
    return rows


def write_rows(path, rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_record_without_digests_is_judged_with_a_note(tmp_path, capsys):
    path = tmp_path / "journal.ndjson"
    file.write(run_record(), path)
    code, said, _ = judge(path, capsys)
    assert NOTE not in said

    write_rows(path, without_digests(path))
    again, said, _ = judge(path, capsys)
    assert again == code
    assert NOTE in said


def test_edited_record_is_one_line_and_exit_2(tmp_path, capsys):
    path = tmp_path / "journal.ndjson"
    file.write(run_record(), path)
    path.write_bytes(path.read_bytes().replace(b'"status":429', b'"status":200', 1))

    code, said, complaint = judge(path, capsys)

    assert (code, said) == (2, "")
    assert len(complaint.splitlines()) == 1
    assert "its digest does not match" in complaint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.randoms())
def test_edited_record_without_digests_never_ends_in_a_traceback(tmp_path, capsys, chance):
    path = tmp_path / "journal.ndjson"
    file.write(run_record(), path)
    rows = without_digests(path)
    row = chance.choice(rows)
    row[chance.choice(list(row))] = chance.choice(WRONG)
    write_rows(path, rows)

    code, _, complaint = judge(path, capsys)

    assert code in {1, 2, 3, 4, 5}  # never 0; 5: the edit left no case
    assert len(complaint.splitlines()) == (code == 2)


@pytest.mark.parametrize("kind", ["mirrored", "renamed", "moved"])
def test_consistent_looking_edits_without_digests_are_refused(tmp_path, capsys, kind):
    path = tmp_path / "journal.ndjson"
    file.write(run_record(), path)
    rows = without_digests(path)
    entries = [row for row in rows if row["kind"] == "entry"]
    if kind == "mirrored":
        for name in ("tArrive", "tSend", "tEnd", "cArrive", "cSend", "cEnd"):
            entries[0][name], entries[2][name] = entries[2][name], entries[0][name]
    elif kind == "renamed":
        entries[1]["chain"] = "another"
    else:
        rows.append(rows.pop(rows.index(entries[0])))
    write_rows(path, rows)

    code, _, complaint = judge(path, capsys)

    assert code == 2
    assert len(complaint.splitlines()) == 1
