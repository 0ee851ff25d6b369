"""Golden journals of the checks of a consumer of Marketing Stream."""

import json
from typing import Any

from adsmock.harness.suite.journal import CaseRecord, Ending
from tests.unit.harness.suite.journal_rows import call, met, record

BATCH = 10


def row(name: str, clicks: int = 2) -> dict[str, Any]:
    """Return one record of sp-traffic."""
    numbers = {"impressions": 20 * clicks, "clicks": clicks, "cost": clicks / 4}
    return {"idempotency_id": name, "dataset_id": "sp-traffic", **numbers}


def receive(at: float, *bodies: dict[str, Any] | str, first: int = 1) -> dict[str, Any]:
    """Return one receipt; messages are numbered from ``first``."""
    messages = [
        {
            "MessageId": f"m-{number}",
            "ReceiptHandle": f"m-{number}@{at}",
            "Body": body if isinstance(body, str) else json.dumps(body),
        }
        for number, body in enumerate(bodies, first)
    ]
    reply = {"Messages": messages} if messages else {}
    return call("sqs.ReceiveMessage", at, chain=f"receive-{at}", profileId=None, reply=reply)


def delete(at: float, received: dict[str, Any], *left: str, **more: Any) -> dict[str, Any]:
    """Return the deletion of all messages of a receipt but those named."""
    rows = [one for one in received["reply"]["Messages"] if one["MessageId"] not in left]
    entries = [
        {"Id": str(place), "ReceiptHandle": one["ReceiptHandle"]} for place, one in enumerate(rows)
    ]
    plain = {"request": {"Entries": entries}, "committed": True, "profileId": None}
    return call("sqs.DeleteMessageBatch", at, chain=f"delete-{at}", **(plain | more))


def reports(clicks: float | None, *restarts: int) -> Ending:
    """Return the ending of a client that reports a sum of clicks, and what belongs to it."""
    sums = {"impressions": 20 * clicks, "clicks": clicks, "cost": clicks / 4} if clicks else {}
    claim = {"task": 0, "verb": "consume_stream", "status": "done", "sums": {"sp-traffic": sums}}
    return Ending(claims=(claim,), restarts=restarts)


def consumed(case: str, ending: Ending, *bodies: dict[str, Any] | str) -> CaseRecord:
    """Return the record of a client that read and deleted messages."""
    batches = [
        receive(1 + start, *bodies[start : start + BATCH], first=start)
        for start in range(0, len(bodies), BATCH)
    ]
    pairs = [(one, delete(5 + place, one)) for place, one in enumerate(batches)]
    return record(case, *(each for pair in pairs for each in pair), ending=ending)


def st03() -> dict[str, CaseRecord]:
    bodies = [row(f"r-{number}") for number in (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3)]
    return {
        "PASS": consumed("ST03", reports(16), *bodies),
        "FAIL": consumed("ST03", reports(22), *bodies),
        "UNPROVEN": consumed("ST03", Ending(), *bodies),
    }


def st04() -> dict[str, CaseRecord]:
    bodies = [row(f"r-{number}") for number in range(6)]
    bodies += [row(f"back-{number}", -1) for number in range(3)]
    return {
        "PASS": consumed("ST04", reports(9), *bodies),
        "FAIL": consumed("ST04", reports(12), *bodies),
        "UNPROVEN": consumed("ST04", reports(9), *bodies[:4]),
    }


def mixed() -> list[dict[str, Any] | str]:
    """Return twelve records, some with a new member, and one of an unknown dataset."""
    bodies = [row(f"r-{number}") | {"new_7d": 3} for number in range(12)]
    return [*bodies[:6], row("other") | {"dataset_id": "sp-brand-halo"}, *bodies[6:]]


def st06_sums() -> dict[str, CaseRecord]:
    return {
        "PASS": consumed("ST06", reports(24), *mixed()),
        "FAIL": consumed("ST06", reports(None), *mixed()),
        "UNPROVEN": consumed("ST06", reports(24), *mixed()[:4]),
    }


def st06_deleted() -> dict[str, CaseRecord]:
    first, second = receive(1, *mixed()[:7]), receive(2, *mixed()[7:], first=8)
    ended = Ending(error="KeyError: sp-brand-halo")
    return {
        "PASS": record("ST06", first, delete(3, first), second, delete(4, second)),
        "FAIL": record("ST06", first, second, delete(4, second), ending=ended),
        "UNPROVEN": record("ST06", second, delete(4, second)),
    }


def killed(ending: Ending) -> CaseRecord:
    """Return the record of a client that was killed after its first deletion."""
    first = receive(1, *(row(f"r-{number}") for number in range(6)))
    second = receive(40, "{", *(row(f"r-{number}") for number in range(6, 12)), first=7)
    deletion = delete(2, first, fault=met("late-deletion", "latency"))
    return record("ST07", first, deletion, second, delete(41, second), ending=ending)


def st07_sums() -> dict[str, CaseRecord]:
    return {
        "PASS": killed(reports(24, 2)),
        "FAIL": killed(reports(12, 2)),
        "UNPROVEN": killed(reports(24)),
    }


def st07_deleted() -> dict[str, CaseRecord]:
    bodies = [row(f"r-{number}") for number in range(12)]
    late = met("late-deletion", "latency")
    mixed = receive(1, "{", *bodies[:5])
    again = receive(40, "{", *bodies[:5])
    rest = receive(2, *bodies[5:], first=7)
    return {
        "PASS": killed(reports(24, 2)),
        "FAIL": record("ST07", mixed, rest, delete(3, rest, fault=late), again),
        "UNPROVEN": record("ST07", rest, delete(3, rest, fault=late)),
    }


SAMPLES = {
    "ST03.sums": st03(),
    "ST04.sums": st04(),
    "ST06.sums": st06_sums(),
    "ST06.deleted": st06_deleted(),
    "ST07.sums": st07_sums(),
    "ST07.deleted": st07_deleted(),
}
