"""Checks of a consumer of Amazon Marketing Stream: what it received, deleted and added up.

The journal shows which messages a client received and deleted. What it added up is its own report,
which is compared with the messages.

Source: Ads docs, Marketing Stream data guide: at least once, no order, hourly deltas; documented.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from adsmock.harness.suite.checks.finding import (
    Evidence,
    Finding,
    broken,
    counted,
    holds,
    inconclusive,
    rows,
    unproven,
)
from adsmock.harness.suite.journal import CaseView, Entry

RECEIVE = "sqs.ReceiveMessage"
DELETES = ("sqs.DeleteMessage", "sqs.DeleteMessageBatch")
VERB = "consume_stream"

SHOWN = 5
"""Calls that are shown as evidence."""

EXACT = Decimal("0.000001")
"""Differences up to this are those of binary fractions."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One receipt of a message; ``record`` is None for a body that is no JSON object."""

    call: Entry
    message: str
    handle: str
    record: Record | None

    @property
    def dataset(self) -> str:
        """Return the dataset of the record, empty without a record."""
        return str((self.record or {}).get("dataset_id", ""))


NO_SUMS = "the program reports no sums"
NO_METRICS = "the record has no task that asks for sums"


def sums_are_exact(view: CaseView, dataset: str, records: int) -> Finding:
    """Hold when the reported sums are those of the distinct records of a dataset.

    Args:
        view: the view of the case.
        dataset: the dataset to add up.
        records: the number of distinct records in the queue.
    """
    received = [each for each in deliveries(view) if each.dataset == dataset]
    every = [each.record for each in received if each.record is not None]
    distinct = {str(record.get("idempotency_id")): record for record in every}
    numbers: dict[str, Any] = {"received": len(received), "distinct": len(distinct)}
    if lack := _lack(view, len(distinct), records, dataset):
        return replace(lack, numbers=numbers)
    reported, metrics = _reported(view), _metrics(view)
    if reported is None or not metrics:
        return unproven(NO_SUMS if reported is None else NO_METRICS, **numbers)
    evidence = _evidence(received, "messages received")
    of_dataset = reported.get(dataset, {})
    for metric in metrics:
        wanted, got = _sum(distinct.values(), metric), of_dataset.get(metric)
        numbers |= {"metric": metric, "reported": got, "expected": float(wanted)}
        if got is None or abs(Decimal(str(got)) - wanted) > EXACT:
            said = "no sum" if got is None else _text(got)
            return broken(
                f"the {counted(len(distinct), 'distinct record')} of {dataset} add up to "
                f"{_text(wanted)} {metric}; the program reports {said}"
                f"{_cause(got, metric, distinct.values(), every)}",
                evidence,
                **numbers,
            )
    return holds(
        f"the sums of {counted(len(distinct), 'distinct record')} of {dataset} are exact; "
        f"{counted(len(received), 'delivery')} in all",
        evidence,
        **numbers,
    )


def day_is_exact(view: CaseView, dataset: str, records: int) -> Finding:
    """Hold when the reported sums are those of one day of the advertiser.

    Args:
        view: the view of the case; its task names the day.
        dataset: the dataset to add up.
        records: the number of distinct records in the queue.
    """
    every = [each for each in deliveries(view) if each.dataset == dataset]
    rows_ = {str((each.record or {}).get("idempotency_id")): each.record or {} for each in every}
    numbers: dict[str, Any] = {"received": len(every), "distinct": len(rows_)}
    if lack := _lack(view, len(rows_), records, dataset):
        return replace(lack, numbers=numbers)
    reported, metrics = _reported(view), _metrics(view)
    if reported is None or not metrics:
        return unproven(NO_SUMS if reported is None else NO_METRICS, **numbers)
    day = str(next(iter(view.task_args(VERB)))["day"])
    hours = [record for record in rows_.values() if _hour(record)[:10] == day]
    evidence = _evidence(every, "messages received")
    for metric in metrics:
        wanted, got = _sum(hours, metric), reported.get(dataset, {}).get(metric)
        numbers |= {"metric": metric, "reported": got, "expected": float(wanted)}
        if got is None or abs(Decimal(str(got)) - wanted) > EXACT:
            said = "no sum" if got is None else _text(got)
            return broken(
                f"{day} of the advertiser has {_text(wanted)} {metric}; the program reports "
                f"{said}{_day_cause(got, metric, day, rows_.values())}",
                evidence,
                **numbers,
            )
    return holds(f"the sums of {day} of the advertiser are exact", evidence, **numbers)


def sums_survive_a_restart(view: CaseView, dataset: str, records: int) -> Finding:
    """Hold when the sums are exact although the client was killed after it deleted messages.

    Args:
        view: the view of the case.
        dataset: the dataset to add up.
        records: the number of distinct records in the queue.
    """
    if not view.record.ending.restarts:
        return unproven("the client was not killed after it deleted messages")
    finding = sums_are_exact(view, dataset, records)
    if finding.outcome != "broken":
        return finding
    return replace(finding, sentence=f"after a restart, {finding.sentence}")


