"""XLSX workbooks, written row by row with XlsxWriter.

Imported at the first workbook: most runs write none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date of every workbook: the same rows give the same file."""
_EXACT = 10**15
"""Excel keeps 15 digits of a number."""


def write_workbook(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook with one sheet: the column names, then the rows.

    Characters that XML forbids become ``_xHHHH_``, and integers of more than 15 digits become
    text, both as in Excel. A cell holds 32,767 characters and a sheet 1,048,576 rows.
    """
    content = BytesIO()
    workbook = Workbook(content, {"constant_memory": True})
    workbook.set_properties({"created": _CREATED})
    sheet = workbook.add_worksheet("Report", worksheet_class=_PlainWorksheet)
    for row, cells in enumerate(chain([names], rows)):
        for column, value in enumerate(cells):
            _write_cell(sheet, row, column, value)
    workbook.close()
    return content.getvalue()


def _write_cell(sheet: Worksheet, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < _EXACT:
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))


class _PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A worksheet without rich text.

    XlsxWriter takes a string between ``<r>`` and ``</r>`` for rich text and leaves it unescaped.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Any = ()) -> None:
        self._xml_inline_string(string, preserve=True, attributes=attributes)
