"""Search of assets by text, values and ranges; batches of registrations."""

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from tests.unit.mockserver.fixtures import contract_set, value
from tests.unit.mockserver.services.assets.uploads import (
    JSON,
    create_server,
    location,
    look,
    names,
    png,
    registered,
    search,
    upload,
)

BATCH = "application/vnd.assetsbatchregisterrequest.v1+json"
ROWS = [
    ("wide", png(900, 300, 400), {"tags": ["summer"], "asinList": ["B000000001"]}),
    ("high", png(300, 900, 300), {"assetSubTypeList": ["LIFESTYLE_IMAGE"]}),
    ("film", b"film", {"assetType": "VIDEO", "assetSubTypeList": ["BACKGROUND_VIDEO"]}),
]


def filled():
    own = create_server()
    for name, content, changes in ROWS:
        registered(own, content, name=name, **changes)
        own.sandbox.clock.advance(1)
    return own


LIBRARY = filled()


def values(field, *wanted):
    return {"filterCriteria": {"valueFilters": [{"valueField": field, "values": [*wanted]}]}}


def ranges(field, *bounds):
    rows = [{"start": start, "end": end} for start, end in bounds]
    return {"filterCriteria": {"rangeFilters": [{"rangeField": field, "ranges": rows}]}}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {"wide", "high", "film"}),
        ({"text": "WID"}, {"wide"}),
        ({"text": "summ"}, {"wide"}),
        ({"text": "B000000001"}, {"wide"}),
        (values("ASSET_TYPE", "IMAGE"), {"wide", "high"}),
        (values("ASSET_SUB_TYPE", "LIFESTYLE_IMAGE", "BACKGROUND_VIDEO"), {"high", "film"}),
        (values("TAG", "summer"), {"wide"}),
        (values("ASIN", "B000000001"), {"wide"}),
        (values("CAMPAIGN_ID", "1"), set()),
        (ranges("SIZE", ("0", "10"), ("350", "500")), {"wide", "film"}),
        (ranges("DATE_UPLOADED", ("0", "1")), set()),
    ],
)
def test_assets_are_found(body, found):
    page = search(LIBRARY, **body)
    assert set(names(page)) == found
    assert page["totalRecords"] == len(found)
    schema = form_body(contract_set().by_name["assets"], "search.reply")
    jsonschema_rs.validate(schema, page)


@pytest.mark.parametrize(
    ("field", "order", "found"),
    [
        ("CREATED_TIME", "ASC", ["wide", "high", "film"]),
        ("CREATED_TIME", "DESC", ["film", "high", "wide"]),
        ("NAME", "ASC", ["film", "high", "wide"]),
        ("SIZE", "DESC", ["wide", "high", "film"]),
        ("IMAGE_HEIGHT", "DESC", ["high", "wide", "film"]),
    ],
)
def test_assets_are_sorted(field, order, found):
    assert names(search(LIBRARY, sortCriteria={"field": field, "order": order})) == found


def test_page_may_have_whole_numbers_with_a_decimal_point():
    page = search(LIBRARY, pageCriteria={"size": 2.0, "identifier": {"pageNumber": 1.0}})

    assert len(names(page)) == 1


@given(st.integers(1, 4), st.sampled_from(["ASC", "DESC"]))
def test_pages_have_every_asset_once(size, order):
    body = {"sortCriteria": {"field": "NAME", "order": order}}
    pages, token = [], None
    while not pages or token:
        place = {"identifier": {"token": token}} if token else {}
        page = search(LIBRARY, **body, pageCriteria={"size": size} | place)
        pages += names(page)
        token = page["token"]
    assert pages == names(search(LIBRARY, **body))


@pytest.mark.parametrize(
    "body",
    [
        ranges("WIDTH", ("0", "1")),
        ranges("SIZE", ("zero", "1")),
        {"pageCriteria": {"identifier": {"token": "1"}}},
        {"pageCriteria": {"size": 501}},
        values("COLOR", "red"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(body):
    assert LIBRARY.call("/assets/search", body, media=JSON).status == 400


def test_the_assets_of_another_account_are_not_found():
    assert search(create_server())["assetList"] == []


def batch(own, *urls):
    rows = [
        {"url": url, "name": f"asset {at}", "assetType": "IMAGE"} for at, url in enumerate(urls)
    ]
    made = own.call("/assets/batchRegister", {"assetDetailsList": rows}, media=BATCH, Accept="*/*")
    return value(made)["requestId"]


def poll(own, request_id):
    reply = own.call(f"/assets/batchRegister/{request_id}", b"", "GET", media=None, Accept="*/*")
    body = value(reply)
    jsonschema_rs.validate(form_body(contract_set().by_name["assets"], "status.reply"), body)
    return body


def test_a_batch_is_in_progress_before_it_reports_each_file():
    own = create_server()
    good, empty = upload(own), location(own)
    request_id = batch(own, good, empty)

    early = poll(own, request_id)
    own.sandbox.clock.advance(31)
    late = poll(own, request_id)

    assert early["registrationStatus"] == "IN_PROGRESS"
    assert [row["url"] for row in early["inProgressAssetDetails"]] == [good, empty]
    assert late["registrationStatus"] == "COMPLETE"
    (done,), (failed,) = late["successfullyRegisteredAssets"], late["failedAssetDetails"]
    assert (done["url"], failed["url"]) == (good, empty)
    assert "uploaded" in failed["failureReason"]
    assert look(own, done["assetIdentifier"]["assetId"])["assetGlobal"]["assetType"] == "IMAGE"
    assert names(search(own)) == ["asset 0"]


def test_a_batch_of_which_nothing_succeeds_has_failed():
    own = create_server()
    request_id = batch(own, location(own))
    own.sandbox.clock.advance(31)
    assert poll(own, request_id)["registrationStatus"] == "FAILED"


def test_an_unknown_or_empty_batch_is_refused():
    own = create_server()
    reply = own.call("/assets/batchRegister/1", b"", "GET", media=None, Accept="*/*")
    empty = own.call("/assets/batchRegister", {}, media=BATCH, Accept="*/*")
    assert [reply.status, empty.status] == [400, 400]
