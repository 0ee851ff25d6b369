"""A plain journal becomes one record per sandbox, with its clock and profiles derived."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adsmock.cli.main import main
from adsmock.harness.suite.journal import CaseView, plain
from tests.unit.harness.suite.journal_rows import call


def rows(*offsets: float, sandbox: str = "default", speed: float = 1.0) -> list[dict]:
    """Return entries at these seconds, with a sandbox clock of this speed; 0 is frozen."""
    found = []
    for number, at in enumerate(offsets, 1):
        row = call("sp.campaigns.list", at, chain=f"c{number}", request={"page": number})
        for name in ("Arrive", "Send", "End"):
            row[f"c{name}"] = 1782907200 + (row[f"t{name}"] - 500) * speed
        found.append(row | {"seq": number, "sandbox": sandbox})
    return found


def write(path, found) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")


@pytest.mark.parametrize(
    ("speed", "timebase"), [(1.0, "monotonic"), (0.0, "sandbox"), (60.0, "sandbox")]
)
def test_the_timebase_follows_the_mode_of_the_clock(speed, timebase):
    (record,), _ = plain.records_of(rows(0, 1, 2, speed=speed))

    assert record.timebase == timebase
    assert (record.noise is not None) == (timebase == "monotonic")


def test_clock_that_was_frozen_for_a_while_is_judged_by_its_own_time():
    found = rows(0, 1, 2, 3, 4, 5)
    for row in found[4:]:
        row.update(dict.fromkeys(("cArrive", "cSend", "cEnd"), found[3]["cEnd"]))

    (record,), _ = plain.records_of(found)

    assert record.timebase == "sandbox"


@pytest.mark.parametrize("letter", ["t", "c"])
def test_five_seconds_added_to_one_clock_lengthen_no_wait(letter):
    found = rows(0, 1, 2, 3)
    for row in found[2:]:
        row |= {f"{letter}{name}": row[f"{letter}{name}"] + 5 for name in ("Arrive", "Send", "End")}

    (record,), _ = plain.records_of(found)

    judged = CaseView.of(record).entries
    assert judged[2].arrive - judged[1].arrive == pytest.approx(1)


def test_each_sandbox_of_a_file_is_a_record(tmp_path):
    path = tmp_path / "journal.ndjson"
    write(path, rows(0, 1, sandbox="b") + rows(0, 1, 2, sandbox="a"))

    records, orphans = plain.read(path)

    assert [(one.case, one.entries, one.dropped) for one in records] == [
        ("sandbox a", 3, 0),
        ("sandbox b", 2, 0),
    ]
    assert orphans == 0


@pytest.mark.parametrize("missing", [0, 1])
def test_missing_calls_count_as_dropped(missing):
    found = rows(0, 1, 2)
    del found[missing]

    assert plain.records_of(found)[0][0].dropped == 1


def test_calls_without_a_sandbox_are_counted_separately():
    found = rows(0, 1)
    found[0]["sandbox"] = None

    records, orphans = plain.records_of(found[:1])

    assert (records, orphans) == ((), 1)


def test_profiles_have_the_region_that_listed_them():
    found = rows(0)
    listing = {"operation": "profiles.list", "region": "EU", "reply": [{"profileId": 22}]}
    found[0] |= listing

    assert plain.records_of(found)[0][0].profiles == ({"profileId": "22", "region": "EU"},)


def test_profiles_may_have_a_line_of_their_own(tmp_path):
    path = tmp_path / "journal.ndjson"
    known = {"sandbox": "default", "profiles": [{"profileId": "22", "region": "EU"}]}
    write(path, [*rows(0), known])

    (record,), _ = plain.read(path)

    assert record.profiles == ({"profileId": "22", "region": "EU", "countryCode": ""},)


@pytest.mark.parametrize("profiles", [5, [5], [{"profileId": "22"}], [{"profileId": 22}]])
def test_damaged_line_of_profiles_is_a_plain_error(tmp_path, profiles):
    path = tmp_path / "journal.ndjson"
    write(path, [{"sandbox": "default", "profiles": profiles}, *rows(0)])

    assert plain.is_plain(path)
    with pytest.raises(plain.PlainJournalError, match="line 1: not a journal entry: profiles"):
        plain.read(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"seq": 1, "operation": "x"', "line 1: invalid JSON"),
        ('{"seq": 1, "sandbox": "a", "tArrive": "soon"}', "line 1: not a journal entry"),
        ('{"seq": 1, "sandbox": "a"}\n[1]', "line 2: not a journal entry"),
        ('{"seq": 2, "sandbox": "a"}\n{"seq": 1, "sandbox": "a"}', "sandbox a: call 1 follows"),
    ],
)
def test_damaged_journal_is_one_line_and_a_plain_error(tmp_path, text, reason):
    path = tmp_path / "journal.ndjson"
    path.write_text(text, "utf-8")

    with pytest.raises(plain.PlainJournalError, match=reason):
        plain.read(path)


def test_a_record_of_a_run_is_not_plain(tmp_path):
    path = tmp_path / "journal.ndjson"
    for text, answer in (('{"kind": "run"}', False), ('\n{"seq": 1}', True), ("", True)):
        path.write_text(text, "utf-8")
        assert plain.is_plain(path) is answer


def test_journal_without_a_call_has_nothing_to_judge(tmp_path, capsys):
    path = tmp_path / "journal.ndjson"
    path.write_text("", "utf-8")

    assert main(["judge", str(path), "--report-dir", str(tmp_path / "reports")]) == 3
    assert "nothing to judge" in capsys.readouterr().out


def judge(path) -> int:
    return main(["judge", str(path), "--report-dir", str(path.parent / "reports")])


def regions(*names: str) -> list[dict]:
    """Return entries for one profile, which NA listed, at these regions."""
    found = rows(*range(len(names) + 1))
    found[0] |= {"operation": "profiles.list", "reply": [{"profileId": 11}]}
    for row, name in zip(found[1:], names, strict=True):
        row |= {"region": name}
    return found


@pytest.mark.parametrize(("names", "code"), [(("NA", "NA"), 0), (("NA", "EU"), 1)])
def test_invariants_decide_the_exit_code(tmp_path, capsys, names, code):
    path = tmp_path / "journal.ndjson"
    write(path, regions(*names))

    assert judge(path) == code
    assert ("I01.home" if code else "1 PASS") in capsys.readouterr().out


def test_journal_with_a_missing_call_is_inconclusive(tmp_path, capsys):
    path = tmp_path / "journal.ndjson"
    found = regions("NA", "EU", "NA")
    del found[2]
    write(path, found)

    assert judge(path) == 3
    assert "INCONCLUSIVE" in capsys.readouterr().out


def test_record_of_a_judged_journal_is_judged_again_alike(tmp_path, capsys):
    path = tmp_path / "journal.ndjson"
    write(path, regions("NA", "EU"))
    judge(path)
    first = json.loads((tmp_path / "reports" / "run.json").read_text("utf-8"))

    assert main(["judge", str(tmp_path / "reports" / "journal.ndjson")]) == 1
    again = json.loads((tmp_path / "reports" / "run.json").read_text("utf-8"))
    assert again["cases"] == first["cases"]
    capsys.readouterr()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.randoms())
def test_edited_journal_never_ends_in_a_traceback(tmp_path, capsys, chance):
    path = tmp_path / "journal.ndjson"
    found = regions("NA", "EU", "EU")
    row = chance.choice(found)
    row[chance.choice(list(row))] = chance.choice([None, 5, -1.5, "x", [], {}, [{}], False])
    write(path, found)

    assert judge(path) in {0, 1, 2, 3}
    assert len(capsys.readouterr().err.splitlines()) <= 1
