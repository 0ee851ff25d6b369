"""Marketing Stream v2: subscriptions, files with restated totals, notifications, faults."""

import itertools
import json
import random  # noqa: TID251 -- the order of arrival
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import unquote_plus
from zoneinfo import ZoneInfo

import pyarrow.parquet
import pytest

from adsmock.mockserver.services.faults.schema import ParseContext, parse
from adsmock.mockserver.services.sandboxes.state import dump_state, restore_state
from adsmock.mockserver.services.stream.buckets import Buckets
from adsmock.mockserver.services.stream.delivery import catch_up_wholly, engine
from adsmock.mockserver.services.stream.facts import totals
from adsmock.mockserver.services.stream.files import writing
from adsmock.mockserver.services.stream.files.rows import ProductTotals
from tests.unit.mockserver.fixtures import contract_set, value
from tests.unit.mockserver.services.reporting.report_requests import account, finished, wish
from tests.unit.mockserver.services.stream.file_calls import DATASET, call, made, status
from tests.unit.mockserver.services.stream.s3_calls import s3
from tests.unit.mockserver.services.stream.settled_day import OneDay, counted, of_any_day
from tests.unit.mockserver.services.stream.stream_calls import aws, queue_arn

HOUR, DAY = 3_600, 86_400
COLUMNS = {  # the metric of a file for each member of the report's settled values, of vendors
    "metric.impressions": "impressions",
    "metric.clicks": "clicks",
    "metric.totalCost": "cost",
    "metric.purchases": "attributed_conversions_14d",
    "metric.purchasesPromoted": "attributed_conversions_14d_same_sku",
    "metric.unitsSold": "attributed_units_ordered_14d",
    "metric.sales": "attributed_sales_14d",
    "metric.salesPromoted": "attributed_sales_14d_same_sku",
}
NAMES = [each.name for each in totals(DATASET)]


def deliver(own, seconds=0):
    own.sandbox.clock.advance(seconds)
    catch_up_wholly(own.sandbox, own.runtime.sandboxes, own.sandbox.clock.now())


def notifications(own, queue="files"):
    found = own.sandbox.queues[queue_arn(queue)].peek(100_000, own.sandbox.clock.now())
    return [json.loads(each.body) for each in found]


def rows(own, bodies):
    """Return the rows of the files that S3 events name."""
    found = []
    for body in bodies:
        held = body["Records"][0]["s3"]
        path = f"{held['bucket']['name']}/{unquote_plus(held['object']['key'])}"
        table = pyarrow.parquet.read_table(BytesIO(s3(own, "GET", path).body))
        assert table.column_names == NAMES
        found += table.to_pylist()
    return found


def key(row):
    return tuple(
        text
        for name, text in row.items()
        if not name.startswith("metric.") and name != "streamBatch.version"
    )


def newest(found):
    """Return the rows with the highest version of each key."""
    best = {}
    for row in found:
        known = best.get(key(row))
        if known is None or known["streamBatch.version"] < row["streamBatch.version"]:
            best[key(row)] = row
    return list(best.values())


@pytest.fixture(scope="module")
def own():
    """An account with its subscription, its past days delivered, and two more days."""
    server = account(budget=400.0)
    made(server)
    deliver(server, HOUR)
    deliver(server, 2 * DAY)
    return server


def test_the_70_days_before_come_by_themselves_and_then_what_changes(own):
    bodies = notifications(own)
    found = rows(own, bodies)
    first = min(row["streamBatch.version"] for row in found)
    past = [row for row in found if row["streamBatch.version"] == first]
    zone = ZoneInfo(own.profile().timezone)
    begin = datetime.fromtimestamp(first / 1000, zone)
    days = {row["date.value"] for row in past if row["advertiserAccount.timeZone"] == str(zone)}
    versions = Counter(key(row) for row in found)

    assert len({key(row) for row in past}) == len(past)
    assert max(days) <= begin.date().isoformat()
    assert min(days) >= (begin.date() - timedelta(days=70)).isoformat()
    assert len(days) == 8  # the account has run for a week
    assert max(versions.values()) > 1
    assert len({row["streamBatch.version"] for row in found}) > 40
    assert {row["adProduct.value"] for row in found} == {"Sponsored Products"}