def records_are_deleted(view: CaseView, dataset: str, records: int) -> Finding:
    """Hold when each record of a dataset is deleted, although the queue has other messages.

    Others are unreadable, or of a dataset that the client does not know.

    Args:
        view: the view of the case.
        dataset: the dataset of the records.
        records: the number of distinct records in the queue.
    """
    received = deliveries(view)
    good = {each.message: each for each in received if each.dataset == dataset}
    others = {each.message: each for each in received if each.dataset != dataset}
    deleted = deleted_messages(view, received)
    left = [message for message in good if message not in deleted]
    numbers = {"received": len(good), "others": len(others), "left": len(left)}
    if not others:
        return unproven("no other message was received", **numbers)
    if left and not is_cut(view):
        first = [each for each in received if each.message == left[0]]
        return broken(
            f"{len(left)} of {counted(len(good), 'record')} of {dataset} were never deleted; the "
            f"first of them was received {counted(len(first), 'time')}",
            _evidence(first, "received and not deleted"),
            **numbers,
        )
    if lack := _lack(view, len(good), records, dataset):
        return replace(lack, numbers=numbers)
    return holds(
        f"{counted(len(good), 'record')} of {dataset} were deleted, although the queue had "
        f"{counted(len(others), 'other message')}",
        _evidence(others.values(), "has another message"),
        **numbers,
    )


def deliveries(view: CaseView) -> list[Delivery]:
    """Return all receipts of messages, in order."""
    return [
        Delivery(call, str(row["MessageId"]), str(row["ReceiptHandle"]), _record(row["Body"]))
        for call in view.of_operation(RECEIVE)
        if call.is_success and isinstance(call.reply, dict)
        for row in call.reply.get("Messages", ())
    ]


def deleted_messages(view: CaseView, received: Iterable[Delivery]) -> frozenset[str]:
    """Return the ids of the messages that the client deleted, whether or not it got the reply."""
    message_of = {each.handle: each.message for each in received}
    handles: list[str] = []
    for call in view.entries:
        if call.operation in DELETES and call.committed and isinstance(call.request, dict):
            entries = call.request.get("Entries") or [call.request]
            handles += [str(entry.get("ReceiptHandle")) for entry in entries]
    return frozenset(message_of[each] for each in handles if each in message_of)


def is_cut(view: CaseView) -> bool:
    """Say whether the journal lacks the messages of a receipt."""
    return any(call.is_success and call.reply is None for call in view.of_operation(RECEIVE))


def _lack(view: CaseView, found: int, records: int, dataset: str) -> Finding | None:
    """Return why the messages do not suffice for a verdict, None when they do."""
    if is_cut(view):
        return inconclusive("a reply with messages was too large for the journal")
    if found < records:
        return unproven(f"{found} of {counted(records, 'record')} of {dataset} were received")
    return None


def _reported(view: CaseView) -> Mapping[str, Any] | None:
    """Return the last sums that the client reported, None without any."""
    claims = [each for each in view.record.ending.claims if each.get("verb") == VERB]
    return next((each["sums"] for each in reversed(claims) if "sums" in each), None)


def _hour(record: Record) -> str:
    return str(record.get("time_window_start", ""))


def _evidence(received: Iterable[Delivery], note: str) -> tuple[Evidence, ...]:
    """Return the last calls of deliveries, each once."""
    calls = {each.call.seq: each.call for each in received}
    return rows(list(calls.values())[-SHOWN:], note)


def _record(body: object) -> Record | None:
    try:
        value = json.loads(str(body), parse_float=Decimal)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _metrics(view: CaseView) -> list[str]:
    return [name for args in view.task_args(VERB) for name in args["metrics"]]


def _sum(records: Iterable[Record], metric: str) -> Decimal:
    return sum((Decimal(row.get(metric, 0)) for row in records), Decimal())


def _cause(
    got: float | None, metric: str, distinct: Collection[Record], every: Iterable[Record]
) -> str:
    """Return which mistake explains a wrong sum, empty if none is known."""
    if got is None:
        return ""
    gains = (row for row in distinct if Decimal(row.get(metric, 0)) >= 0)
    wrong = {
        "each copy was added": _sum(every, metric),
        "records with negative numbers were left out": _sum(gains, metric),
        "nothing was added": Decimal(),
    }
    reported = Decimal(str(got))
    fits = (cause for cause, value in wrong.items() if abs(value - reported) <= EXACT)
    return next((f": {cause}" for cause in fits), "")


def _day_cause(got: float | None, metric: str, day: str, every: Collection[Record]) -> str:
    """Return which mistake explains the wrong sum of a day, empty if none is known."""
    if got is None:
        return ""
    hours = {id(record): datetime.fromisoformat(_hour(record)) for record in every}
    own = [record for record in every if _hour(record)[:10] == day]
    offsets: dict[str, str] = {}
    once = [
        record
        for record in own
        if offsets.setdefault(_hour(record)[:16], _hour(record)) == _hour(record)
    ]
    in_utc = [each for each in every if hours[id(each)].astimezone(UTC).date().isoformat() == day]
    wrong = {
        "the hours of the UTC day were added": _sum(in_utc, metric),
        "the hours of all days were added": _sum(every, metric),
        "of an hour that comes twice, one was left out": _sum(once, metric),
        "records that came after those of a later day were left out": _sum(
            _before_later_days(day, every), metric
        ),
    }
    fits = (cause for cause, value in wrong.items() if abs(value - Decimal(str(got))) <= EXACT)
    return next((f": {cause}" for cause in fits), "")


def _before_later_days(day: str, every: Iterable[Record]) -> list[Record]:
    """Return the records of a day that came before any record of a later day."""
    before = takewhile(lambda record: _hour(record)[:10] <= day, every)
    return [record for record in before if _hour(record)[:10] == day]


def _text(number: float | Decimal) -> str:
    return f"{Decimal(str(number)).normalize():f}"


JUDGES = (day_is_exact, records_are_deleted, sums_are_exact, sums_survive_a_restart)
