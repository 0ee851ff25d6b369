"""Unified report requests and their files, for tests without sockets."""

import csv
import gzip
import io
from typing import Any

import orjson

from adsmock.mockserver.core.call import Reply
from tests.unit.mockserver.fixtures import ServerFixture, value
from tests.unit.mockserver.services.reporting.report_requests import fetch

WEEK = ("2026-07-01", "2026-07-07")


def account_of(server: ServerFixture, kind: str = "seller") -> str:
    reply = server.call(
        "/adsAccounts/list", {}, media="application/vnd.listaccountsresource.v1+json"
    )
    rows = value(reply)["adsAccounts"]
    mine = {each.id for each in server.sandbox.profiles.values() if each.kind == kind}
    return str(
        next(
            row["adsAccountId"]
            for row in rows
            if {str(each["profileId"]) for each in row["alternateIds"]} <= mine
        )
    )


def wish(server: ServerFixture, fields: list[str], **changes: Any) -> dict[str, Any]:
    """Return a create body; ``changes`` may name accounts, days, a filter, format or currency."""
    first, last = changes.pop("days", WEEK)
    query: dict[str, Any] = {"fields": fields}
    if "filter" in changes:
        query["filter"] = changes.pop("filter")
    accounts = changes.pop("accounts", None) or [{"advertiserAccountId": account_of(server)}]
    report = {
        "format": "GZIP_JSON",
        "periods": [{"datePeriod": {"startDate": first, "endDate": last}}],
        "query": query,
        **changes,
    }
    return {"accessRequestedAccounts": accounts, "reports": [report]}


def send(server: ServerFixture, verb: str, body: Any) -> Reply:
    headers = server.headers("application/json", Amazon_Advertising_API_Scope=None)
    return server.send("POST", f"/adsApi/v1/{verb}/reports", body, headers)


def start(server: ServerFixture, body: Any) -> str:
    reply = send(server, "create", body)
    assert reply.status == 207, reply.body
    return str(value(reply)["success"][0]["report"]["reportId"])


def look(server: ServerFixture, report: str) -> dict[str, Any]:
    found = value(send(server, "retrieve", {"reportIds": [report]}))
    shown: dict[str, Any] = found["success"][0]["report"]
    return shown


def files(server: ServerFixture, body: Any) -> list[bytes]:
    """Return the files of a finished report."""
    report = start(server, body)
    server.sandbox.clock.advance(10)
    return [
        fetch(server, part["url"]).body for part in look(server, report)["completedReportParts"]
    ]


def finished(server: ServerFixture, fields: list[str], **changes: Any) -> list[dict[str, Any]]:
    """Return the rows of a JSON report."""
    (content,) = files(server, wish(server, fields, **changes))
    rows: list[dict[str, Any]] = orjson.loads(gzip.decompress(content))
    return rows


def table(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode())))


def on(name: str, *values: str, negated: bool = False) -> dict[str, Any]:
    """Return a filter with one condition."""
    return {
        "on": {
            "field": name,
            "comparisonOperator": "IN",
            "not": negated,
            "values": list(values),
        }
    }
