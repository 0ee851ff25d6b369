"""What may be done to a journal without changing a verdict, and what must change it."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from adsmock.harness.suite.case import load
from adsmock.harness.suite.journal import CaseRecord
from adsmock.harness.suite.judge import judge_case
from tests.unit.harness.suite.journal_rows import call, record
from tests.unit.harness.suite.sample_read import backing_off, throttled
from tests.unit.harness.suite.samples import SAMPLES
from tests.unit.harness.suite.test_samples import verdict_of

pytestmark = pytest.mark.one_python

PROVEN_BY_MORE_CALLS = {"A01.headers", "G02.found"}
OTHER_DAY = {"ST13.reports": {"WARN": "PASS"}}
"""Checks that compare a date in a body with the day of the call."""

OWN_CLOCK = {f"DY01.{name}": {"WARN": "UNPROVEN"} for name in ("restated", "metadata")}
"""Checks of what a program in real time cannot notice: it does not see the sandbox's days pass."""
OF_EVERY = {check.id for case in load().values() if case.every for check in case.checks}
TIMES = ("tArrive", "tSend", "tEnd", "cArrive", "cSend", "cEnd")
PASSING = [check for check, records in SAMPLES.items() if "PASS" in records]


def changed_by(check: str, change: Callable[[CaseRecord], CaseRecord]) -> dict[str, str]:
    """Return by its status each sample whose verdict a change alters, with its new status."""
    found = {status: change(sample) for status, sample in SAMPLES[check].items()}
    verdicts = {status: verdict_of(check, sample).status for status, sample in found.items()}
    return {status: new for status, new in verdicts.items() if new != status}


def shifted(row: dict, seconds: float, keys: tuple[str, ...] = TIMES) -> dict:
    moved = row | {key: row[key] + seconds for key in keys}
    if "GMT" in str(row["retryAfter"]):  # a date lies on the same calendar
        date = parsedate_to_datetime(row["retryAfter"]) + timedelta(seconds=seconds)
        moved["retryAfter"] = format_datetime(date, usegmt=True)
    return moved


def rebuilt(found: CaseRecord, rows: list[dict]) -> CaseRecord:
    numbered = tuple(row | {"seq": number} for number, row in enumerate(rows, 1))
    return replace(found, rows=numbered, entries=len(numbered))


@given(st.lists(st.floats(0, 60), min_size=4, max_size=4))
def test_added_delay_never_breaks_a_kept_retry_after(delays):
    chain = [0.0, 3.1 + delays[0], 13.2 + sum(delays[:2]), 38.4 + sum(delays[:3])]
    rows = [row for n in range(5) for row in throttled(f"c{n}", [at + n for at in chain])]

    assert verdict_of("T01.early", record("T01", *rows)).status == "PASS"


@given(st.permutations(range(20)))
def test_interleaving_of_chains_changes_nothing(order):
    # Twenty tickets, four for each chain: in whichever order they come, each chain keeps its
    # own order, as five workers at once would.
    chains = [throttled(f"c{n}", [n, n + 3.1, n + 13.2, n + 38.4]) for n in range(5)]
    rows = [chains[ticket % 5].pop(0) for ticket in order]

    assert verdict_of("T01.early", record("T01", *rows)).status == "PASS"


@given(st.floats(0.06, 2.9), st.sampled_from([0, 1, 2]))
def test_early_return_is_always_found(early, place):
    waits = [3.0, 10.0, 25.0]
    waits[place] = max(0.0, waits[place] - early)
    arrivals = [0.0]
    for wait in waits:
        arrivals.append(arrivals[-1] + 0.001 + wait)
    rows = throttled("c", arrivals)

    assert verdict_of("T01.early", record("T01", *rows)).status == "FAIL"


@given(st.floats(0.5, 50), st.floats(0, 1))
def test_growth_does_not_depend_on_the_scale_of_waits(scale, jitter):
    waits = [scale * 2**n * (1 + jitter * n / 10) for n in range(5)]
    rows = [row for n in range(8) for row in backing_off(f"c{n}", n * 0.1, waits)]

    assert verdict_of("T03.growth", record("T03", *rows)).status == "PASS"