def test_the_highest_versions_are_the_report_of_a_settled_day(own):
    """Clicks of a day five days ago: nothing of it is taken back any more."""
    zone = ZoneInfo(own.profile().timezone)
    day = datetime.fromtimestamp(own.sandbox.clock.now(), zone).date() - timedelta(days=5)
    found = Counter()
    for row in newest(rows(own, notifications(own))):
        if row["date.value"] == str(day) and row["campaign.country"] == own.profile().country:
            found[row["campaign.id"], "clicks"] += row["metric.clicks"]
            found[row["campaign.id"], "cost"] += round(row["metric.totalCost"] * 100)
    names = ["clicks", "cost"]
    body = wish(startDate=str(day), endDate=str(day), columns=["campaignId", *names])
    report = {
        (str(row["campaignId"]), name): round(row[name] * (100 if name == "cost" else 1))
        for row in finished(own, body)
        for name in names
    }
    assert found == {place: number for place, number in report.items() if number}
    assert len(found) == 6


@of_any_day(4, groups=4)
def test_the_highest_versions_in_any_order_are_the_settled_report(account, changes):
    own = OneDay(*account)
    profile = SimpleNamespace(
        id="1", country=own.country, timezone=own.market.timezone, currency=own.market.currency,
        marketplace_id="M", account_id="A", kind="vendor",
    )  # fmt: skip
    found = []
    for period in own.periods(62, changes):
        source = ProductTotals(own, profile, "account", "SPONSORED_PRODUCTS", DATASET)
        found += [
            dict(zip(NAMES, source.row(cell, at, round(at)), strict=True))
            for at, cell in source.changed(*period)
        ]
    random.Random(own.seed).shuffle(found)
    rows_ = (
        (row["campaign.id"], member, row[name])
        for row in newest(found)
        for name, member in COLUMNS.items()
    )

    assert counted(rows_, own.market.minor) == {
        place: number for place, number in own.settled().items() if place[1] in COLUMNS.values()
    }
    assert {row["date.value"] for row in found} <= {own.day}


def test_files_of_past_days_come_one_at_a_time_so_that_no_call_makes_them_all():
    own = account()
    made(own)
    own.sandbox.clock.advance(HOUR)
    counts = []
    for _ in range(80):
        with own.sandbox.lock:
            engine.catch_up(own.sandbox, own.runtime.sandboxes, own.sandbox.clock.now())
        queue = own.sandbox.queues.get(queue_arn("files"))
        counts.append(len(queue) if queue is not None else 0)
    steps = {after - before for before, after in itertools.pairwise(counts)}

    assert steps == {0, 1}
    assert counts[-1] == counts[-2] == 8  # the account has run for a week


def test_a_step_makes_the_rows_of_few_campaigns(monkeypatch):
    """Of a large account: calls of others are answered between the files of a day."""
    whole, parts = large(), large()
    monkeypatch.setattr(writing, "CAMPAIGNS", 100)
    deliver(whole, HOUR)
    monkeypatch.setattr(writing, "CAMPAIGNS", 1)
    deliver(parts, HOUR)
    files = [rows(parts, [body]) for body in notifications(parts)]
    keys = [body["Records"][0]["s3"]["object"]["key"] for body in notifications(parts)]
    expected = rows(whole, notifications(whole))

    assert max(len({row["campaign.id"] for row in each}) for each in files) == 1
    assert len(files) > 1.5 * len(notifications(whole))
    assert len(set(keys)) == len(keys)
    assert sorted(map(str, itertools.chain(*files))) == sorted(map(str, expected))


