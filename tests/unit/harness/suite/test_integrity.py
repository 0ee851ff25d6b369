"""Damaged and edited records are refused in one line and never get a better verdict."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import RunMeta, RunRecord, integrity
from adsmock.harness.suite.journal import record as file
from adsmock.harness.suite.journal.integrity import (
    IntegrityError,
    check_agreement,
    check_record,
    check_rows,
)
from adsmock.harness.suite.judge import judge_run
from tests.unit.harness.suite.journal_rows import call
from tests.unit.harness.suite.samples import SAMPLES

CHECKS = {"T01.early": "FAIL", "E02.once": "PASS", "A01.headers": "PASS"}


def rows(*offsets: float, **more: object) -> tuple[dict, ...]:
    """Return entries at these seconds, each a request of its own."""
    return tuple(
        call("sp.campaigns.list", at, chain=f"c{n}", request={"page": n}, **more) | {"seq": n}
        for n, at in enumerate(offsets, 1)
    )


def moved(row: dict, seconds: float, letters: str = "tc") -> dict:
    return row | {
        name: row[name] + seconds
        for letter in letters
        for name in (f"{letter}Arrive", f"{letter}Send", f"{letter}End")
    }


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> list[bytes]:
    """The lines of a record that is not conformant."""
    path = tmp_path_factory.mktemp("record") / "journal.ndjson"
    cases = tuple(SAMPLES[check][status] for check, status in sorted(CHECKS.items()))
    meta = RunMeta("command", "sh", "sh", "core", 7, tuple(one.case for one in cases))
    file.write(RunRecord(meta, cases), path)
    return path.read_bytes().splitlines()


def test_untouched_entries_pass():
    check_rows(rows(0, 1, 2))
    check_agreement(rows(0, 1, 2))


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ((0, 0, 1), "call 1 occurs twice: a line was copied"),
        ((0, 2, 1), "call 2 follows call 3: lines were moved"),
        ((0, 1, 2, 0), "call 1 follows call 3: lines were moved or copied"),
    ],
)
def test_copied_and_moved_entries_are_found(order, reason):
    found = rows(0, 1, 2)
    with pytest.raises(IntegrityError, match=reason):
        check_rows(tuple(found[n] for n in order))


@pytest.mark.parametrize("letter", ["t", "c"])
def test_mirrored_times_are_found_on_both_clocks(letter):
    first, second = rows(0, 3.73)
    with pytest.raises(IntegrityError, match=r"call 2 arrived 3\.7\d s before call 1"):
        check_rows((moved(first, 3.73, letter), moved(second, -3.73, letter)))


@pytest.mark.parametrize("letter", ["t", "c"])
def test_an_answer_before_the_call_is_found(letter):
    first, second = rows(0, 1)
    second[f"{letter}Send"] -= 0.5
    with pytest.raises(IntegrityError, match=r"call 2 was answered 0\.50 s before it arrived"):
        check_rows((first, second))


def test_five_seconds_added_to_the_judged_clock_are_found():
    first, *others = rows(0, 1, 2, 3)
    with pytest.raises(IntegrityError, match=r"the two clocks disagree by 5\.00 s at call 2"):
        check_agreement((first, *(moved(row, 5, "t") for row in others)))


def test_advance_of_a_real_clock_is_no_damage():
    first, *others = rows(0, 1, 2, 3)
    check_agreement((first, *(moved(row, 3600, "c") for row in others)))


@pytest.mark.parametrize(("back", "is_found"), [(0.99, False), (1.01, True)])
def test_arrivals_may_differ_from_the_numbers_by_a_second(back, is_found):
    found = rows(back, 0)
    if not is_found:
        check_rows(found)
        return
    with pytest.raises(IntegrityError):
        check_rows(found)


@pytest.mark.parametrize("wrong", ["x", float("inf"), True, -1, 0, None])
def test_wrong_numbers_and_times_are_found(wrong):
    first, second = rows(0, 1)
    with pytest.raises(IntegrityError):
        check_rows((first, second | {"seq": "2" if wrong is True else wrong}))


@pytest.mark.parametrize("wrong", ["soon", float("nan"), float("inf"), [1]])
def test_time_that_is_no_number_is_found(wrong):
    (first,) = rows(0)
    with pytest.raises(IntegrityError, match="call 1 has a time that is not a number"):
        check_rows((first | {"tSend": wrong},))


def test_renamed_chain_is_found():
    first, second = rows(0, 1)
    second |= {"request": first["request"]}
    with pytest.raises(IntegrityError, match="calls 1 and 2 are the same request but have diff"):
        check_rows((first, second))


def test_joined_chains_are_found():
    first, second = rows(0, 1)
    with pytest.raises(IntegrityError, match="calls 1 and 2 have the same chain but are diff"):
        check_rows((first, second | {"chain": first["chain"]}))


def test_same_request_with_a_new_token_keeps_its_chain():
    first, second = rows(0, 1)
    query = "access_token=tok-00000000000{}"
    same = {"request": first["request"], "chain": first["chain"], "query": query.format(2)}
    check_rows((first | {"query": query.format(1)}, second | same))


def test_calls_of_a_chain_may_have_other_parameters_that_the_service_ignores():
    first, second = rows(0, 1)
    same = {"request": first["request"], "chain": first["chain"], "query": "_=2"}
    check_rows((first | {"query": "_=1"}, second | same))
    with pytest.raises(IntegrityError, match="calls 1 and 2 are the same request but have diff"):
        check_rows((first, second | {"request": first["request"]}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"tasks": ()}, "the record has 0 tasks that differ from the"),
        ({"tasks": (), "claims": [{"task": 0}]}, "reports on task 0, but the record has 0 tasks"),
        ({"claims": [{"task": "x"}]}, "reports on task 'x'"),
    ],
)
def test_removed_tasks_are_found(changes, reason):
    case = load()["T01"]
    tasks = tuple({"verb": one.verb, "args": {}} for one in case.tasks)
    one = SAMPLES["T01.early"]["PASS"]
    ending = replace(one.ending, claims=tuple(changes.pop("claims", ())))
    edited = replace(one, ending=ending, **{"tasks": tasks, "rows": ()} | changes)
    meta = RunMeta("command", "sh", "sh", "core", 7, ("T01",))
    with pytest.raises(IntegrityError, match=f"case T01: .*{reason}"):
        check_record(RunRecord(meta, (edited,)), load())


EDITS = ("change", "drop", "copy", "swap", "strip", "byte")


def edited(lines: list[bytes], kind: str, place: int, chance: Any) -> list[bytes]:
    """Return lines with one edit that changes them."""
    found = list(lines)
    at = place % (len(found) - 1)  # the last line may be cut: that is judged as incomplete
    if kind == "change":
        row = json.loads(found[at])
        name = chance.choice([one for one in row if one != "digest"])
        row[name] = chance.choice([5, "x", None, [], {}, ["a"], -1.5, False])
        found[at] = json.dumps(row, separators=(",", ":")).encode()
    elif kind == "drop":
        del found[at]
    elif kind == "copy":
        found.insert(at, found[at])
    elif kind == "swap":
        found[at], found[at + 1] = found[at + 1], found[at]
    elif kind == "strip":
        row = json.loads(found[at])
        del row["digest"]
        found[at] = json.dumps(row).encode()
    else:
        spot = chance.randrange(len(found[at]))
        found[at] = found[at][:spot] + b"~" + found[at][spot + 1 :]
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(EDITS), st.integers(0, 10_000), st.randoms())
def test_any_edit_of_a_record_is_refused_by_line(written, kind, place, chance):
    found = edited(written, kind, place, chance)
    if found == written:
        return
    with pytest.raises(file.RecordError, match=r"line \d+: "):
        file.parse(found)


@given(st.integers(0, 10_000))
def test_cut_record_gets_no_better_verdict(written, place):
    whole = judge_run(file.parse(written), load())
    kept = written[: 1 + place % len(written)]
    try:
        record = file.parse(kept)
        check_record(record, load())
    except (file.RecordError, integrity.IntegrityError):
        return
    assert judge_run(record, load()).exit_code in {whole.exit_code, 3, 4}


def test_record_of_an_earlier_version_carries_no_digests(written):
    rows = [json.loads(line) for line in written]
    for row in rows:
        del row["digest"]
    found = file.parse([json.dumps(row).encode() for row in rows])

    assert not found.has_digests
    assert file.parse(written).has_digests
    assert found.cases == file.parse(written).cases