@given(st.floats(0, 50))
def test_constant_waits_never_count_as_growth(wait):
    rows = [row for n in range(8) for row in backing_off(f"c{n}", n * 0.1, [wait] * 5)]

    assert verdict_of("T03.growth", record("T03", *rows)).status == "WARN"


@pytest.mark.parametrize("check", SAMPLES)
def test_unrelated_traffic_changes_nothing(check):
    noise = [
        call("profiles.list", 0.5 + n, profileId=None, region="NA", chain=f"noise{n}", path="/v2")
        for n in range(3)
    ]

    def with_noise(found):
        return rebuilt(found, [*found.rows[:1], *noise, *found.rows[1:]])

    changed = changed_by(check, with_noise)

    # The trigger counts calls, so the noise may only prove what was unproven for lack of calls.
    if check in PROVEN_BY_MORE_CALLS:
        changed.pop("UNPROVEN", None)
    assert changed == {}


@pytest.mark.parametrize("check", SAMPLES)
def test_moving_the_whole_journal_changes_nothing(check):
    def moved(found):
        return replace(found, rows=tuple(shifted(row, 86_400.25) for row in found.rows))

    assert changed_by(check, moved) == OTHER_DAY.get(check, {})


@pytest.mark.parametrize("check", SAMPLES)
def test_the_other_clock_gives_the_same_verdict(check):
    changed = changed_by(check, lambda found: replace(found, timebase="monotonic"))

    assert changed == OWN_CLOCK.get(check, {})


@pytest.mark.parametrize("check", SAMPLES)
def test_renaming_chains_and_tokens_changes_nothing(check):
    def renamed(found):
        rows = tuple(
            row | {"chain": f"x{row['chain']}", "token": row["token"] and f"x{row['token']}"}
            for row in found.rows
        )
        return replace(found, rows=rows)

    assert changed_by(check, renamed) == {}


@pytest.mark.parametrize("check", PASSING)
def test_a_cut_journal_never_passes(check):
    found = SAMPLES[check]["PASS"]

    for end in range(0, len(found.rows), 1 + len(found.rows) // 40):
        assert verdict_of(check, replace(found, rows=found.rows[:end])).status == "INCONCLUSIVE"


@pytest.mark.parametrize("check", SAMPLES)
def test_a_dropped_entry_makes_every_verdict_inconclusive(check):
    for found in SAMPLES[check].values():
        assert verdict_of(check, replace(found, dropped=1)).status == "INCONCLUSIVE"


@pytest.mark.parametrize("check", SAMPLES)
def test_a_client_that_was_never_seen_proves_nothing(check):
    found = replace(SAMPLES[check]["PASS"], rows=(), entries=0)

    assert verdict_of(check, found).status == ("N/A" if check in OF_EVERY else "UNPROVEN")


@pytest.mark.parametrize("case", load().values(), ids=lambda case: case.id)
def test_a_fault_that_was_lost_never_passes(case):
    optional = {fault.id for fault in case.faults if fault.supports} | {*case.trigger.may_miss}
    for check in case.checks:
        found = SAMPLES[check.id]["PASS"]
        for lost in found.faults:
            if lost.id in optional:
                continue
            faults = tuple(
                replace(one, met=0) if one.id == lost.id else one for one in found.faults
            )
            rows = tuple(
                row | {"fault": None, "retryAfter": None, "status": 200}
                if row["fault"] and row["fault"]["id"] == lost.id
                else row
                for row in found.rows
            )
            verdict = verdict_of(check.id, replace(found, faults=faults, rows=rows))
            assert verdict.status in {"UNPROVEN", "ERROR"}, (check.id, lost.id, verdict.sentence)


def test_a_wrong_retry_after_of_the_mock_is_an_error_of_ours():
    found = SAMPLES["T01.early"]["PASS"]
    rows = tuple(
        row | {"retryAfter": "2"} if row["retryAfter"] == "3" else row for row in found.rows
    )

    verdict = verdict_of("T01.early", replace(found, rows=rows))

    assert verdict.status == "ERROR"
    assert verdict.sentence == "the fault wait-3 sent Retry-After 2 instead of 3"


def test_every_declared_check_gets_a_verdict_whatever_happened():
    for case in load().values():
        empty = record(case.id)
        assert [one.check for one in judge_case(case, empty).verdicts] == [
            check.id for check in case.checks
        ]
