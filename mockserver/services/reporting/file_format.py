"""File formats of a report: gzipped JSON, gzipped CSV, XLSX workbook.

Source: report types (documented: GZIP_JSON, CSV and XLSX by type; observed: JSON is a gzipped
array; assumed: CSV is gzipped too, a workbook has one sheet).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from typing import Any, Final

import orjson
from isal import isal_zlib

NUMBER: Final = object()
"""A cell whose number changes from row to row."""
DATE: Final = object()
"""A cell whose date changes from row to row."""

_SLICE = 200
"""Rows compressed at once; between two slices other threads can run."""
_GZIP = 31
"""zlib's window bits for a gzip header without a time stamp: the same rows give the same file."""

Fill = Callable[[tuple[Any, ...]], Any]
"""Makes a row from its changing values, in the order of their cells."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a report becomes a file.

    ``template`` takes the column names and a row's cells, NUMBER and DATE where they change.
    ``write`` takes the column names and the filled rows. ``null`` is the number of a share of zero.
    """

    suffix: str
    template: Callable[[Sequence[str], Sequence[Any]], Fill]
    write: Callable[[Sequence[str], Iterable[Any]], bytes]
    null: Any


def _json_template(names: Sequence[str], cells: Sequence[Any]) -> Fill:
    members = [f'"{name}":{_json_cell(cell)}' for name, cell in zip(names, cells, strict=True)]
    return ("{" + ",".join(members) + "}").__mod__


def _json_cell(cell: Any) -> str:
    if cell is NUMBER:
        return "%s"
    return '"%s"' if cell is DATE else orjson.dumps(cell).decode().replace("%", "%%")


def _write_json(_: Sequence[str], rows: Iterable[str]) -> bytes:
    return _gzip(_json_pieces(iter(rows)))


def _json_pieces(rows: Iterator[str]) -> Iterator[bytes]:
    separator = "["
    while piece := ",".join(islice(rows, _SLICE)):
        yield (separator + piece).encode()
        separator = ","
    yield b"[]" if separator == "[" else b"]"


def _gzip(pieces: Iterable[bytes]) -> bytes:
    compressor = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
    parts = [compressor.compress(piece) for piece in pieces]
    parts.append(compressor.flush())
    return b"".join(parts)


def _list_template(_: Sequence[str], cells: Sequence[Any]) -> Fill:
    fixed = [str(cell) if isinstance(cell, list | dict) else cell for cell in cells]
    places = [place for place, cell in enumerate(cells) if cell is NUMBER or cell is DATE]

    def fill(values: tuple[Any, ...]) -> list[Any]:
        row = fixed.copy()
        for place, value in zip(places, values, strict=True):
            row[place] = value
        return row

    return fill


def _write_csv(names: Sequence[str], rows: Iterable[list[Any]]) -> bytes:
    return _gzip(_csv_pieces(chain([names], rows)))


def _csv_pieces(rows: Iterator[Sequence[Any]]) -> Iterator[bytes]:
    while piece := list(islice(rows, _SLICE)):
        text = StringIO()
        csv.writer(text).writerows(piece)
        yield text.getvalue().encode()


def _workbook_template(names: Sequence[str], cells: Sequence[Any]) -> Fill:
    fill = _list_template(names, cells)
    is_number = [cell is NUMBER for cell in cells if cell is NUMBER or cell is DATE]

    def fill_numbers(values: tuple[Any, ...]) -> Any:
        pairs = zip(values, is_number, strict=True)
        return fill(
            tuple(float(each) if flag and each is not None else each for each, flag in pairs)
        )

    return fill_numbers


def _write_workbook(names: Sequence[str], rows: Iterable[list[Any]]) -> bytes:
    from adsmock.mockserver.services.reporting import workbook  # noqa: PLC0415 -- rarely needed

    return workbook.write_workbook(names, rows)


FORMATS: dict[str, FileFormat] = {
    "GZIP_JSON": FileFormat("json.gz", _json_template, _write_json, "null"),
    "CSV": FileFormat("csv.gz", _list_template, _write_csv, None),
    "XLSX": FileFormat("xlsx", _workbook_template, _write_workbook, None),
}
"""The formats by their name on the wire."""
