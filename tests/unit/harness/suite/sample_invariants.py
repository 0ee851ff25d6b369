"""Golden journals of the invariants, which fit any traffic."""

from itertools import accumulate
from typing import Any

from adsmock.harness.suite.journal import CaseRecord
from tests.unit.harness.suite.journal_rows import batch, call, grant, outcomes, record

Rows = list[dict[str, Any]]
Sample = dict[str, CaseRecord]


def i01() -> Sample:
    return {
        "PASS": record("I01", call("sp.campaigns.list", 0), call("sp.ads.list", 1, region="EU")),
        "FAIL": record("I01", call("sp.campaigns.list", 0, region="EU", profileId="11")),
        "N/A": record("I01", call("profiles.list", 0, profileId=None)),
    }


def named(at: float, name: str, profile: str) -> dict[str, Any]:
    request = batch("campaigns", {"name": name})
    return call("sp.campaigns.create", at, 207, request=request, profileId=profile, chain=name)


def i02() -> Sample:
    tasks = tuple(
        {"verb": "create", "args": {"resource": "sp.campaigns", "profile": profile, "items": items}}
        for profile, items in (("11", [{"name": "Mine"}]), ("12", [{"name": "Other"}]))
    )
    mine = named(1, "Mine", "11")
    return {
        "PASS": record("I02", mine, named(2, "Other", "12"), tasks=tasks),
        "FAIL": record("I02", mine, named(2, "Other", "11"), tasks=tasks),
        "N/A": record("I02", mine, tasks=tasks),
    }


def i03() -> Sample:
    expired = {"token": "tok-old", "tokenState": "expired"}
    refused = call("sp.campaigns.list", 1, 401, region="EU", **expired)
    other = call("sp.adGroups.list", 1.1, 401, region="EU", **expired)
    later = call("sp.adGroups.list", 3, 401, region="FE", **expired)
    return {
        "PASS": record("I03", refused, other, grant(2), call("sp.ads.list", 3, token="tok-2")),
        "FAIL": record("I03", refused, grant(2), later),
        "N/A": record("I03", call("sp.campaigns.list", 1)),
    }


def i04() -> Sample:
    refused = call("sp.campaigns.list", 1, 422)
    return {
        "PASS": record("I04", refused, call("sp.campaigns.list", 2, chain="changed")),
        "FAIL": record("I04", refused, call("sp.campaigns.list", 2, 422)),
        "N/A": record("I04", call("sp.campaigns.list", 1, 425)),
    }


def i05() -> Sample:
    asked = call("sp.campaigns.list", 0, 429, retryAfter="3", region="FE")
    return {
        "PASS": record("I05", asked, call("sp.campaigns.list", 3.01, region="FE")),
        "FAIL": record("I05", asked, call("sp.campaigns.list", 2.9, region="FE")),
        "N/A": record("I05", call("sp.campaigns.list", 0, 429)),
    }


def failing(attempts: int, wait: float = 10) -> Rows:
    return [call("sp.campaigns.list", wait * number, 503) for number in range(attempts)]


def i06() -> Sample:
    return {
        "PASS": record("I06", *failing(25)),
        "FAIL": record("I06", *failing(26)),
        "N/A": record("I06", call("sp.campaigns.list", 0)),
    }


def repeated(*waits: float, **more: Any) -> Rows:
    """Return attempts at one read, a 503 before each wait, at the end a success."""
    times = list(accumulate(waits, initial=0.0))
    failed = [call("sp.campaigns.list", at, 503, took=0.0, **more) for at in times[:-1]]
    return [*failed, call("sp.campaigns.list", times[-1])]


def i14() -> Sample:
    return {
        "PASS": record("I14", *repeated(0.02, 1.4)),
        "FAIL": record("I14", *repeated(0.006, 0.005, 0.006, 0.01, 0.006)),
        "N/A": record("I14", *repeated(0.006, 0.005)),
    }


def page(at: float, token: str | None, following: str | None, **more: Any) -> dict[str, Any]:
    request = {"nextToken": token} if token else {}
    reply = {"campaigns": [], "nextToken": following} if following else {"campaigns": []}
    return call(
        "sp.campaigns.list", at, chain=f"page-{token}-{at}", request=request, reply=reply, **more
    )


def i07_token() -> Sample:
    first = page(0, None, "a+b")
    return {
        "PASS": record("I07", first, page(1, "a+b", None)),
        "FAIL": record("I07", first, page(1, "a b", None, status=400)),
        "N/A": record("I07", first),
    }


def i07_end() -> Sample:
    first = page(0, None, "a")
    return {
        "PASS": record("I07", first, page(1, "a", "b"), page(2, "b", None)),
        "WARN": record("I07", first, page(1, "a", "b")),
        "N/A": record("I07", page(0, None, None)),
    }


def i07_once() -> Sample:
    first = page(0, None, "a")
    return {
        "PASS": record("I07", first, page(1, "a", "b"), page(2, "b", None)),
        "WARN": record("I07", first, page(1, "a", "b"), page(2, "a", "b"), page(3, "b", None)),
        "N/A": record("I07", page(0, None, None)),
    }


