"""Golden journals of the checks that look at connections and files."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record


def made(at: float, job: str) -> dict[str, Any]:
    return call("exports.campaigns.create", at, 202, reply={"exportId": job}, chain="make")


def finished(at: float, job: str) -> dict[str, Any]:
    reply = {"exportId": job, "status": "COMPLETED", "url": f"https://files.test/{job}.gz?sig=1"}
    return call("exports.get", at, path=f"/exports/{job}", chain=f"poll-{job}", reply=reply)


def fetched(
    at: float, job: str, fault: str | None = None, kind: str = "truncate"
) -> dict[str, Any]:
    ended = "truncated" if fault and kind == "truncate" else "complete"
    more = {"fault": met(fault, kind), "ended": ended} if fault else {}
    facts = {"chain": f"file-{job}", "path": f"/{job}.gz", "profileId": None}
    return call("storage.get", at, **(facts | more))


SPOILED = [
    made(0, "e1"),
    finished(5, "e1"),
    fetched(6, "e1", "cut-short"),
    fetched(7, "e1", "corrupt", "bad-gzip"),
]
OTHER = [made(10, "e2"), finished(15, "e2"), fetched(16, "e2")]


def n04() -> dict[str, CaseRecord]:
    return {
        "PASS": record("N04", *SPOILED, fetched(8, "e1"), *OTHER),
        "FAIL": record("N04", *SPOILED, *OTHER[:2]),
        "UNPROVEN": record("N04", *OTHER, ending=Ending(timed_out=True)),
    }


def n07() -> dict[str, CaseRecord]:
    kept = [call("sp.campaigns.list", n, connection=1, chain=f"k{n}") for n in range(50)]
    fresh = [row | {"connection": n + 1} for n, row in enumerate(kept)]
    return {
        "PASS": record("N07", *kept),
        "INFO": record("N07", *fresh),
        "UNPROVEN": record("N07", *kept[:20]),
    }


def _waited(case: str, fault: str, kind: str, seconds: float, ended: str) -> CaseRecord:
    """Return a list that was open for ``seconds``, and its repetition."""
    struck = call(
        "sp.campaigns.list",
        1,
        status=0 if ended == "timeout" else 200,
        fault=met(fault, kind),
        ended=ended,
        tEnd=501 + seconds,
        cEnd=1782907201 + seconds,
    )
    return record(case, struck, call("sp.campaigns.list", 3 + seconds))


def n01() -> dict[str, dict[str, CaseRecord]]:
    silent = ("N01", "never-answered", "timeout-after-commit")
    unmet = record("N01", call("sp.campaigns.list", 1))
    return {
        "N01.leaves": {
            "PASS": _waited(*silent, 60, "timeout"),
            "FAIL": _waited(*silent, 300, "timeout"),
            "UNPROVEN": unmet,
        },
        "N01.waits": {
            "PASS": _waited(*silent, 31, "timeout"),
            "WARN": _waited(*silent, 5, "timeout"),
            "UNPROVEN": unmet,
        },
    }


def n05() -> dict[str, CaseRecord]:
    return {
        "PASS": _waited("N05", "dripping", "drip", 120, "client-closed"),
        "WARN": _waited("N05", "dripping", "drip", 460, "complete"),
        "UNPROVEN": record("N05", call("sp.campaigns.list", 1)),
    }


SAMPLES = {"N04.whole": n04(), **n01(), "N05.ends": n05(), "N07.reuse": n07()}
