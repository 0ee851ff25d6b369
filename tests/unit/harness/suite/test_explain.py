"""``adsmock explain`` shows every case, whatever its profile."""

from argparse import Namespace

import pytest

from adsmock.harness.command import explain
from adsmock.harness.command import list as listing
from adsmock.harness.suite.case import load, page
from adsmock.harness.suite.case.fault_words import fault_words
from adsmock.harness.suite.case.page import page_url
from tests.architecture.repository import ROOT


@pytest.mark.parametrize("name", load())
def test_every_case_is_explained(name, capsys):
    assert explain.run(Namespace(case=name)) == 0

    out = capsys.readouterr().out
    assert name in out
    for check in load()[name].checks:
        assert check.id in out
    assert (ROOT / "docs" / "reference" / "cases" / f"{name}.md").is_file()
    assert f"docs/reference/cases/{name}.md" in out


def test_tasks_of_one_kind_are_shown_once_with_their_number(capsys):
    explain.run(Namespace(case="T11"))
    shown = capsys.readouterr().out

    assert shown.count("  list {") == 2
    assert shown.count("    and 24 more tasks of this kind\n") == 2


def test_site_of_the_documentation_comes_from_the_environment(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("ADSMOCK_DOCS", "https://docs.example.com/adsmock/")
    explain.run(Namespace(case="t01"))
    assert "https://docs.example.com/adsmock/reference/cases/T01.html" in capsys.readouterr().out
    monkeypatch.setenv("ADSMOCK_DOCS", str(tmp_path))
    assert page_url("T01") == (tmp_path / "reference" / "cases" / "T01.html").as_uri()


def test_installed_wheel_without_a_site_has_no_page(monkeypatch, tmp_path):
    monkeypatch.delenv("ADSMOCK_DOCS", raising=False)
    monkeypatch.setattr(page, "CHECKOUT", tmp_path)
    assert page.page_of("T01") is None


@pytest.mark.parametrize("name", ["x.work", "X.CLAIM"])
def test_check_of_every_case_is_explained(name, capsys):
    assert explain.run(Namespace(case=name)) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(name.lower())
    assert "how to fix" in shown


def test_check_is_explained_with_its_case(capsys):
    assert explain.run(Namespace(case="B01.only-failed")) == 0
    assert capsys.readouterr().out.startswith("B01 ")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("E10", "always: attempts 1 to 40 of sp.keywords.update of profile NA: answered 503"),
        ("G05", "not-listed: every call of profiles.list in EU: answered 403"),
        ("A03", "revoked-early: the first call of sp.campaigns.list: token-revoked"),
        ("A11", "revoked-in-fe: the first call of sp.campaigns.list in FE: token-revoked"),
        ("A11", 'leads to one new token and then to success {"regions": 2}'),
        ("T01", "wait-3: attempt 1 of sp.campaigns.list: answered 429 with Retry-After 3"),
        ("E10", "E10.settled (MUST): passes when each change of a call that was not stored"),
    ],
)
def test_faults_and_checks_are_explained_in_words(name, line, capsys):
    explain.run(Namespace(case=name))

    assert line in capsys.readouterr().out


def test_every_fault_has_words():
    for each in load().values():
        for fault in each.faults:
            assert fault_words(fault).startswith(f"{fault.id}: ")


def test_a_named_check_is_shown_without_the_others_and_with_its_own_fix(capsys):
    explain.run(Namespace(case="I12.altered"))
    shown = capsys.readouterr().out

    assert "I12.lost" not in shown
    assert "Copy every value of a task into its calls" in " ".join(shown.split())
    assert "mutant:altered-bid" in shown or "more: adsmock list" in shown
    assert shown.count("mutant:") <= explain.CLIENTS_SHOWN


def test_the_list_has_a_line_for_most_cases_in_a_terminal_of_100_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert listing.run(Namespace()) == 0
    shown = capsys.readouterr().out

    cases = shown.partition("clients")[0]
    assert len(cases.splitlines()) < 2.2 * len(load())
    assert "adsmock explain CASE" in shown
