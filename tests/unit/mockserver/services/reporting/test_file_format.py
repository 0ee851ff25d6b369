"""Files of a report: whatever a name holds is read back, and the same rows give the same file."""

import csv
import gzip
import io
import subprocess
import sys

import openpyxl
import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from adsmock.mockserver.services.reporting.file_format import DATE, FORMATS, NUMBER

NAMES = ("date", "campaignName", "clicks", "clickThroughRate")
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60)


def write(kind, text, lines=(("2026-07-01", 3, "0.25"),)):
    file_format = FORMATS[kind]
    fill = file_format.template(NAMES, [DATE, text, NUMBER, NUMBER])
    rows = [
        fill(tuple(file_format.null if each is None else each for each in line)) for line in lines
    ]
    return file_format.write(NAMES, rows)


def read_workbook(content):
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [
        [unescape(cell) if isinstance(cell, str) else cell for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def read_csv(content):
    return list(csv.reader(io.StringIO(gzip.decompress(content).decode(), newline="")))


@given(TEXTS)
@example("\x0b")
@example("\uffff")
@example("_x000B_")
@example(" 100 % \r\n\t")
@example("<r>&</r>")
@example("<r>\x0b</r>")
@example("=1+1")
def test_workbook_holds_every_text(text):
    names, row = read_workbook(write("XLSX", text))
    assert names == list(NAMES)
    assert row == ["2026-07-01", text, 3, 0.25]


@given(TEXTS)
@example('a "quoted", %s\r\nname')
def test_csv_holds_every_text(text):
    names, row = read_csv(write("CSV", text))
    assert names == list(NAMES)
    assert row == ["2026-07-01", text, "3", "0.25"]


@given(TEXTS)
def test_json_holds_every_text(text):
    (row,) = orjson.loads(gzip.decompress(write("GZIP_JSON", text)))
    assert row == dict(zip(NAMES, ["2026-07-01", text, 3, 0.25], strict=True))


@pytest.mark.parametrize("count", [0, 1, 200, 201, 400])
def test_every_format_has_every_row(count):
    lines = [("2026-07-01", each, None) for each in range(count)]
    assert len(orjson.loads(gzip.decompress(write("GZIP_JSON", "a", lines)))) == count
    assert len(read_csv(write("CSV", "a", lines))) == count + 1
    assert len(read_workbook(write("XLSX", "a", lines))) == count + 1


def test_share_of_zero_is_null_or_an_empty_cell():
    lines = [("2026-07-01", 0, None)]
    (row,) = orjson.loads(gzip.decompress(write("GZIP_JSON", "a", lines)))
    assert row["clickThroughRate"] is None
    assert read_csv(write("CSV", "a", lines))[1][-1] == ""
    assert read_workbook(write("XLSX", "a", lines))[1][-1] is None


@pytest.mark.parametrize("value", [0, 12.5, 10**15 - 1, True, None])
def test_workbook_holds_fixed_values_by_their_kind(value):
    assert read_workbook(write("XLSX", value))[1][1] == value


def test_workbook_shows_long_integers_as_text():
    # Excel keeps 15 digits of a number: an id of 18 digits would become another id.
    assert read_workbook(write("XLSX", 123456789012345678))[1][1] == "123456789012345678"


@pytest.mark.parametrize("kind", sorted(FORMATS))
def test_same_rows_give_the_same_file_in_every_process(kind):
    program = (
        "import sys; from tests.unit.mockserver.services.reporting.test_file_format import write;"
        f"sys.stdout.buffer.write(write({kind!r}, 'Shoes'))"
    )
    written = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        timeout=300,
        env={"TZ": "Asia/Tokyo"},
    ).stdout
    assert written == write(kind, "Shoes")
