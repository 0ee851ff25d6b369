"""The deprecation calendar before each call: one notice, then a refusal, and nothing sent."""

import dataclasses
from datetime import UTC, datetime

import pytest

from adsmock.harness.client import RemoteClock
from adsmock.harness.client.api import Deprecation, load_api
from adsmock.harness.client.call import Call
from adsmock.harness.client.errors import VersionGone
from adsmock.harness.client.middleware import Middleware
from adsmock.harness.client.version import VersionMiddleware, VersionTable

LIST = load_api().operations["sp.campaigns.list"]
ROW = Deprecation(
    id="sp-v3",
    title="Sponsored Products v3",
    announced="2026-03",
    shut_off="2026-09-01",
    replacement="/adsApi/v1",
    paths=("POST /sp/{resource}/list",),
    status=404,
)


def at(day):
    start = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    return RemoteClock(start, lambda seconds: start + seconds)


def table(day, row=ROW, reported=None):
    return VersionTable([row], at(day), ([] if reported is None else reported).append)


def test_version_that_will_go_is_reported_once_with_date_and_successor():
    reported = []
    one = table("2026-08-22", reported=reported)
    one.check(LIST)
    one.check(LIST)
    assert [(notice.deprecation, notice.days_left, notice.replacement) for notice in reported] == [
        ("sp-v3", 10, "/adsApi/v1")
    ]


def test_version_is_not_reported_before_it_is_announced():
    reported = []
    table("2026-02-28", reported=reported).check(LIST)
    assert reported == []


@pytest.mark.parametrize("day", ["2026-09-01", "2031-01-01"])
def test_version_that_is_shut_off_is_refused_with_its_successor(day):
    with pytest.raises(VersionGone, match="/adsApi/v1") as refused:
        table(day).check(LIST)
    assert refused.value.status == 404


def test_version_is_refused_before_anything_is_sent():
    class Wire(Middleware):
        router = retry = None

        def __init__(self):
            self.sent = 0

        def send(self, *_):
            self.sent += 1

    wire = Wire()
    VersionMiddleware(wire, table("2026-08-31", reported=[])).send(Call(LIST, "NA"))
    with pytest.raises(VersionGone):
        VersionMiddleware(wire, table("2026-09-01")).send(Call(LIST, "NA"))
    assert wire.sent == 1


def test_row_of_media_types_concerns_no_other_media_type():
    other = dataclasses.replace(ROW, media_types=("application/vnd.spCampaign.v2+json",))
    table("2031-01-01", other).check(LIST)
    with pytest.raises(VersionGone):
        table("2031-01-01", other).check(LIST, accept="application/vnd.spcampaign.V2+json")


def test_row_of_another_method_or_path_concerns_nothing():
    for path in ("GET /sp/campaigns/list", "/sp/{resource}", "/sp/campaigns/list/{id}"):
        table("2031-01-01", dataclasses.replace(ROW, paths=(path,))).check(LIST)


NAMED = {path for row in load_api().deprecations for path in row.paths}
"""Paths that a row of the calendar names as they are: their families outlived them."""

ENDING = [one for one in load_api().operations.values() if one.path in NAMED]
SERVED = [one for one in load_api().operations.values() if one not in ENDING]


@pytest.mark.parametrize("operation", SERVED, ids=lambda one: one.id)
def test_operations_of_the_contracts_are_served_by_the_calendar(operation):
    VersionTable(load_api().deprecations, at("2026-07-01")).check(operation)


@pytest.mark.parametrize("operation", ENDING, ids=lambda one: one.id)
def test_an_operation_that_the_calendar_ends_is_refused_after_its_day_alone(operation):
    VersionTable(load_api().deprecations, at("2020-01-01")).check(operation)
    with pytest.raises(VersionGone):
        VersionTable(load_api().deprecations, at("2031-01-01")).check(operation)


def test_notice_is_written_as_one_structured_warning(caplog):
    VersionTable([ROW], at("2026-08-22")).check(LIST)
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        "sp.campaigns.list: Sponsored Products v3 will be shut off on 2026-09-01, in 10 days; "
        "use /adsApi/v1"
    )
    assert (record.deprecation, record.shut_off) == ("sp-v3", "2026-09-01")
