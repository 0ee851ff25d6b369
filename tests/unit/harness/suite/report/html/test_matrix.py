"""The page of many clients: every verdict in its place, nothing that runs, nothing unescaped."""

import re

import pytest

from adsmock.harness.suite.case import load
from adsmock.harness.suite.report.html.document import policy, read
from adsmock.harness.suite.report.html.matrix import RunSummary, of_run, render
from adsmock.harness.suite.verdict import WORST_FIRST

FREE = {"driver": "free", "name": "python", "command": "python nightly.py"}
CASES = [load()[name] for name in ("T01", "A01", "T03", "E02")]


def cells(page):
    """Return the words of each client's cells by client, in order of columns."""
    rows = re.findall(r'<tr[^>]*>\s*<th scope="row" class="who">(.*?)</tr>', page, flags=re.DOTALL)
    return {
        re.sub(r"<[^>]+>", "", row.split("</th>")[0]).strip(): re.findall(
            r'<span class="hear">([^<]+)</span></td>', row
        )
        for row in rows
    }


def columns(page):
    return re.findall(r'<th scope="col" class="col[^>]*>(\w+)</th>', page)


def test_every_client_has_its_verdicts_under_the_right_cases():
    page = render(
        "Runs",
        "as seen",
        [
            RunSummary("one", "conformant", "pass", {"T01": "PASS", "T03": "WARN", "A01": "N/A"}),
            RunSummary("two", "non-conformant", "fail", {"E02": "FAIL"}),
        ],
        CASES,
    )

    assert columns(page) == ["T01", "T03", "A01", "E02"]
    assert cells(page) == {
        "one": ["PASS", "WARN", "N/A", "not run"],
        "two": ["not run", "not run", "not run", "FAIL"],
    }


@pytest.mark.parametrize("status", WORST_FIRST)
def test_every_status_has_a_cell(status):
    page = render("Runs", "", [RunSummary("one", "error", "error", {"T01": status})], CASES[:1])

    assert cells(page)["one"] == [status]


def test_names_are_escaped_and_nothing_runs():
    page = render("Runs", "<b>", [RunSummary("<script>x</script>", "error", "error", {})], CASES)

    assert page.count("<script") == 1
    assert read("matrix.js") in page
    assert "&lt;script&gt;" in page
    assert policy(read("report.css"), read("matrix.js")).replace("'", "&#39;") in page


def test_a_cell_leads_to_the_case_in_the_report_of_its_client():
    linked = RunSummary("one", "error", "fail", {"T01": "FAIL"}, link="file:///r/report.html")
    page = render("Runs", "", [linked, RunSummary("two", "error", "fail", {"T01": "FAIL"})], CASES)

    assert page.count('<a href="file:///r/report.html#case-T01">') == 1
    assert page.count("#case-") == 1


def test_an_empty_cell_says_why_it_is_empty(run, case):
    selected = of_run(run([case("T01", "PASS", [])], 0))
    free = of_run(run([case("T01", "PASS", [])], 0) | {"client": FREE})
    page = render("Runs", "", [selected, free], CASES)

    assert 'title="A01: not part of this run (profile core, 1 case)"' in page
    assert "A01: not part of this run (a free run judges what the program does by itself)" in page
    assert "An empty cell: the client did not run the case." in page


def test_run_is_named_by_its_manifest_else_by_its_command(run, case):
    plain = run([case("T01", "PASS", [])], 0)
    named = plain | {"manifest": {"file": "a", "values": {"name": "acme"}, "lines": {}}}

    assert of_run(plain).name == "python sync.py --once"
    assert of_run(named).name == "acme"
    assert of_run(plain).statuses == {"T01": "PASS"}
    assert of_run(plain | {"verdict": "incomplete"}).tone == "unproven"
