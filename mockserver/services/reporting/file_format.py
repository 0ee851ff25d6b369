"""How rows of a report are written: as JSON, as CSV, as a workbook.

Knows the three formats; each is a form of row with slots for what changes from row to row. Must
not know what a column means. Source: report types (documented: GZIP_JSON, CSV and XLSX by type;
observed: JSON is a gzipped array; assumed: CSV is gzipped too, a workbook has one sheet).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson
from isal import isal_zlib

_SLICE = 200
"""Rows made in one piece; between two pieces other threads get their turn."""
_GZIP = 31
"""zlib's window bits for a gzip header; its time stamp stays zero, so files repeat exactly."""


@dataclass(frozen=True, slots=True)
class Style:
    """One format. ``text`` writes a value that does not change, ``slot`` takes a number.

    ``row`` joins the cells of named columns, ``head`` comes before the rows, ``between`` them and
    ``tail`` after them; ``pack`` makes the file of the pieces.
    """

    suffix: str
    text: Callable[[Any], str]
    slot: str
    row: Callable[[Sequence[str], Sequence[str]], str]
    head: Callable[[Sequence[str]], str]
    between: str
    tail: str
    null: str
    pack: Callable[[Iterator[bytes]], bytes]


def write(style: Style, columns: Sequence[str], rows: Iterable[str]) -> bytes:
    """Return the file of a report with these columns and rows, which are made while it grows."""
    return style.pack(_pieces(style, columns, iter(rows)))


def _pieces(style: Style, columns: Sequence[str], rows: Iterator[str]) -> Iterator[bytes]:
    yield style.head(columns).encode()
    is_first = True
    while piece := style.between.join(islice(rows, _SLICE)):
        yield (piece if is_first else style.between + piece).encode()
        is_first = False
    yield style.tail.encode()


def _gzip(pieces: Iterator[bytes]) -> bytes:
    packer = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP)
    parts = [packer.compress(piece) for piece in pieces]
    parts.append(packer.flush())
    return b"".join(parts)


def _json_text(value: Any) -> str:
    return orjson.dumps(value).decode()


def _json_row(names: Sequence[str], cells: Sequence[str]) -> str:
    return "{" + ",".join(f'"{name}":{cell}' for name, cell in zip(names, cells, strict=True)) + "}"


def _csv_text(value: Any) -> str:
    text = "" if value is None else str(value)
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def _sheet_text(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def _sheet_row(_: Sequence[str], cells: Sequence[str]) -> str:
    return "<row>" + "".join(cells) + "</row>"


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org"
_BOOK = f"{_OFFICE}/spreadsheetml/2006/main"
_RELATION = f"{_OFFICE}/officeDocument/2006/relationships"
_PACKAGE = f"{_OFFICE}/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET = "xl/worksheets/sheet1.xml"
_WORKBOOK = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/{_SHEET}" ContentType="{_CONTENT}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_BOOK}" xmlns:r="{_RELATION}"><sheets>'
        '<sheet name="Report" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
"""The parts of a workbook around its one sheet."""


def _workbook(pieces: Iterator[bytes]) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED, compresslevel=1) as file:
        for name, text in _WORKBOOK.items():
            file.writestr(ZipInfo(name), text, ZIP_DEFLATED)
        sheet = ZipInfo(_SHEET)
        sheet.compress_type = ZIP_DEFLATED
        with file.open(sheet, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
    return content.getvalue()


STYLES: dict[str, Style] = {
    "GZIP_JSON": Style(
        "json.gz", _json_text, "%s", _json_row, lambda _: "[", ",", "]", "null", _gzip
    ),
    "CSV": Style(
        "csv.gz",
        _csv_text,
        "%s",
        lambda _, cells: ",".join(cells) + "\r\n",
        lambda names: ",".join(names) + "\r\n",
        "",
        "",
        "",
        _gzip,
    ),
    "XLSX": Style(
        "xlsx",
        _sheet_text,
        "<c><v>%s</v></c>",
        _sheet_row,
        lambda names: (
            f'{_XML}<worksheet xmlns="{_BOOK}"><sheetData>'
            + _sheet_row(names, [_sheet_text(name) for name in names])
        ),
        "",
        "</sheetData></worksheet>",
        "",
        _workbook,
    ),
}
"""The formats by their name on the wire."""
