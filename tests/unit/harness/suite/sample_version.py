"""Golden journals of the checks that look at versions."""

from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import call, met, record
from tests.unit.harness.suite.sample_read import page

LIST = "sp.campaigns.list"
V3 = "application/vnd.spCampaign.v3+json"
NAMED = {"headers": {"accept": V3, "content-type": V3}}
VAGUE = {"headers": {"accept": "*/*", "content-type": V3}}


def _old_path(at: float) -> dict[str, Any]:
    name = "generic.past.sp.v2.campaigns.list"
    row = call(name, at, chain="old", path="/v2/sp/campaigns", generic=True)
    return row | {"cArrive": 1673352000 + at, "cSend": 1673352000 + at}


def _many() -> list[dict[str, Any]]:
    return [call(LIST, at, chain=f"l{at}", **NAMED) for at in range(5)]


def v02() -> dict[str, CaseRecord]:
    return {
        "PASS": record("V02", *_many()),
        "WARN": record("V02", *_many(), _old_path(6)),
        "UNPROVEN": record("V02", call(LIST, 0)),
    }


def v03() -> dict[str, CaseRecord]:
    return {
        "PASS": record("V03", *_many()),
        "FAIL": record("V03", *_many(), call(LIST, 6, **VAGUE)),
        "UNPROVEN": record("V03", call("profiles.list", 0, profileId=None)),
    }


def v04() -> dict[str, CaseRecord]:
    walk = [(None, "b"), ("b", "c"), ("c", "d"), ("d", None)]
    pages = [page(at, token, following) for at, (token, following) in enumerate(walk)]
    pages[1] |= {"fault": met("new-values", "patch")}
    return {
        "PASS": record("V04", *pages),
        "FAIL": record("V04", *pages[:2]),
        "UNPROVEN": record("V04", *(one | {"fault": None} for one in pages)),
    }


def _elsewhere(*times: float) -> list[dict[str, Any]]:
    return [call("profiles.list", at, profileId=None, chain=f"p{at}") for at in times]


def _work(*, until: int) -> list[dict[str, Any]]:
    """Return a run that asks a living and a dying family every two seconds."""
    rows = []
    for at in range(0, until, 2):
        status = 200 if at < 12 else 404
        rows += [call(LIST, at, status, chain=f"sp{at}"), *_elsewhere(at + 0.5, at + 0.6)]
    return rows


def v05_storm() -> dict[str, CaseRecord]:
    storm = [call(LIST, 12.8 + n / 10, 404, chain="sp12") for n in range(3)]
    return {
        "PASS": record("V05", *_work(until=24)),
        "WARN": record("V05", *_work(until=14), *storm),
        "UNPROVEN": record("V05", *_work(until=12)),
    }


def v05_others() -> dict[str, CaseRecord]:
    silence = [call(LIST, at, 404, chain=f"late{at}") for at in range(14, 24, 2)]
    return {
        "PASS": record("V05", *_work(until=24)),
        "WARN": record("V05", *_work(until=14), *silence),
        "UNPROVEN": record("V05", *_work(until=12)),
    }


def v06() -> dict[str, CaseRecord]:
    return {
        "PASS": record("V06", *_many()),
        "INFO": record("V06", *_many(), _old_path(6)),
        "UNPROVEN": record("V06", call(LIST, 0, headers={"accept": "*/*"})),
    }


SAMPLES = {
    "V02.deprecated": v02(),
    "V03.named": v03(),
    "V04.reads-on": v04(),
    "V05.others": v05_others(),
    "V05.storm": v05_storm(),
    "V06.versions": v06(),
}
