"""Golden journals of the checks that look at how secrets travel."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, grant, met, record

LIST = "sp.campaigns.list"
SOUND, FLAWED, ELSEWHERE = 1001, 1002, 1003


def shake(at: float, port: int, flaw: str, **details: str) -> dict[str, Any]:
    return call(
        "tls.handshake",
        at,
        0,
        port=port,
        connection=port,
        tls=True,
        token=None,
        chain=f"shake{at}",
        ended="complete" if "version" in details else "closed",
        request={"flaw": flaw, **details},
    )


def secure(at: float, port: int = SOUND, **more: Any) -> dict[str, Any]:
    return call(
        LIST,
        at,
        **{"tls": True, "port": port, "connection": port, "host": f"127.0.0.1:{port}", **more},
    )


def flawed(case: str, flaw: str, breach: str = "FAIL") -> dict[str, CaseRecord]:
    good = [shake(1, SOUND, "none", version="TLSv1.3"), secure(2)]
    refused = shake(3, FLAWED, flaw, error="TLSV1_ALERT_UNKNOWN_CA")
    taken = [shake(3, FLAWED, flaw, version="TLSv1.3"), secure(4, FLAWED)]
    return {
        "PASS": record(case, *good, refused),
        breach: record(case, *good, *taken),
        "UNPROVEN": record(case, refused),
    }


def s03() -> dict[str, CaseRecord]:
    rows = [grant(0), call(LIST, 1), call(LIST, 2, chain="second")]
    return {
        "PASS": record("S03", *rows),
        "FAIL": record("S03", *rows, call(LIST, 3, query="a=1&access_token=tok-0123456789ab")),
        "UNPROVEN": record("S03", *rows[1:]),
    }


def moved(fault: str) -> dict[str, Any]:
    return secure(1, status=307, fault=met(fault))


def s04() -> dict[str, CaseRecord]:
    there = {"port": ELSEWHERE, "host": f"localhost:{ELSEWHERE}", "chain": "there"}
    return {
        "PASS": record(
            "S04", moved("moved-away"), secure(2, **there, status=401, token=None, profileId=None)
        ),
        "FAIL": record("S04", moved("moved-away"), secure(2, **there)),
        "UNPROVEN": record("S04", secure(1)),
    }


def s05() -> dict[str, CaseRecord]:
    clear = {"tls": False, "chain": "clear"}
    return {
        "PASS": record(
            "S05",
            moved("moved-to-clear"),
            secure(2, **clear, status=401, token=None),
        ),
        "FAIL": record("S05", moved("moved-to-clear"), secure(2, **clear)),
        "UNPROVEN": record("S05", secure(1)),
    }


def s06_modern() -> dict[str, CaseRecord]:
    return {
        "PASS": record("S06", shake(1, SOUND, "none", version="TLSv1.2"), secure(2)),
        "WARN": record("S06", shake(1, FLAWED, "old-protocol", version="TLSv1.1")),
        "UNPROVEN": record("S06", shake(1, FLAWED, "old-protocol", error="UNSUPPORTED_PROTOCOL")),
    }


SAMPLES = {
    "S01.refused": flawed("S01", "unknown-ca"),
    "S02.refused": flawed("S02", "wrong-name"),
    "S03.hidden": s03(),
    "S04.token": s04(),
    "S05.clear": s05(),
    "S06.modern": s06_modern(),
    "S06.refused": flawed("S06", "old-protocol", "WARN"),
}
