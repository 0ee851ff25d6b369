"""A record survives its file, and a broken file is refused by line."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunMeta, RunRecord
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.samples import SAMPLES


def whole(status: str = "PASS") -> RunRecord:
    cases = {
        check.partition(".")[0]: records[status]
        for check, records in SAMPLES.items()
        if status in records
    }
    meta = RunMeta("reference", "reference", None, "core", 7, tuple(sorted(cases)))
    return RunRecord(meta, tuple(cases[name] for name in sorted(cases)))


def test_record_is_the_same_after_writing_and_reading(tmp_path):
    path = tmp_path / "journal.ndjson"
    file.write(whole(), path)

    assert file.read(path) == whole()


def test_judging_a_file_again_gives_the_same_verdicts(tmp_path):
    path = tmp_path / "journal.ndjson"
    file.write(whole("FAIL"), path)

    again = judge_run(file.read(path), load())

    assert again.cases == judge_run(whole("FAIL"), load()).cases


def test_entries_carry_their_case():
    names = {name for row in file.entries(whole()) for name in file.of_cases(row["case"])}

    assert names == set(load())


def test_rows_that_several_cases_use_are_written_once(tmp_path):
    first, *others = whole().cases
    path, shared = tmp_path / "journal.ndjson", (first.rows, first.entries)
    cases = (first, *(replace(one, rows=shared[0], entries=shared[1]) for one in others[:2]))
    record = RunRecord(whole().meta, cases)
    file.write(record, path)

    entries = [line for line in path.read_bytes().splitlines() if b'"kind":"entry"' in line]
    assert len(entries) == len(first.rows) > 0
    assert file.read(path) == record
    file.write(file.read(path), tmp_path / "again.ndjson")
    assert (tmp_path / "again.ndjson").read_bytes() == path.read_bytes()


@pytest.mark.one_python
def test_file_without_its_last_lines_is_never_conformant(tmp_path):
    path = tmp_path / "journal.ndjson"
    file.write(whole(), path)
    lines = path.read_bytes().splitlines(keepends=True)

    # Every early and late end, and some between: judging each of them takes minutes.
    last = len(lines)
    for end in sorted({*range(1, 20), *range(20, last, 97), *range(last - 12, last)}):
        path.write_bytes(b"".join(lines[:end]))
        verdict = judge_run(file.read(path), load())
        assert verdict.exit_code in {3, 4}, end


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "line 1"),
        (b'{"kind":"run"}', "line 1"),
        (b'{"kind":"run","format":"adsmock.journal/0","cases":[]}', "line 1"),
        (b"{", "line 1: invalid JSON"),
        (b"[]", "line 1: not a JSON object"),
        (
            b'{"kind":"song"}',
            "line 1: kind: 'song' is not one of run",
        ),
        (b'{"kind":"entry"}', "line 1"),
        (
            b'{"kind":"entry","case":"T01","seq":1,"cArrive":"soon"}',
            "line 1: cArrive: Expected `float",
        ),
        (b'{"kind":"entry","case":"T01","seq":1,"fault":[1]}', "line 1: fault: Expected `object"),
        (b'{"kind":"entry","case":"T01","seq":1,"tSend":"x"}', "line 1: tSend: Expected `float"),
        (b'{"kind":["run"]}', r"line 1: kind: \['run'\]"),
        (
            b'{"kind":"run","format":"adsmock.journal/1","cases":[{}]}',
            r"1: cases\[0\]: wrong type",
        ),
    ],
)
def test_file_that_is_no_record_is_refused_by_line(text, reason):
    with pytest.raises(file.RecordError, match=reason):
        file.parse(text.splitlines())


def test_case_line_with_a_wrong_member_is_refused():
    path = [
        (
            b'{"kind":"run","format":"adsmock.journal/1","driver":"reference","client":"reference",'
            b'"command":null,"profile":"core","seed":7,"cases":["T01"]}'
        ),
        b'{"kind":"case","case":"T01","colour":"red"}',
    ]
    with pytest.raises(file.RecordError, match="T01"):
        file.parse(path)
