"""The files of a unified report: one, or one for each part.

Sources: helpful concepts and new features of reporting v1 (documented: CSV quotes every value, an
empty one is no value; partitioned formats have several files); assumed: JSON is an array, and each
CSV part has the header.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

import orjson
from isal import isal_zlib

MOST_PARTS = 100
"""Most parts of a report. Source: OpenAPI AdsAPIv1All, maximum of ``completedReportParts``."""

_GZIP = 31
"""zlib's window bits for a gzip header without a time stamp: the same rows give the same file."""

Row = list[Any]


def is_partitioned(file_format: str) -> bool:
    """Say whether a format has several files."""
    return file_format.startswith("PARTITIONED_")


def suffix(file_format: str) -> str:
    """Return the end of the names of a format's files."""
    return "csv" if file_format.endswith("CSV") else "json.gz"


def written(file_format: str, names: Sequence[str], rows: list[Row], most: int) -> list[bytes]:
    """Return the files of a report; ``most`` rows make a part of a partitioned one."""
    write = _csv if file_format.endswith("CSV") else _json
    if not is_partitioned(file_format):
        return [write(names, rows)]
    most = max(most, -(-len(rows) // MOST_PARTS))
    return [write(names, part) for part in _parts(rows, most)]


def _parts(rows: list[Row], most: int) -> Iterator[list[Row]]:
    for start in range(0, max(len(rows), 1), most):
        yield rows[start : start + most]


def _csv(names: Sequence[str], rows: list[Row]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if value == round(value, 2) else str(value)
    return "" if value is None else str(value)


def _json(names: Sequence[str], rows: list[Row]) -> bytes:
    content = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows])
    compressor = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
    return bytes(compressor.compress(content) + compressor.flush())
