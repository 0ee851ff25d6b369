"""Evidence: reports are checked, and several of them are counted together."""

import json

import pytest

from adsmock.cli.main import main
from adsmock.contracts import evidence, ledger

ASSUMED = next(row.id for row in ledger.rows() if row.status == "assumed")
DOCUMENTED = next(row.id for row in ledger.rows() if row.status == "documented")


def report(capture: str, **rows: str) -> dict[str, object]:
    return {
        "evidence": 1,
        "adsmock": "0.1.0",
        "kind": "twin",
        "ledger": evidence.ledger_version(),
        "captured": "2026-11-30",
        "capture": capture * 64,
        "pairs": 3,
        "rows": rows,
        "differences": [],
    }


def test_captures_confirm_and_contradict_rows() -> None:
    first = report("a") | {"rows": {ASSUMED: "confirmed", DOCUMENTED: "confirmed"}}
    second = report("b") | {"rows": {ASSUMED: "confirmed", DOCUMENTED: "drift", "gone": "drift"}}

    found = evidence.merge([first, second])

    rows = {row.id: row for row in found.rows}
    assert rows[ASSUMED].confirmed == ("2026-11-30 aaaaaaaaaaaa", "2026-11-30 bbbbbbbbbbbb")
    assert rows[DOCUMENTED].is_disputed
    assert found.unknown == ("gone",)
    totals = found.totals()
    assert totals["assumed"]["confirmed"] == 1
    assert totals["assumed"]["unseen"] == ledger.counts()["assumed"] - 1
    assert totals["documented"]["drift"] == 1


def test_the_same_capture_counts_once() -> None:
    same = report("a") | {"rows": {ASSUMED: "confirmed"}}

    found = evidence.merge([same, same])

    assert found.reports == 1
    assert len(found.rows[0].confirmed) == 1


def test_a_file_that_is_no_evidence_is_refused(tmp_path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(report("a") | {"rows": {ASSUMED: "certain"}}))

    with pytest.raises(evidence.EvidenceError, match="rows/"):
        evidence.read(path)
    path.write_text("{")
    with pytest.raises(evidence.EvidenceError, match="not JSON"):
        evidence.read(path)


def test_a_report_with_values_is_refused(tmp_path) -> None:
    """The schema knows every member, so nothing can come along unnoticed."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps(report("a") | {"bodies": [{"name": "secret"}]}))

    with pytest.raises(evidence.EvidenceError, match="bodies"):
        evidence.read(path)


def test_the_command_counts_what_captures_confirm(tmp_path, capsys) -> None:
    rows = {"rows": {ASSUMED: "confirmed", DOCUMENTED: "drift"}}
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "evidence.json").write_text(json.dumps(report("a") | rows))

    assert main(["fidelity", "--evidence", str(tmp_path)]) == 0

    printed = capsys.readouterr().out
    assert f"drift  {DOCUMENTED}  2026-11-30 aaaaaaaaaaaa" in printed
    assert "1 confirmed, 0 drift" in printed
    assert main(["fidelity", "--evidence", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["assumed"]["confirmed"] == 1


def test_a_folder_without_evidence_is_a_usage_error(tmp_path, capsys) -> None:
    assert main(["fidelity", "--evidence", str(tmp_path)]) == 2
    assert "contains no" in capsys.readouterr().err
    (tmp_path / "evidence.json").write_text("{")
    assert main(["fidelity", "--evidence", str(tmp_path)]) == 2
    assert "not JSON" in capsys.readouterr().err
