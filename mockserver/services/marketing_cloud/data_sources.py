"""The tables that queries of Marketing Cloud read, with the threshold of each column.

Sources are in the contract ``amc.dataSources``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.marketing_cloud.account import instance_of
from adsmock.mockserver.services.marketing_cloud.pages import page_of
from adsmock.mockserver.services.request_context import RequestContext

NEVER = frozenset({"VERY_HIGH", "INTERNAL"})
"""Thresholds of columns that no output shows."""
UNFILTERED = frozenset({"HIGH", "VERY_HIGH"})
"""Thresholds of columns that no query compares with a literal value."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: a dimension or a metric, and its aggregation threshold."""

    name: str
    type: str
    kind: str
    threshold: str


def list_sources(context: RequestContext) -> Document:
    """Return a page of the tables.

    Raises:
        ApiError: 400, 403 or 422; the headers, the path or the page cannot be used.
    """
    instance_of(context)
    return page_of(context, "dataSources", [_shown(each) for each in tables()])


def get_source(context: RequestContext) -> Document:
    """Return one table.

    Raises:
        ApiError: 404, there is none; 400 or 403, the headers or the path cannot be used.
    """
    instance_of(context)
    name = context.parameters["dataSourceId"]
    if name not in tables():
        raise ApiError("notFound", 404, message=f"Data source {name} does not exist")
    return Document({"dataSource": _shown(name)})


@cache
def tables() -> dict[str, dict[str, TableColumn]]:
    """Return the columns of each table by name."""
    rows = load().by_name["amc.dataSources"].extra["tables"]
    return {
        row["id"]: {each["name"]: TableColumn(**each) for each in row["columns"]} for row in rows
    }


@cache
def least_users() -> dict[str, int]:
    """Return the least number of users of a row that shows a column, by threshold."""
    found: dict[str, int] = load().by_name["amc.dataSources"].extra["thresholds"]
    return found


def _shown(name: str) -> dict[str, Any]:
    columns = [{"name": each.name, "columnType": each.kind} for each in tables()[name].values()]
    return {"dataSourceId": name, "owner": "AMAZON", "provider": "AMAZON", "columns": columns}
