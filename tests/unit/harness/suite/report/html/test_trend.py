"""The trend over earlier runs: which cases changed, since when, for which client."""

import json

import pytest

from adsmock.harness.suite.diff import read_folder
from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.trend import RUNS_SHOWN, trends


@pytest.fixture
def dated(run, case, check):
    """Make a run of a day: `T01="FAIL"` is a case with one check of that status."""

    def make(date, command="python sync.py", **statuses):
        cases = [
            case(name, status, [check(f"{name}.a", status, "as seen")])
            for name, status in statuses.items()
        ]
        client = {"driver": "command", "name": "python", "command": command}
        return run(cases) | {"date": date, "client": client}

    return make


def rows(trend):
    return {one.id: (one.now.word, one.since, one.before) for one in trend.cases}


def test_a_run_without_history_has_no_trend(dated):
    assert trends(dated("2026-11-03", T01="PASS"), []) == ()
    assert 'id="trend"' not in render(dated("2026-11-03", T01="PASS"), [])


def test_a_case_that_changed_says_since_when(dated):
    earlier = [
        dated("2026-11-01", T01="PASS", T02="FAIL", T03="PASS"),
        dated("2026-11-02", T01="FAIL", T02="FAIL", T03="PASS"),
    ]
    (trend,) = trends(dated("2026-11-03", T01="FAIL", T02="PASS", T03="PASS"), earlier)
    assert rows(trend) == {
        "T01": ("FAIL", "run 2 (2026-11-02)", "PASS"),
        "T02": ("PASS", "run 3 (2026-11-03)", "FAIL"),
    }
    assert list(rows(trend)) == ["T01", "T02"], "what fails now comes first"
    assert trend.same == 1
    assert [run.failed for run in trend.runs] == [1, 2, 1]
    assert [run.is_this for run in trend.runs] == [False, False, True]


def test_a_run_that_left_a_case_out_is_no_change(dated):
    earlier = [dated("2026-11-01", T01="FAIL"), dated("2026-11-02", T02="PASS")]
    (trend,) = trends(dated("2026-11-03", T01="FAIL", T02="PASS"), earlier)
    assert trend.cases == ()
    earlier.insert(0, dated("2026-10-31", T01="PASS"))
    (trend,) = trends(dated("2026-11-03", T01="FAIL", T02="PASS"), earlier)
    assert rows(trend) == {"T01": ("FAIL", "run 2 (2026-11-01)", "PASS")}
    assert [one and one.word for one in trend.cases[0].verdicts] == ["PASS", "FAIL", None, "FAIL"]


def test_clients_have_trends_of_their_own(dated):
    earlier = [dated("2026-11-01", "node sync.js", T01="FAIL"), dated("2026-11-02", T01="PASS")]
    this = dated("2026-11-03", T01="FAIL")
    found = trends(this, earlier)
    assert [(one.client, len(one.runs)) for one in found] == [
        ("python sync.py", 2),
        ("node sync.js", 1),
    ]
    assert rows(found[1]) == {}


def test_bars_are_on_one_scale(dated):
    earlier = [dated("2026-11-01", T01="FAIL", T02="FAIL", T03="WARN", T04="UNPROVEN")]
    (trend,) = trends(dated("2026-11-02", T01="FAIL", T02="PASS", T03="PASS", T04="N/A"), earlier)
    assert [(css, float(height)) for css, _, height in trend.runs[0].bar] == [
        ("fail", 36),
        ("warn", 18),
        ("unproven", 18),
    ]
    assert trend.runs[1].bar == (("fail", "54", "18"),)


def test_long_histories_keep_the_latest_runs(dated):
    earlier = [dated(f"2026-10-{day:02}", T01="PASS") for day in range(1, 31)]
    (trend,) = trends(dated("2026-11-01", T01="PASS"), earlier)
    assert len(trend.runs) == RUNS_SHOWN
    assert trend.left_out == 31 - RUNS_SHOWN
    assert trend.runs[-1].is_this


def test_the_page_links_the_cases_that_it_has(dated):
    earlier = [dated("2026-11-01", T01="PASS", T02="PASS"), dated("2026-11-02", T02="FAIL")]
    text = render(dated("2026-11-03", T01="FAIL"), [], earlier)
    section = text[text.index('<section aria-labelledby="trend">') :]
    section = section[: section.index("</section>")]
    assert '<a href="#case-T01">T01</a>' in section
    assert "T02" in section
    assert "#case-T02" not in section


def test_the_first_run_of_a_client_says_so(dated):
    text = render(dated("2026-11-03", T01="PASS"), [], [dated("2026-11-01", "other", T01="PASS")])
    assert "The history has no earlier run of this client." in text


def test_a_folder_gives_its_runs_by_day_and_names_what_it_cannot_read(dated, tmp_path):
    for name, date in (("a", "2026-11-02"), ("b/c", "2026-11-01")):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "run.json").write_text(json.dumps(dated(date, T01="PASS")))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "run.json").write_text("{}")
    (tmp_path / "other.json").write_text("{}")
    runs, problems = read_folder(tmp_path)
    assert [run["date"] for run in runs] == ["2026-11-01", "2026-11-02"]
    (problem,) = problems
    assert problem.startswith(f"{tmp_path / 'd' / 'run.json'}: not a run.json")
