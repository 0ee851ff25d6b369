"""Golden journals of the checks that look at connections and files."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record


def _download(at: float, fault: str | None = None, kind: str = "truncate") -> dict[str, Any]:
    ended = "truncated" if fault and kind == "truncate" else "complete"
    more = {"fault": met(fault, kind), "ended": ended} if fault else {}
    return call("storage.get", at, chain=f"file{at}", profileId=None, **more)


def n04() -> dict[str, CaseRecord]:
    spoiled = [_download(1, "cut-short"), _download(3, "corrupt", "bad-gzip")]
    return {
        "PASS": record("N04", *spoiled, _download(5)),
        "FAIL": record("N04", *spoiled),
        "UNPROVEN": record("N04", _download(1), ending=Ending(timed_out=True)),
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
