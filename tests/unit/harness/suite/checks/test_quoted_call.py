"""A report quotes the call that the sentence of a finding is about, whatever else is broken.

Each sample journal is joined with its own calls for another resource in another region, so that
many checks are broken twice.
"""

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.checks import JUDGES, Evidence, Finding
from adsmock.harness.suite.checks.finding import broken, row
from adsmock.harness.suite.invariants import SHOWN_ROWS, judge_invariants
from adsmock.harness.suite.journal import CaseRecord, CaseView, Entry
from tests.unit.harness.suite.checks.findings import CHECKS, view_of
from tests.unit.harness.suite.checks.variations import TIMES, varied
from tests.unit.harness.suite.journal_rows import HOME, call, grant, record
from tests.unit.harness.suite.samples import SAMPLES

pytestmark = pytest.mark.one_python

CALL = re.compile(r"\bcall (\d+)\b")
OPERATION = re.compile(
    r"\b(?:sp|exports|reporting|profiles|lwa|storage)\.[A-Za-z]+(?:\.[A-Za-z]+)?\b"
)
REGION = re.compile(r"\bin (NA|EU|FE)\b|\(region (NA|EU|FE)\)")

WORDS = ("twice", "listed", "abroad", "separate")
PLACES = 6

SEVERAL = {"M01.ratio", "M03.calls", "R06.slower", "V06.versions"}
"""Checks whose sentence is about many calls, some of them of named operations."""

MISSING = {"A09.others", "G02.found"}
"""Checks whose sentence may name a call that was never made."""


def elsewhere(found: CaseRecord) -> list[dict]:
    """Return the calls of a journal for ad groups in Europe, 500 s later."""
    return [
        each
        | {name: each[name] + 500 for name in TIMES}
        | {"chain": f"{each['chain']}-eu", "region": "EU"}
        | {"profileId": each["profileId"] and HOME["EU"]}
        | {"operation": each["operation"].replace("sp.campaigns", "sp.adGroups")}
        for each in found.rows
    ]


def journals(found: CaseRecord) -> Iterator[CaseRecord]:
    yield found
    for rows in ([*found.rows, *elsewhere(found)], [*elsewhere(found), *found.rows]):
        numbered = tuple(each | {"seq": number} for number, each in enumerate(rows, 1))
        yield replace(found, rows=numbered, entries=len(numbered))
    for place in range(min(PLACES, len(found.rows))):
        yield from (varied(found, f"{word} {place}") for word in WORDS)


def wrong(finding: Finding, view: CaseView) -> str:
    """Return what the quoted call contradicts in the sentence, empty when nothing."""
    text = re.sub(r'"[^"]*"', '""', finding.sentence)
    quoted = next(one for one in view.entries if one.seq == finding.rows[-1].seq)
    number = CALL.search(text)
    if number and int(number[1]) != quoted.seq:
        return f"names call {number[1]}"
    operations = set(OPERATION.findall(text))  # or resources
    if operations and not {quoted.operation, quoted.operation.rpartition(".")[0]} & operations:
        return f"names {sorted(operations)}"
    regions = {name for pair in REGION.findall(text) for name in pair if name}
    if quoted.operation == "lwa.token":  # one host may grant the tokens of all regions
        return ""
    return f"names {sorted(regions)}" if regions and quoted.region not in regions else ""


@pytest.mark.parametrize("check", SAMPLES)
def test_last_entry_of_a_breach_is_the_call_of_its_sentence(check):
    judge, numbers = JUDGES[CHECKS[check].judge], CHECKS[check].numbers
    for status, found in SAMPLES[check].items():
        for journal in journals(found):
            view = view_of(journal)
            finding = judge(view, **numbers)
            if finding.outcome == "broken" and finding.rows and check not in SEVERAL | MISSING:
                said = wrong(finding, view)
                assert not said, (check, status, said, finding.sentence, finding.rows[-1])


def entry(seq: int) -> Entry:
    return Entry.read(call("sp.campaigns.list", seq) | {"seq": seq}, "monotonic")


def test_entry_that_a_finding_names_comes_last():
    rows = [row(entry(seq), f"note {seq}") for seq in (3, 5, 7)]

    assert broken("call 5 was wrong after call 3", rows).rows[-1].seq == 5
    assert broken("wrong with note 3", rows).rows[-1].seq == 3
    assert broken("all wrong", rows).rows[-1].seq == 7
    assert broken("all wrong", rows, entry(5)).rows[-1].seq == 5
    assert sorted(one.seq for one in broken("call 5", rows).rows) == [3, 5, 7]


def test_long_evidence_of_an_invariant_keeps_its_quoted_call():
    many = [
        call("sp.campaigns.list", at, chain=f"c{at}") | {"query": "access_token=tok-0123456789ab"}
        for at in range(1, SHOWN_ROWS + 5)
    ]
    found = record("T01", grant(0), *many, faults=())
    judged = judge_invariants([found], load())
    (verdict,) = (one for case in judged for one in case.verdicts if one.check == "I10.url")

    named = int(CALL.search(verdict.sentence)[1])
    assert verdict.rows[-1] == Evidence(named, verdict.rows[-1].note, case="T01")
