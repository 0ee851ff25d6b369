"""The files of an execution: sums of the report model in the columns of its query, as CSV.

Nothing runs the query. Sources are in the contract ``amc.workflowExecutions`` (documented:
thresholds, the added columns, CSV; assumed: users of a row, which columns have a value).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

import orjson

from adsmock.contracts import report_fields
from adsmock.mockserver.catalog.marketing_cloud import FACTORS, FIELDS, LABELS
from adsmock.mockserver.core.job import join
from adsmock.mockserver.services.marketing_cloud.data_sources import TableColumn, least_users
from adsmock.mockserver.services.marketing_cloud.query import Output
from adsmock.mockserver.services.reporting.by_field.request_check import FieldRequest
from adsmock.mockserver.services.reporting.by_field.rows import FieldRows, Source

_METRIC = "metric."
_SHOWN, _PERIOD = "metric.impressions", "dateRange.value"
_FREQUENCY = 3
"""Impressions of a user."""
_PLAIN = {"separatorCharacter": ",", "quoteCharacter": '"', "escapeCharacter": '"'}

Row = list[Any]


@dataclass(frozen=True, slots=True)
class ResultRequest:
    """What a result is made of: the outputs of its query with their columns, days, and options.

    ``constants`` are columns with one value; ``workflow`` has the names of the added columns and
    the format; ``is_protected`` says that thresholds apply.
    """

    outputs: tuple[Output, ...]
    columns: dict[str, TableColumn]
    constants: dict[str, Any]
    first: date
    last: date
    workflow: dict[str, Any]
    is_protected: bool
    metadata: dict[str, Any]


def result_files(request: ResultRequest, sources: Sequence[Source]) -> bytes:
    """Return the CSV file and the file of metadata, joined."""
    rows = [_Counted(request, values, users) for values, users in _sums(request, sources)]
    names = [each.name for each in request.outputs]
    added = [request.workflow.get(each) for each in _ADDED]
    shown = _protected(request, rows) if request.is_protected else rows
    written = [
        row.values + [value for name, value in zip(added, row.added(), strict=True) if name]
        for row in shown
    ]
    content = _csv(request, [*names, *filter(None, added)], written)
    metadata = {**request.metadata, "rowCount": len(written)}
    return join([content, orjson.dumps(metadata)])


_ADDED = ("filteredMetricsDiscriminatorColumn", "distinctUserCountColumn", "filteredReasonColumn")


class _Counted:
    """A row with the number of its users; ``hidden`` are the outputs that a threshold empties."""

    def __init__(self, request: ResultRequest, values: Row, users: int) -> None:
        self.values = values
        self.users = users
        self.hidden = [
            at
            for at, each in enumerate(request.outputs)
            if values[at] is not None and users < _least(request, each)
        ]

    def added(self) -> Row:
        """Return the values of the added columns."""
        reason = "BELOW_AGGREGATION_THRESHOLD" if self.hidden else None
        return ["TRUE" if self.hidden else "FALSE", self.users, reason]


def _least(request: ResultRequest, output: Output) -> int:
    column = request.columns.get(output.column)
    return least_users().get(column.threshold, 1) if column is not None else 1


def _protected(request: ResultRequest, rows: list[_Counted]) -> list[_Counted]:
    """Return the rows that thresholds leave, with values removed where the workflow says so."""
    if not request.workflow.get(_ADDED[0]):
        return [row for row in rows if not row.hidden]
    numbers = [at for at, each in enumerate(request.outputs) if _is_number(request, each)]
    found: dict[tuple[Any, ...], _Counted] = {}
    for row in rows:
        for at in row.hidden:
            row.values[at] = None
        words = tuple(value for at, value in enumerate(row.values) if at not in numbers)
        known = found.setdefault((bool(row.hidden), *words), row)
        if known is not row:
            for at in numbers:
                known.values[at] = (known.values[at] or 0) + (row.values[at] or 0)
            known.users += row.users
    return list(found.values())


def _is_number(request: ResultRequest, output: Output) -> bool:
    column = request.columns.get(output.column)
    return output.kind == "users" or (column is not None and column.kind == "METRIC")


def _sums(request: ResultRequest, sources: Sequence[Source]) -> Iterator[tuple[Row, int]]:
    """Yield the values of each row of the report model with the number of its users."""
    known = report_fields.fields()
    wanted = [FIELDS[each.column] for each in request.outputs if each.column in FIELDS]
    times = [name for name in wanted if name.startswith("date.")] or [_PERIOD]
    words = [name for name in wanted if not name.startswith((_METRIC, "date."))]
    metrics = [_SHOWN, *(name for name in wanted if name.startswith(_METRIC))]
    names = list(dict.fromkeys([*times[:1], *words, *metrics]))
    fields = tuple(known[name] for name in names)
    found = FieldRows(FieldRequest(fields, request.first, request.last, ()), None)
    for source in sources:
        found.take(source)
    for row in found.rows():
        values = dict(zip(names, row, strict=True))
        users = -(-values[_SHOWN] // _FREQUENCY) if values[_SHOWN] else 0
        yield [_value(request, each, values, users) for each in request.outputs], users


def _value(request: ResultRequest, output: Output, values: dict[str, Any], users: int) -> Any:
    if output.kind == "users":
        return users
    if output.column in request.constants:
        return request.constants[output.column]
    value = values.get(FIELDS.get(output.column, ""))
    if value is not None and output.column in FACTORS:
        return round(value * FACTORS[output.column])
    return LABELS.get(str(value), value) if output.column == "ad_product_type" else value


def _csv(request: ResultRequest, names: list[str], rows: list[Row]) -> bytes:
    style = _PLAIN | {
        name: value
        for name, value in (request.workflow.get("outputFormat") or {}).items()
        if name in _PLAIN and len(value) == 1
    }
    quote, escape = style["quoteCharacter"], style["escapeCharacter"]
    text = StringIO()
    writer = csv.writer(
        text,
        delimiter=style["separatorCharacter"],
        quotechar=quote,
        doublequote=escape == quote,
        escapechar=None if escape == quote else escape,
        lineterminator="\n",
    )
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()
