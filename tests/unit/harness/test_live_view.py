"""The live view: one line per call, one mark per broken invariant, a summary at the end."""

import io

from rich.console import Console

from adsmock.harness.command.live_view import LiveView
from tests.unit.harness.suite.journal_rows import PROFILES, call


def view() -> tuple[LiveView, io.StringIO]:
    said = io.StringIO()
    console = Console(file=said, highlight=False, soft_wrap=True, width=200)
    return LiveView(console, "default", PROFILES), said


def entries(*regions: str) -> list[dict]:
    """Return calls for the profile of NA at these regions."""
    return [
        call("sp.campaigns.list", number, chain=f"c{number}", region=region, request={"n": number})
        | {"seq": number, "sandbox": "default", "profileId": "11"}
        for number, region in enumerate(regions, 1)
    ]


def test_breach_is_marked_once_and_named_in_the_summary():
    live, said = view()
    for row in entries("NA", "EU", "EU"):
        live.add(row)
        live.judge()
    code = live.end()

    lines = said.getvalue().splitlines()
    marks = [line for line in lines if "^ FAIL I01.home" in line]
    assert lines[0].split()[2:] == ["NA", "sp.campaigns.list", "200"]
    assert len(marks) == 1
    assert lines[-1].startswith("3 calls, 0 with a fault; broken: I01.home (1 FAIL")
    assert code == 1


def test_call_in_progress_hides_no_verdict():
    live, said = view()
    first, _, third = entries("NA", "NA", "EU")
    for row in (first, third):
        live.add(row)
    live.judge()

    assert "^ FAIL I01.home" in said.getvalue()


def test_calls_lost_before_the_first_look_leave_the_verdict_open():
    live, said = view()
    live.replace(entries("NA", "EU")[1:])

    assert live.end() == 3
    assert "INCONCLUSIVE" in said.getvalue()


def test_clean_calls_end_with_exit_0_and_no_call_with_3():
    live, _ = view()
    live.replace(entries("NA", "NA"))
    assert live.end() == 0
    assert view()[0].end() == 3


def test_fault_is_shown_with_its_call():
    live, said = view()
    (row,) = entries("NA")
    live.add(row | {"status": 429, "fault": {"id": "limit", "kind": "http", "point": "before"}})

    assert "429  fault limit (http)" in said.getvalue()


def test_fault_of_a_delivery_is_shown_and_is_no_call():
    live, said = view()
    (row,) = entries("NA")
    fault = {"id": "late", "kind": "stream-late", "point": "delivery"}
    more = {"operation": "delivery.sp-traffic", "status": 0, "items": 12, "fault": fault}
    live.replace([row])
    live.add(row | more | {"seq": row["seq"] + 1})
    live.end()

    assert "12 messages  fault late (stream-late)" in said.getvalue()
    assert "1 call, 0 with a fault" in said.getvalue()
