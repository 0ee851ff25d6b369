import re

import pytest

from adsmock.harness.suite.report import counts
from adsmock.harness.suite.report.html.document import render
from adsmock.harness.suite.report.html.header import page_view
from adsmock.harness.suite.report.html.labels import VERDICTS
from tests.unit.harness.suite.report.html.unpacked import calls, opened

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
    opening = {
        name: re.search(rf'<details class="case[^>]*id="case-{name}"[^>]*>', text)[0]
        for name in ("T01", "Z00")
    }
    assert ' data-look="yes"' in opening["T01"]
    assert opening["T01"].endswith(" open>")
    assert ' data-look="no"' in opening["Z00"]
    assert not opening["Z00"].endswith(" open>")


def test_sentence_counts_broken_musts_of_those_that_apply(sample):
    assert page_view(*sample).sentence == "2 of 10 MUST checks failed in 11 cases."
    assert "/10 MUST" in counts.words(sample[0])


def test_strict_run_without_a_failure_says_that_recommendations_count(run, case, check):
    checks = [check("T01.a", "PASS", "fine"), check("T01.b", "WARN", "hm", severity="SHOULD")]
    view = page_view(run([case("T01", "WARN", checks)], 1), [])

    assert view.sentence == (
        "No MUST check failed, but the run is strict: 1 recommendation not followed."
    )


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


def elements(text):
    return len(re.findall(r"<[a-z]", text.partition("<body>")[2].partition("<script>")[0]))


def test_a_call_costs_no_element_and_few_bytes_before_it_is_opened(run, case, check, entry):
    def page(calls):
        rows = [
            entry(seq, float(seq), status=429 if seq % 9 == 0 else 200, requestId=f"{seq * 7919:x}")
            for seq in range(1, calls + 1)
        ]
        return render(run([case("T01", "PASS", [check("T01.a", "PASS", "fine")])]), rows)

    few, many = page(18), page(198)
    assert elements(many) - elements(few) == 0
    assert len(many) - len(few) < 180 * 200
    assert elements(opened(many)) > 180 * 40


def test_the_evidence_of_an_invariant_is_quoted_from_the_case_it_is_in(run, case, check, entry):
    row = {"seq": 1, "note": "creates it", "allowedFrom": None, "case": "B01"}
    broken = case("I13", "FAIL", [check("I13.doubled", "FAIL", "doubled in B01", rows=[row])])
    calls = [entry(1, 0.0, route="/sp/campaigns", case="B01")]
    text = render(run([case("B01", "PASS", []), broken]), calls)
    block = text[text.index('id="check-I13-doubled"') :]
    block = block[: block.index("</article>")]
    assert 'href="#row-B01-1"' in block
    assert "<b>Sent</b> <code>POST /sp/campaigns</code>" in block
    assert "--cases B01,I13 --seed 42" in text
    assert "it reads the calls of all other cases" in text


def test_cases_that_do_not_apply_are_in_one_closed_group(sample):
    text = render(*sample)
    group = text[text.index('<details class="not-applicable">') :]
    assert "1 case not applicable" in group
    assert 'id="case-Z06"' in group
    assert text.count('id="case-Z06"') == 1


def test_calls_that_several_cases_read_are_in_the_page_once(run, case, entry):
    shared = [entry(seq, float(seq), case=["T01", "T02"]) for seq in range(1, 9)]
    own = [entry(9, 9.0, case="T03")]
    cases = [case(name, "PASS", []) for name in ("T01", "T02", "T03")]
    text = render(run(cases), [*shared, *own])
    assert len(re.findall('<template class="packed" id="calls-', text)) == 2
    assert [len(calls(text)[name]) for name in ("T01", "T02", "T03")] == [8, 8, 1]
    assert 'id="row-T02-8"' in opened(text)