def test_files_of_changes_have_few_campaigns_too(monkeypatch):
    whole, parts = large(), large()
    monkeypatch.setattr(writing, "CAMPAIGNS", 100)
    deliver(whole, HOUR)
    known = len(notifications(whole))
    deliver(whole, 5 * HOUR)
    changes = rows(whole, notifications(whole)[known:])
    monkeypatch.setattr(writing, "CAMPAIGNS", 1)
    deliver(parts, HOUR)
    known = len(notifications(parts))
    deliver(parts, 5 * HOUR)
    bodies = notifications(parts)[known:]
    files = [rows(parts, [body]) for body in bodies]
    keys = [body["Records"][0]["s3"]["object"]["key"] for body in bodies]

    assert max(len({row["campaign.id"] for row in each}) for each in files) == 1
    assert len(set(keys)) == len(keys) > 1.5 * len({row["streamBatch.version"] for row in changes})
    assert sorted(map(str, itertools.chain(*files))) == sorted(map(str, changes))


def large():
    """Return a server with a subscription, the same one in each call."""
    own = account(seed=5)
    made(own)
    return own


def test_nothing_is_delivered_again_and_a_restored_sandbox_goes_on(own):
    before = notifications(own)
    deliver(own)
    assert notifications(own) == before
    content = dump_state(own.sandbox)
    deliver(own, HOUR)
    after = notifications(own)
    restore_state(own.sandbox, content, contract_set(), own.runtime.sandboxes.source)
    assert notifications(own) == before
    deliver(own, HOUR)
    assert notifications(own) == after
    assert len(after) > len(before)


def test_an_archived_subscription_gets_nothing_more():
    own = account()
    subscription_id = made(own)
    deliver(own, HOUR)
    call(own, "delete", {"streamSubscriptionIds": [subscription_id]})
    before = notifications(own)
    deliver(own, DAY)
    assert notifications(own) == before


def test_a_subscription_is_suspended_after_three_refused_deliveries():
    own = account()
    subscription_id = made(own)
    deliver(own, HOUR)
    count = len(notifications(own))
    url = value(aws(own, "GetQueueUrl", {"QueueName": "files"}))["QueueUrl"]
    closed = {"Policy": json.dumps({"Statement": []})}
    aws(own, "SetQueueAttributes", {"QueueUrl": url, "Attributes": closed})
    deliver(own, 2 * HOUR)
    states = [status(own, subscription_id)]
    deliver(own, 4 * HOUR)
    states.append(status(own, subscription_id))

    assert states == ["ACTIVE", "SUSPENDED"]
    assert len(notifications(own)) == count


def test_faults_act_on_notifications():
    own = account()
    made(own)
    rule = {
        "id": "twice",
        "match": {"operation": [f"delivery.{DATASET}"]},
        "effect": {"kind": "stream-duplicate", "copies": 2},
    }
    plan(own, rule)
    deliver(own, HOUR)
    found = Counter(json.dumps(each) for each in notifications(own))
    assert set(found.values()) == {3}


def plan(own, rule):
    context = ParseContext(contract_set(), own.sandbox.clock.now(), own.sandbox.mint)
    own.sandbox.faults.add(parse(rule, context))


@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip", "none"])
def test_choices_decide_compression_key_and_notification(compression):
    own = account()
    own.sandbox.choices |= {
        "stream.compression": compression,
        "stream.fileKey": "partitioned",
        "stream.fileNotification": "plain",
    }
    subscription_id = made(own)
    own.sandbox.clock.advance(HOUR)
    while not own.sandbox.queues or not notifications(own):
        with own.sandbox.lock:
            engine.catch_up(own.sandbox, own.runtime.sandboxes, own.sandbox.clock.now())
    (body,) = notifications(own)
    _, content = Buckets(own.sandbox).find(body["bucket"], body["key"])
    file = pyarrow.parquet.ParquetFile(BytesIO(content))
    name = {"none": "UNCOMPRESSED"}.get(compression, compression.upper())

    assert file.metadata.row_group(0).column(0).compression == name
    assert body["key"].startswith(f"dataset={DATASET}/date=2026-07-0")
    assert subscription_id in body["key"]
    assert body["size"] == len(content)
    assert body["version"] == file.read().to_pylist()[0]["streamBatch.version"]
    moment = datetime.fromtimestamp(body["version"] / 1000, UTC)
    assert (moment.minute % 15, moment.second) == (0, 0)
