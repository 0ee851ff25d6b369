"""Two runs compared: what was fixed, broke, is new or vanished."""

import json
from copy import deepcopy

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.diff import DiffError, compare, read
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.report import run_json
from tests.unit.harness.suite.small_run import small_run


@pytest.fixture(scope="module")
def passed():
    return run_json.render(judge_run(small_run("PASS"), load()))


def having(run, **statuses):
    """Return the run with other statuses: T01_early means T01.early, None takes it away."""
    changed = deepcopy(run)
    for name, status in statuses.items():
        case, _, check = name.partition("_")
        (found,) = (one for one in changed["cases"] if one["id"] == case)
        for one in [one for one in found["checks"] if one["id"] == f"{case}.{check}"]:
            one["status"] = status
            if status is None:
                found["checks"].remove(one)
    return changed


def groups(found):
    names = ("fixed", "broken", "new", "vanished", "changed")
    return {name: [one.check for one in getattr(found, name)] for name in names}


@pytest.mark.parametrize(
    ("old", "new", "group"),
    [
        ("FAIL", "PASS", "fixed"),
        ("WARN", "PASS", "fixed"),
        ("UNPROVEN", "PASS", "fixed"),
        ("ERROR", "PASS", "fixed"),
        ("PASS", "FAIL", "broken"),
        ("PASS", "WARN", "broken"),
        ("UNPROVEN", "FAIL", "broken"),
        ("N/A", "FAIL", "broken"),
        ("PASS", "UNPROVEN", "changed"),
        ("FAIL", "INCONCLUSIVE", "changed"),
        ("PASS", "ERROR", "changed"),
        ("FAIL", "N/A", "changed"),
        (None, "FAIL", "new"),
        ("PASS", None, "vanished"),
    ],
)
def test_check_falls_into_one_group(passed, old, new, group):
    found = compare(having(passed, T01_early=old), having(passed, T01_early=new))

    assert groups(found) == {name: [] for name in groups(found)} | {group: ["T01.early"]}


def test_equal_runs_have_no_differences(passed):
    found = compare(passed, passed)

    assert not any(groups(found).values())
    assert found.same == sum(len(case["checks"]) for case in passed["cases"])
    assert found.is_same_suite


def test_another_suite_is_noticed(passed):
    other = deepcopy(passed) | {"suite": {"version": "0.2.0", "digest": "other"}}

    assert not compare(passed, other).is_same_suite


def test_check_of_the_same_name_in_two_cases_is_two_checks(passed):
    claim = {"id": "x.claim", "severity": "MUST", "sentence": "", "rows": [], "numbers": {}}
    old, new = deepcopy(passed), deepcopy(passed)
    for run, statuses in ((old, ("PASS", "PASS")), (new, ("PASS", "FAIL"))):
        for case, status in zip(run["cases"], statuses, strict=False):
            case["checks"].append({**claim, "status": status})

    assert [one.case for one in compare(old, new).broken] == [passed["cases"][1]["id"]]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format":"adsmock.run/1"}', '{"format":"adsmock.run/0","cases":[]}']
)
def test_file_that_is_no_run_is_refused(tmp_path, text):
    path = tmp_path / "run.json"
    path.write_text(text)

    with pytest.raises(DiffError, match=r"run\.json"):
        read(path)


def test_run_is_read_from_its_file(passed, tmp_path):
    path = tmp_path / "run.json"
    path.write_text(json.dumps(passed))

    assert read(path) == json.loads(path.read_text())


def test_report_folder_is_read_like_its_run_json(passed, tmp_path):
    (tmp_path / "run.json").write_text(json.dumps(passed), "utf-8")

    assert read(tmp_path) == read(tmp_path / "run.json")


def test_folder_without_a_run_is_named_with_what_was_expected(tmp_path):
    with pytest.raises(DiffError, match=r"contains no run[.]json: name a report folder"):
        read(tmp_path)