def write(items: int) -> dict[str, Any]:
    names = ({"name": f"Item {number}"} for number in range(items))
    return call("sp.campaigns.create", 0, request=batch("campaigns", *names))


def i08() -> Sample:
    return {
        "PASS": record("I08", write(1000)),
        "FAIL": record("I08", write(1001)),
        "N/A": record("I08", write(1)),
    }


def polled(*moments: float) -> Rows:
    made = call("exports.campaigns.create", 0, 202, reply={"exportId": "E1"})
    return [made, *(call("exports.get", at, path="/exports/E1", chain="p") for at in moments)]


def i09() -> Sample:
    patient = [1.01 * number for number in range(1, 11)]
    return {
        "PASS": record("I09", *polled(*patient)),
        "FAIL": record("I09", *polled(*patient, *(60 + 0.5 * number for number in range(12)))),
        "N/A": record("I09", *polled(*patient[:9])),
    }


def i10_url() -> Sample:
    plain = call("sp.campaigns.list", 1)
    return {
        "PASS": record("I10", grant(0), plain),
        "FAIL": record("I10", grant(0), plain | {"query": "access_token=tok-0123456789ab"}),
        "N/A": record("I10", plain),
    }


def i10_storage() -> Sample:
    file = call("storage.get", 1, clientId=None, profileId=None, token=None)
    return {
        "PASS": record("I10", file),
        "FAIL": record("I10", file | {"token": "tok-1"}),
        "N/A": record("I10", call("sp.campaigns.list", 1)),
    }


def i11() -> Sample:
    old = call("", 2, 404, path="/v2/sp/campaigns", chain="old")
    return {
        "PASS": record("I11", call("sp.campaigns.list", 1)),
        "FAIL": record("I11", call("sp.campaigns.list", 1), old),
        "N/A": record("I11", grant(0)),
    }


def archive(at: float, *ids: str, done: tuple[str, ...] = ()) -> dict[str, Any]:
    rows = [{"campaignId": one, "index": ids.index(one)} for one in done]
    return call(
        "sp.campaigns.archive",
        at,
        207,
        chain=f"archive{at}",
        request={"campaignIdFilter": {"include": list(ids)}},
        reply={"campaigns": {"success": rows, "error": []}},
    )


def i13_archived() -> Sample:
    first = archive(1, "7", "8", done=("7",))
    return {
        "PASS": record("I13", first, archive(2, "8", done=("8",))),
        "FAIL": record("I13", first, archive(2, "7", "8", done=("8",))),
        "N/A": record("I13", archive(1, "7")),
    }


SAMPLES = {
    "I01.home": i01(),
    "I02.scope": i02(),
    "I03.dropped": i03(),
    "I04.once": i04(),
    "I05.early": i05(),
    "I06.bounded": i06(),
    "I07.token": i07_token(),
    "I07.end": i07_end(),
    "I07.once": i07_once(),
    "I08.limit": i08(),
    "I09.spaced": i09(),
    "I10.url": i10_url(),
    "I10.storage": i10_storage(),
    "I11.retired": i11(),
    "I13.archived": i13_archived(),
    "I14.waits": i14(),
}


CREATE = {
    "verb": "create",
    "args": {"resource": "sp.campaigns", "profile": "11", "items": [{"name": "A"}, {"name": "B"}]},
}


def created(*names: str) -> dict[str, Any]:
    return {"created": {"11": {"sp.campaigns": [{"name": name} for name in names]}}}


def halves() -> dict[str, Any]:
    return call(
        "sp.campaigns.create",
        0,
        207,
        request=batch("campaigns", {"name": "A"}, {"name": "B"}),
        reply=outcomes("campaigns", {0: "1"}, {1: "throttledError"}),
    )


def i12() -> Sample:
    return {
        "PASS": record("I12", halves(), tasks=(CREATE,), **created("A", "B")),
        "FAIL": record("I12", halves(), tasks=(CREATE,), **created("A")),
        "N/A": record("I12", halves(), **created("A")),
    }


def i12_altered() -> Sample:
    item = {"name": "A", "state": "ENABLED"}
    where = {"resource": "sp.campaigns", "profile": "11"}
    tasks = ({"verb": "create", "args": {**where, "items": [item]}},)

    def made(**stored: Any) -> CaseRecord:
        entity = item | stored
        request = batch("campaigns", entity)
        reply = outcomes("campaigns", {0: "1"})
        write = call("sp.campaigns.create", 0, 207, request=request, reply=reply)
        return record("I12", write, tasks=tasks, created={"11": {"sp.campaigns": [entity]}})

    return {
        "PASS": made(campaignId="1"),
        "FAIL": made(state="PAUSED"),
        "N/A": record("I12", halves(), **created("A")),
    }


def i13() -> Sample:
    return {
        "PASS": record("I13", halves(), tasks=(CREATE,), **created("A", "B")),
        "FAIL": record("I13", halves(), tasks=(CREATE,), **created("A", "A", "B")),
        "N/A": record("I13", halves(), **created("A")),
    }


SAMPLES |= {"I12.lost": i12(), "I12.altered": i12_altered(), "I13.doubled": i13()}
