"""What a subscription gets when: the files of the past days first, then a file for what changes.

A file of changes comes at a quarter of an hour, for what became known in the quarter before the
last. The files of the 70 days before come within a second for each day, from the first such moment
on. Each has the rows of some campaigns, because other calls wait while it is made; so do the files
of changes of a large account, within a second of the quarter.

Key and notification are assumed, and choices of a sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from urllib.parse import quote_plus

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.catalog.reporting.field import PRODUCTS
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.reporting.eligible import Calendar
from adsmock.mockserver.services.reporting.hourly import HourlyCell
from adsmock.mockserver.services.stream.buckets import Bucket, Buckets, StoredObject
from adsmock.mockserver.services.stream.delivery.record import Record
from adsmock.mockserver.services.stream.delivery.sending import Burst
from adsmock.mockserver.services.stream.facts import extra, totals
from adsmock.mockserver.services.stream.files.access import may_notify, may_write
from adsmock.mockserver.services.stream.files.parquet import COMPRESSION_CHOICE, written
from adsmock.mockserver.services.stream.files.rows import ProductTotals, Row
from adsmock.mockserver.services.stream.subscription import Subscription
from adsmock.mockserver.services.stream.subscription_table import Subscriptions

KEY_CHOICE = "stream.fileKey"
"""The sandbox choice of the form of keys."""
NOTIFICATION_CHOICE = "stream.fileNotification"
"""The sandbox choice of the body of notifications."""
QUARTER = 900.0
"""Seconds between files of changes. Source: Stream v2 (documented: as often as 15 minutes)."""
ROWS = 20_000
"""Rows of a file; more make another file (assumed)."""

CAMPAIGNS = 10
"""Campaigns of a file of a past day: some milliseconds each (assumed).

An account with more campaigns is large: its files of changes have so many, too.
"""
_PIECES = 1_024
"""The most files that an ad product of a profile has at one time; above, they are larger."""

_HOUR = 3_600.0
_MILLI = 1_000
_DAY = 86_400

Found = dict[tuple[str, ...], tuple[ProductTotals, HourlyCell]]
"""Cells to show, each with what makes its row, by all that identifies it."""


def first_quarter(subscription: Subscription) -> float:
    """Return when the first file of a subscription is due (sandbox seconds)."""
    return subscription.created // QUARTER * QUARTER + QUARTER


def next_due(subscription: Subscription, until: float) -> float:
    """Return when the next file may be due after ``until``."""
    first = first_quarter(subscription)
    if until < first + extra()["backfill_days"] + 1:
        return max(first, until + 1)
    quarter = until // QUARTER * QUARTER
    return until + 1 if until < quarter + 1 else quarter + QUARTER


def bursts(
    sandbox: Sandbox, subscription: Subscription, after: float, until: float
) -> Iterator[Burst]:
    """Yield the notifications that are due after ``after``, up to ``until``, in order of time.

    The file of a notification is in the bucket when the notification is yielded.
    """
    writer = _Writer(sandbox, subscription)
    first, days = first_quarter(subscription), extra()["backfill_days"]
    for number in range(days + 1):
        if not after - 1 < first + number <= until:
            continue
        for piece in writer.pieces():
            at = first + number + piece.offset
            if after < at <= until:
                make = partial(writer.past_day, at, days - number, first, piece)
                yield Burst(at, subscription, [], make=make)
    find = _pieces_of_changes if writer.campaigns > CAMPAIGNS else _changes
    yield from find(writer, subscription, max(after, first), until)


def _changes(
    writer: _Writer, subscription: Subscription, after: float, until: float
) -> Iterator[Burst]:
    """Yield the files of changes, one for each quarter; an hour is read at once."""
    begin = (after - 2 * QUARTER) // _HOUR * _HOUR
    while begin < until - QUARTER:
        due = writer.changed(begin, begin + _HOUR)
        for at in sorted(due):
            if after < at <= until:
                records = writer.write(at, due[at], at)
                yield Burst(at, subscription, records)
        begin += _HOUR


def _pieces_of_changes(
    writer: _Writer, subscription: Subscription, after: float, until: float
) -> Iterator[Burst]:
    """Yield the files of changes of a large account: at each quarter, campaigns by campaigns."""
    quarter, first = after // QUARTER * QUARTER, first_quarter(subscription)
    while quarter <= until:
        for piece in writer.pieces() if quarter > first else ():
            at = quarter + piece.offset
            if after < at <= until:
                make = partial(writer.quarter, at, quarter, piece)
                yield Burst(at, subscription, [], make=make)
        quarter += QUARTER


def counted(sandbox: Sandbox, subscription: Subscription, at: float) -> Subscription:
    """Return a subscription after a delivery at ``at``: too many refused ones suspend it."""
    bucket = Buckets(sandbox).get(subscription.bucket)
    queue = sandbox.queues.get(subscription.arn)
    is_permitted = (bucket is None or may_write(bucket.policy, bucket.arn)) and (
        queue is None or may_notify(queue.settings.get("Policy", ""), queue.arn)
    )
    refused = 0 if is_permitted else subscription.refused + 1
    counted = replace(subscription, refused=refused)
    if refused < extra()["failures"] or counted.ended:
        return counted
    return replace(counted, ended="SUSPENDED", ended_at=at)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The campaigns of one file: the number of their source, the first of them and how many.

    ``offset`` is the part of a second that has passed when the file comes. It does not depend on
    campaigns that are created meanwhile.
    """

    source: int
    part: tuple[int, int]
    place: int
    offset: float


