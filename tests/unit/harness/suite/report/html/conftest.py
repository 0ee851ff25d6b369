"""A run as the suite writes it, small enough to read and wide enough to fill every part."""

from collections.abc import Callable
from typing import Any

import pytest

START = 1_782_907_200.0
STATUSES = ("PASS", "FAIL", "WARN", "INFO", "UNPROVEN", "INCONCLUSIVE", "N/A", "ERROR")

Entry = dict[str, Any]


def make_entry(seq: int, at: float, status: int = 200, **more: Any) -> Entry:
    """A journal entry that arrived `at` seconds into its case and was answered in 4 ms."""
    route = more.pop("route", "/sp/campaigns/list")
    return {
        "seq": seq,
        "case": "T01",
        "sandbox": "t01",
        "region": "NA",
        "host": "127.0.0.1:40004",
        "method": "POST",
        "path": route,
        "query": "",
        "route": route,
        "operation": "sp.campaigns.list",
        "profileId": "3141592653589793",
        "token": "tok-8d1f0a2b9c3e",
        "tokenState": "valid",
        "headers": {"accept": "application/vnd.spCampaign.v3+json", "user-agent": "acme/2.1"},
        "chain": f"chain-{route}",
        "attempt": 1,
        "connection": 3,
        "items": None,
        "request": {
            "maxResults": 100,
            "nameFilter": {"include": ["Autumn <1> & \u201c\u00e9t\u00e9\u201d"]},
        },
        "fault": None,
        "status": status,
        "retryAfter": None,
        "reply": {"campaigns": [], "totalResults": 0} if status == 200 else {"code": str(status)},
        "committed": False,
        "ended": "complete",
        "tArrive": 5000.0 + at,
        "tSend": 5000.0 + at + 0.004,
        "tEnd": 5000.0 + at + 0.005,
        "cArrive": START + at,
        "cSend": START + at + 0.004,
        "requestId": f"R{seq:04}",
        **more,
    }


def make_chain(
    case: str, seq: int, start: float, steps: list[tuple[float, int, object]], **more: Any
) -> list[Entry]:
    """Attempts at one piece of work: (wait before it, status, Retry-After) each."""
    rows, at = [], start
    for number, (wait, status, retry_after) in enumerate(steps, start=1):
        at += wait
        fault = (
            None if status < 400 else {"id": f"{case}-{number}", "kind": "http", "point": "before"}
        )
        row = {"case": case, "attempt": number, "retryAfter": retry_after, "fault": fault}
        rows.append(make_entry(seq + number - 1, at, status, **{**row, **more}))
        at += 0.004
    return rows


def make_check(name: str, status: str, sentence: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "severity": "MUST",
        "status": status,
        "sentence": sentence,
        "rows": [],
        "numbers": {},
        "baseline": None,
        **more,
    }


def make_case(name: str, status: str, checks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": 1,
        "title": f"The title of {name}",
        "area": "throttling",
        "level": "MUST",
        "claim": f"What {name} claims.",
        "practice": ["R-B4", "F-G6b", "RL"],
        "anchor": "reference/concepts/rate-limiting",
        "howToFix": "Read Retry-After on every 429 and wait at least that long.",
        "status": status,
        "timebase": "monotonic",
        "entries": 0,
        "dropped": 0,
        "faults": [],
        "ending": {"exitCode": 0, "timedOut": False, "output": "", "error": None},
        "tasks": [],
        "checks": checks,
        **more,
    }


def make_run(cases: list[dict[str, Any]], code: int = 1) -> dict[str, Any]:
    return {
        "format": "adsmock.run/1",
        "suite": {"version": "0.1.0", "digest": "9f86d081884c7d659a2feaa0c55ad015"},
        "client": {"driver": "command", "name": "command", "command": "python sync.py --once"},
        "server": {"version": "0.1.0"},
        "profile": "core",
        "seed": 42,
        "date": "2026-11-24",
        "manifest": None,
        "baseline": None,
        "orphans": 0,
        "verdict": "non-conformant",
        "exit": code,
        "hint": None,
        "counts": {},
        "cases": cases,
    }


def _throttling() -> tuple[dict[str, Any], list[Entry]]:
    """T01 with two honest chains and one that undercuts the first Retry-After."""
    honest = [(0.0, 429, "3"), (3.02, 429, "1"), (1.31, 429, "4"), (4.6, 200, None)]
    early_chain = [(0.0, 429, "3"), (1.02, 429, "1"), (2.05, 429, "4"), (4.1, 200, None)]
    rows = make_chain("T01", 1, 0.0, honest)
    rows += make_chain("T01", 5, 9.5, early_chain, chain="second", profileId="27")
    rows += make_chain("T01", 9, 17.2, honest, chain="third")
    early = make_check(
        "T01.early",
        "FAIL",
        "attempt 2 came 1.02 s after the 429; Retry-After was 3",
        numbers={"tolerance_ms": 50, "shortest_wait_s": 1.02, "retry_after_s": 3},
        rows=[
            {"seq": 5, "note": "asked for 3 s", "allowedFrom": None},
            {"seq": 6, "note": "1.98 s too early", "allowedFrom": 5012.504},
        ],
    )
    resumes = make_check(
        "T01.resumes", "PASS", "3 of 3 chains end with a success", severity="SHOULD"
    )
    faults = [{"id": f"wait-{n}", "kind": "http", "met": 3} for n in (3, 1, 4)]
    case = make_case(
        "T01",
        "FAIL",
        [early, resumes],
        title="Retry-After is never undercut",
        claim="After a 429 that names a wait, the call is not repeated before that wait is over.",
        entries=len(rows),
        faults=faults,
    )
    return case, rows


