"""Golden journals of the checks that look at how lists are read."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record

LIST = "sp.campaigns.list"
FILTER = {"stateFilter": {"include": ["ENABLED"]}}


def page(at: float, token: str | None, following: str | None, **more: Any) -> dict[str, Any]:
    body = {"maxResults": 10} | ({"nextToken": token} if token else {}) | more.pop("body", {})
    reply = {"campaigns": []} | ({"nextToken": following} if following else {})
    return call(LIST, at, **({"request": body, "reply": reply, "chain": f"p{body}"} | more))


def throttled(at: float, token: str) -> dict[str, Any]:
    return page(at, token, None, status=429, reply={}, retryAfter="1", fault=met("page-3"))


HEAD = [page(1, None, "a"), page(2, "a", "b"), throttled(3, "b")]


def p02_order() -> dict[str, CaseRecord]:
    again = [page(5, None, "a"), page(6, "a", "b"), page(7, "b", None)]
    return {
        "PASS": record("P02", *HEAD, page(5, "b", None)),
        "FAIL": record("P02", *HEAD, *again),
        "UNPROVEN": record("P02", *HEAD),
    }


def p02_resumes() -> dict[str, CaseRecord]:
    return {
        "PASS": record("P02", *HEAD, page(5, "b", "c"), page(6, "c", None)),
        "WARN": record("P02", *HEAD),
        "UNPROVEN": record("P02", page(1, None, "a"), page(2, "a", None)),
    }


def p03() -> dict[str, CaseRecord]:
    empty = page(2, "a", "b", fault=met("empty-page", "patch"))
    return {
        "PASS": record("P03", page(1, None, "a"), empty, page(3, "b", None)),
        "WARN": record("P03", page(1, None, "a"), empty),
        "UNPROVEN": record("P03", page(1, None, "a"), page(2, "a", None)),
    }


def p04() -> dict[str, CaseRecord]:
    return {
        "PASS": record("P04", page(1, None, "a"), page(2, "a", None)),
        "WARN": record("P04", page(1, None, "a"), page(2, "a", "b"), page(3, "b", None)),
        "UNPROVEN": record("P04", call("sp.adGroups.list", 1)),
    }


def p05() -> dict[str, CaseRecord]:
    def dead(at: float, token: str) -> dict[str, Any]:
        return page(at, token, None, status=400, reply={}, fault=met("token-expired"))

    start = [page(1, None, "a"), page(2, "a", "b"), dead(3, "b")]
    return {
        "PASS": record("P05", *start, page(4, None, "a"), dead(5, "a")),
        "WARN": record("P05", *start, page(4, None, "a"), dead(5, "a"), page(6, None, "a")),
        "UNPROVEN": record("P05", page(1, None, "a"), page(2, "a", None)),
    }


def p06() -> dict[str, CaseRecord]:
    first = page(1, None, "+/x==", body=FILTER)
    return {
        "PASS": record("P06", first, page(2, "+/x==", None, body=FILTER)),
        "FAIL": record("P06", first, page(2, "+/x==", None, status=400, reply={})),
        "UNPROVEN": record("P06", page(1, None, None, body=FILTER)),
    }


SAMPLES = {
    "P02.order": p02_order(),
    "P02.resumes": p02_resumes(),
    "P03.continues": p03(),
    "P04.few": p04(),
    "P05.restart": p05(),
    "P06.bytes": p06(),
}
