import pytest

from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.header import page_view
from adsmock.harness.suite.report.html.labels import VERDICTS

EXITS = {
    0: "Conformant",
    1: "Not conformant",
    2: "Not run",
    3: "Incomplete",
    4: "The suite failed",
    5: "Nothing selected",
    130: "Interrupted",
}


@pytest.mark.parametrize(("code", "headline"), EXITS.items())
def test_page_says_the_verdict_of_each_exit_code_first(run, code, headline):
    text = render(run([], code), [])
    assert f"<h1>{headline}</h1>" in text
    assert text.index("<h1>") < text.index("<main")


def test_an_unknown_exit_code_is_never_a_pass(run):
    assert page_view(run([], 77), []).headline == "The suite failed"


def test_an_empty_run_renders(run):
    assert "No case was judged in this run." in render(run([], 5), [])


def test_a_minimal_run_renders():
    assert "<h1>The suite failed</h1>" in render({}, [])


def test_every_verdict_is_shown_with_word_and_sign(sample):
    text = render(*sample)
    for verdict in VERDICTS.values():
        assert f"</span>{verdict.word.replace('&', '&amp;')}</span>" in text
        assert f'aria-hidden="true">{verdict.sign}<' in text


def test_an_unknown_verdict_is_shown_as_it_is_and_never_as_a_pass(run, case, check):
    page = page_view(run([case("T01", "MAYBE", [check("T01.a", "MAYBE", "who knows")])]), [])
    assert page.cases[0].verdict.css == "error"
    assert "MAYBE" in render(run([case("T01", "MAYBE", [])]), [])


def test_counts_are_checks_by_verdict_worst_first(sample):
    page = page_view(*sample)
    assert [verdict.word for verdict, _ in page.counts][:2] == ["ERROR", "FAIL"]
    assert {verdict.word: count for verdict, count in page.counts}["FAIL"] == 2


def test_findings_are_what_needs_review_and_nothing_else(sample):
    words = {check.verdict.word for _, check, _ in page_view(*sample).findings}
    assert words == {"ERROR", "FAIL", "WARN", "UNPROVEN", "INCONCLUSIVE"}


def test_findings_say_once_how_to_fix_a_case(run, case, check):
    checks = [check("T01.a", "FAIL", "one"), check("T01.b", "FAIL", "two")]
    fixes = [fix for _, _, fix in page_view(run([case("T01", "FAIL", checks)]), []).findings]
    assert fixes == ["Read Retry-After on every 429 and wait at least that long.", ""]


def test_cases_that_fail_are_unfolded_and_first(sample):
    cases = page_view(*sample).cases
    assert [case.verdict.word for case in cases][:3] == ["ERROR", "FAIL", "FAIL"]
    text = render(*sample)
    assert 'id="case-T01" data-look="yes" open>' in text
    assert 'id="case-Z00" data-look="no">' in text


def test_sentence_counts_broken_musts(sample):
    assert page_view(*sample).sentence == "2 of 11 MUST checks failed in 11 cases."


def test_a_client_never_seen_is_reported(run, case, check):
    never = run([case("T01", "UNPROVEN", [check("T01.a", "UNPROVEN", "not seen")])], 3)
    never["hint"] = "Look at the base URL."
    text = render(never, [])
    assert "made no call" in text
    assert "Look at the base URL." in text
    assert "The client made no call in this case." in text


def test_conformant_names_what_was_only_recommended(run, case, check):
    checks = [check("T01.a", "PASS", "fine"), check("T01.b", "WARN", "hm", severity="SHOULD")]
    page = page_view(run([case("T01", "WARN", checks)], 0), [])
    assert (
        page.sentence
        == "All 1 MUST checks of the core profile passed; 1 recommendation not followed."
    )


def test_evidence_outside_the_journal_is_named_but_not_linked(run, case, check):
    row = {"seq": 7, "note": "gone", "allowedFrom": None}
    text = render(run([case("T01", "FAIL", [check("T01.a", "FAIL", "x", rows=[row])])]), [])
    assert "not in this journal" in text
    assert 'href="#row-T01-7"' not in text


def test_the_rule_its_numbers_and_its_evidence_are_shown_together(sample):
    text = render(*sample)
    block = text[text.index('id="check-T01-early"') :]
    block = block[: block.index("</article>")]
    assert "attempt 2 came 1.02 s after the 429; Retry-After was 3" in block
    assert "<b>1.02</b>" in block
    assert 'href="#row-T01-6"' in block


def test_the_same_run_gives_the_same_page(sample):
    assert render(*sample) == render(*sample)
