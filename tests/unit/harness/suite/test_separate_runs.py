"""Runs of a program share a sandbox: each is judged by its own calls, or none of them is."""

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.journal.record import ProgramRun
from adsmock.harness.suite.separate_runs import fingerprint, labeled, records_of, shared
from tests.unit.harness.suite.journal_rows import call, record
from tests.unit.harness.suite.test_invariants import verdict_of

LIST = "sp.campaigns.list"
NAMES = {"1.1": "run 1 of copy 1", "1.2": "run 2 of copy 1", "2.1": "run 1 of copy 2"}


def token_of(label):
    return fingerprint(labeled("Atzr|x", label))


def run(label, ended=0, seconds=60.0):
    return ProgramRun(NAMES[label], token_of(label), seconds, ended)


def grant(at, label, access):
    return call(
        "lwa.token",
        at,
        token=None,
        request={"grant_type": "refresh_token", "refresh_token": token_of(label)},
        reply={"access_token": access},
    )


def refused(at, access):
    return call(LIST, at, 400, chain="same", token=access)


def load_run(*rows, runs):
    return replace(record("M01", *rows), runs=runs)


@pytest.mark.parametrize("first", ["1.1", "2.1"])
def test_one_refusal_in_each_of_two_runs_is_no_repetition(first):
    rows = [grant(0, first, "a"), grant(1, "1.2", "b"), refused(2, "a"), refused(3, "b")]
    rows += [call(LIST, 4, token="a", chain="next"), call(LIST, 5, token="b", chain="next")]
    apart = load_run(*rows, runs=(run(first), run("1.2")))

    verdict = verdict_of("I04.once", apart)

    assert verdict.status == "PASS"
    assert verdict.numbers["holds"] == [NAMES[first], NAMES["1.2"]]


def test_a_repetition_within_one_run_fails_and_names_the_run():
    rows = [grant(0, "1.1", "a"), grant(1, "2.1", "b"), refused(2, "b"), refused(3, "b")]

    verdict = verdict_of("I04.once", load_run(*rows, runs=(run("1.1"), run("2.1"))))

    assert verdict.status == "FAIL"
    assert verdict.sentence.startswith("in case run 1 of copy 2,")


def test_a_token_fetched_again_belongs_to_the_same_run():
    rows = [grant(0, "1.1", "a"), refused(1, "a"), grant(2, "1.1", "b"), refused(3, "b")]

    assert verdict_of("I04.once", load_run(*rows, runs=(run("1.1"),))).status == "FAIL"


@pytest.mark.parametrize(
    ("runs", "why"),
    [
        ((run("1.1"), run("2.1")), "run 1 of copy 2 requested no token with its own REFRESH_TOKEN"),
        (
            (run("1.1"), run("2.1", ended=9, seconds=1.0)),
            "run 1 of copy 2 requested no token with its own REFRESH_TOKEN",
        ),
        ((run("1.1", ended=2),), "1 call used a token of run 1 of copy 1 after its end"),
    ],
)
def test_runs_that_share_tokens_are_not_judged_one_by_one(runs, why):
    rows = [grant(0, "1.1", "a"), refused(1, "a"), refused(2, "a")]
    found = load_run(*rows, runs=runs)

    assert shared(found).startswith(why)
    verdict = verdict_of("I04.once", found)
    assert verdict.status == "N/A"
    assert verdict.sentence == f"not judged here: {shared(found)}"


def test_a_run_that_was_stopped_before_its_first_call_proves_nothing_about_the_others():
    rows = [grant(0, "1.1", "a"), refused(1, "a"), refused(2, "a")]
    found = load_run(*rows, runs=(run("1.1"), run("2.1", seconds=2.0)))

    assert shared(found) == ""
    assert [each.case for each in records_of(found)] == ["run 1 of copy 1"]
    assert verdict_of("I04.once", found).status == "FAIL"


@pytest.mark.parametrize(("ended", "status"), [(3, "WARN"), (0, "N/A")])
def test_only_a_run_that_ended_by_itself_leaves_a_list_unread(ended, status):
    page = {"campaigns": [{"campaignId": "1"}], "nextToken": "t"}
    rows = [grant(0, "1.1", "a"), call(LIST, 1, token="a", reply=page)]

    verdict = verdict_of("I07.end", load_run(*rows, runs=(run("1.1", ended=ended),)))

    assert verdict.status == status
    assert status == "WARN" or "adsmock stopped the client" in verdict.sentence


def test_journal_without_runs_keeps_the_reason_of_the_case():
    rows = [grant(0, "1.1", "a"), refused(1, "a"), refused(2, "a")]

    verdict = verdict_of("I04.once", load_run(*rows, runs=()))

    assert verdict.sentence.startswith("not judged here: users or copies of a load run share")