class _Writer:
    """Writes the files of one subscription."""

    def __init__(self, sandbox: Sandbox, subscription: Subscription) -> None:
        self._sandbox = sandbox
        self._subscription = subscription
        self._members = totals(subscription.dataset)
        self._sources = [
            (profile, ProductTotals(sandbox, profile, account, product, subscription.dataset))
            for account, profile in _profiles(sandbox, subscription)
            for product in PRODUCTS
        ]

    @property
    def campaigns(self) -> int:
        """How many campaigns there are."""
        return sum(source.campaigns for _, source in self._sources)

    def pieces(self) -> Iterator[_Piece]:
        """Yield what the files of a past day or of a quarter have, in order of time."""
        for number, (_, source) in enumerate(self._sources):
            count = max(CAMPAIGNS, -(-source.campaigns // _PIECES))
            for piece in range(-(-source.campaigns // count)):
                place = number * _PIECES + piece
                offset = place / (len(self._sources) * _PIECES)
                yield _Piece(number, (piece * count, count), place, offset)

    def past_day(self, at: float, age: int, first: float, piece: _Piece) -> list[Record]:
        """Write the file of a piece for the day that was ``age`` days before ``first``."""
        known, found = first - QUARTER, Found()
        profile, source = self._sources[piece.source]
        day = date.fromordinal(Calendar(profile.timezone).day(known) - age)
        for cell in source.of_day(day, piece.part):
            if cell.hour.end <= known:
                found[_key(profile, cell)] = source, cell
        return self.write(at, found, first, piece.place)

    def quarter(self, at: float, quarter: float, piece: _Piece) -> list[Record]:
        """Write the file of a piece for what became known in the quarter before the last."""
        profile, source = self._sources[piece.source]
        period = (quarter - 2 * QUARTER, quarter - QUARTER)
        found = {
            _key(profile, cell): (source, cell) for _, cell in source.changed(*period, piece.part)
        }
        return self.write(at, found, quarter, piece.place)

    def changed(self, after: float, until: float) -> dict[float, Found]:
        """Return the cells that change in a period by the moment at which their rows are due."""
        due: dict[float, Found] = {}
        for profile, source in self._sources:
            for at, cell in source.changed(after, until):
                moment = -(-at // QUARTER) * QUARTER + QUARTER
                due.setdefault(moment, {})[_key(profile, cell)] = source, cell
        return due

    def write(self, at: float, cells: Found, quarter: float, place: int = 0) -> list[Record]:
        """Write the files of cells at ``at`` and return their notifications.

        ``place`` tells the files of one time apart. ``quarter`` decides their version, and that
        they show what was known a quarter before.
        """
        known = Subscriptions(self._sandbox, at).get(self._subscription.id)
        if not cells or known is None or (known.ended and known.ended_at < at):
            return []
        buckets, records = Buckets(self._sandbox), list[Record]()
        region = self._subscription.arn.split(":")[3]
        bucket = buckets.create(self._subscription.bucket, region, at)
        if not may_write(bucket.policy, bucket.arn):
            return []
        version = round(quarter * _MILLI)
        shown = (source.row(cell, quarter - QUARTER, version) for source, cell in cells.values())
        rows = [row for row in shown if row is not None]
        for part, start in enumerate(range(0, len(rows), ROWS)):
            name = f"{version}-{int(at) % _DAY:05}-{place:05}-{part:05}.parquet"
            stored = self._write(buckets, at, name, rows[start : start + ROWS])
            records.append(Record(at, stored.key, self._notification(bucket, stored, version)))
        return records

    def _write(self, buckets: Buckets, at: float, name: str, rows: list[Row]) -> StoredObject:
        compression = self._sandbox.choices.get(COMPRESSION_CHOICE, "snappy")
        content = written(self._members, rows, compression)
        return buckets.put_object(
            self._subscription.bucket, self._object_key(at, name), content, at
        )

    def _object_key(self, at: float, name: str) -> str:
        moment, of = datetime.fromtimestamp(at, UTC), self._subscription
        if self._sandbox.choices.get(KEY_CHOICE) == "partitioned":
            return f"dataset={of.dataset}/date={moment:%Y-%m-%d}/hour={moment:%H}/{of.id}-{name}"
        return f"{of.dataset}/{of.id}/{moment:%Y-%m-%d}/{moment:%H}/{name}"

    def _notification(self, bucket: Bucket, stored: StoredObject, version: int) -> dict[str, Any]:
        of = self._subscription
        if self._sandbox.choices.get(NOTIFICATION_CHOICE) == "plain":
            return {
                "datasetId": of.dataset,
                "streamSubscriptionId": of.id,
                "bucket": bucket.name,
                "key": stored.key,
                "size": stored.size,
                "version": version,
            }
        return {"Records": [_event(of, bucket, stored)]}


def _event(of: Subscription, bucket: Bucket, stored: StoredObject) -> dict[str, Any]:
    """Return the event that S3 sends for a new object.

    Source: Amazon S3 user guide, event message structure (documented).
    """
    principal = {"principalId": f"AWS:{extra()['publisher'].split(':')[4]}"}
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region,
        "eventTime": format_utc(stored.modified),
        "eventName": "ObjectCreated:Put",
        "userIdentity": principal,
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": of.id,
            "bucket": {"name": bucket.name, "ownerIdentity": principal, "arn": bucket.arn},
            "object": {
                "key": quote_plus(stored.key, safe="/"),
                "size": stored.size,
                "eTag": stored.etag,
                "sequencer": f"{int(stored.modified * _MILLI):016X}",
            },
        },
    }


def _profiles(sandbox: Sandbox, subscription: Subscription) -> Iterable[tuple[str, Profile]]:
    for account, profile_id in subscription.accounts:
        profile = sandbox.profiles.get(profile_id)
        if profile is not None:
            yield account, profile


def _key(profile: Profile, cell: HourlyCell) -> tuple[str, ...]:
    place = (cell.of.campaign.id, cell.of.group.id, cell.ad.id, cell.target.id)
    return (profile.id, *place, cell.placement, cell.hour.text)
