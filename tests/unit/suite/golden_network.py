"""Golden journals of the checks that look at connections and files."""

from typing import Any

from harness.suite.journal import CaseRecord, Ending
from tests.unit.suite.rows import call, met, record


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


GOLDEN = {"N04.whole": n04(), "N07.reuse": n07()}
