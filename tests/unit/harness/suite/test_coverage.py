"""Every practice has a case or a reason, and the table says so in the same words everywhere."""

import csv
from io import StringIO

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.judge import judge_run
from adsmock.harness.suite.practice import COMPONENTS, coverage, find, framework
from adsmock.harness.suite.report import coverage as file
from adsmock.harness.suite.report import run_json
from tests.unit.harness.suite.test_record import whole

ROWS = coverage(load().values())
SIZES = {"I": 1, "F": 45, "C": 12, "N": 17, "R": 10, "S": 11, "A": 4, "X": 15}


def test_framework_is_complete():
    sizes = {letter: sum(code[0] == letter for code in framework()) for letter in COMPONENTS}

    assert sizes == SIZES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.practice.code)
def test_practice_has_a_title_a_page_and_a_case_or_a_reason(row):
    assert row.practice.title
    assert row.practice.source.page
    assert row.is_accounted_for


@pytest.mark.parametrize("name", load())
def test_case_names_practices_that_exist(name):
    case = load()[name]

    assert [code for code in case.practice if find(code) is None] == []


def test_practice_without_its_cases_is_not_accounted_for():
    rows = {row.practice.code: row for row in coverage([])}

    assert not rows["F-G5b"].is_accounted_for
    assert rows["F-G8"].is_accounted_for


def test_file_has_each_practice_with_the_status_of_its_cases():
    run = run_json.render(judge_run(whole("FAIL"), load()))
    rows = list(csv.DictReader(StringIO(file.render(load().values(), run))))
    by_code = {row["practice"]: row for row in rows}

    assert tuple(by_code) == tuple(framework())
    found = dict(
        zip(by_code["R-B4"]["cases"].split(), by_code["R-B4"]["statuses"].split(), strict=True)
    )
    assert found["T01"] == "FAIL"
    assert by_code["F-G8"]["unseen"]


def test_file_without_a_run_has_no_statuses():
    rows = csv.DictReader(StringIO(file.render(load().values())))

    assert {row["statuses"] for row in rows} == {""}


def test_case_that_did_not_run_has_a_dash():
    run = run_json.render(judge_run(whole("FAIL"), load())) | {"cases": []}
    rows = {
        row["practice"]: row for row in csv.DictReader(StringIO(file.render(load().values(), run)))
    }

    assert set(rows["R-B4"]["statuses"].split()) == {"-"}