def _growth() -> tuple[dict[str, Any], list[Entry]]:
    """T03: eight chains side by side whose waits hardly grow."""
    rows: list[Entry] = []
    for index in range(8):
        waits = [0.0, 1.0 + index / 20, 1.9, 4.2 - index / 9, 7.7 + index / 3, 16.1 - index]
        steps = [(wait, 429, None) for wait in waits] + [(30.0 + index, 200, None)]
        rows += make_chain("T03", len(rows) + 1, index / 10, steps, chain=f"growth-{index}")
    rows.append(
        make_entry(99, 0.05, case="T03", route="/auth/o2/token", chain="token", region="EU")
    )
    check = make_check(
        "T03.growth",
        "WARN",
        "the last two waits are 1.72 times the first two over 8 chains; at least 2.0 is asked",
        severity="SHOULD",
        numbers={"ratio": 1.72, "least": 2.0, "chains": 8},
    )
    title = "Waits grow without Retry-After"
    return make_case("T03", "WARN", [check], level="SHOULD", title=title), rows


def _batch_rows() -> list[Entry]:
    """A 207 in which an item fails, an answer lost after commit, an error, a dead path."""
    create, groups = "/sp/campaigns", "/sp/adGroups"
    partial = {"id": "two", "kind": "partial", "point": "after_commit"}
    lost = {"id": "lost", "kind": "timeout-after-commit", "point": "after_commit"}
    mixed = {"campaigns": {"success": [{"index": 0}], "error": [{"index": 1}]}}
    silence = {"ended": "reset", "tSend": 0.0, "cSend": 0.0, "reply": None, "committed": True}
    rows = [
        make_entry(1, 0.0, 207, route=create, chain="ten", items=10, fault=partial, reply=mixed),
        make_entry(2, 2.4, 207, route=create, chain="rest", items=2),
        make_entry(3, 4.0, 0, route=create, chain="lost", items=1, fault=lost, **silence),
        make_entry(4, 5.6, 207, route=create, chain="lost", items=1, reply=mixed),
        make_entry(5, 7.9, 503, route=groups, chain="groups", region="EU"),
        make_entry(6, 9.0, 200, route=groups, chain="groups", region="EU"),
        make_entry(7, 9.2, 404, route="/v2/profiles", method="GET", chain="old", region="FE"),
    ]
    return [{**row, "case": "B01"} for row in rows]


def _batches() -> tuple[dict[str, Any], list[Entry]]:
    """B01: one check of each kind, on the sandbox's clock, by a client that was stopped."""
    checks = [
        make_check("B01.only-failed", "PASS", "the second batch holds items 2 and 7 only"),
        make_check("B01.paced", "UNPROVEN", "12 chains are needed, 1 was seen"),
        make_check("B01.seen", "INFO", "1 connection carried 7 calls", severity="INFO"),
    ]
    ending = {"exitCode": 1, "timedOut": True, "output": "Traceback: boom", "error": "OSError"}
    case = make_case(
        "B01",
        "UNPROVEN",
        checks,
        area="batches",
        ending=ending,
        timebase="sandbox",
        title="Only the failed items of a 207 are sent again",
    )
    return case, _batch_rows()


def make_sample() -> tuple[dict[str, Any], list[Entry]]:
    """A run of every kind of case."""
    parts = [_throttling(), _growth(), _batches()]
    cases = [case for case, _ in parts]
    rows = [row for _, rows in parts for row in rows]
    for index, status in enumerate(STATUSES):
        name = f"Z{index:02}"
        cases.append(
            make_case(name, status, [make_check(f"{name}.a", status, "as seen")], area="others")
        )
        rows.append(make_entry(1, 0.0, case=name))
    return make_run(cases), rows


@pytest.fixture(scope="session")
def sampler() -> Callable[[], tuple[dict[str, Any], list[Entry]]]:
    return make_sample


@pytest.fixture
def sample() -> tuple[dict[str, Any], list[Entry]]:
    return make_sample()


@pytest.fixture(scope="session")
def entry() -> Callable[..., Entry]:
    return make_entry


@pytest.fixture(scope="session")
def chain() -> Callable[..., list[Entry]]:
    return make_chain


@pytest.fixture(scope="session")
def case() -> Callable[..., dict[str, Any]]:
    return make_case


@pytest.fixture(scope="session")
def check() -> Callable[..., dict[str, Any]]:
    return make_check


@pytest.fixture(scope="session")
def run() -> Callable[..., dict[str, Any]]:
    return make_run
