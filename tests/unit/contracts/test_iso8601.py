"""ISO 8601: what is formatted can be parsed again, and what is not ISO 8601 is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.iso8601 import format_utc, is_date, parse_duration, parse_time, parse_utc


@given(st.integers(0, 4_102_444_799_999))
def test_milliseconds_are_read_back(milliseconds):
    assert round(parse_utc(format_utc(milliseconds / 1000)) * 1000) in {
        milliseconds - 1,  # a float may lie below its millisecond, and formatting rounds down
        milliseconds,
    }


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("seconds", "2026-07-01T12:00:00Z"),
        ("milliseconds", "2026-07-01T12:00:00.250Z"),
        ("microseconds", "2026-07-01T12:00:00.250000Z"),
    ],
)
def test_format_utc_has_the_precision_asked_for(precision, text):
    assert format_utc(1_782_907_200.25, precision) == text


def test_a_time_without_an_offset_is_local():
    assert parse_utc("2026-07-01") == datetime(2026, 7, 1, tzinfo=UTC).timestamp()
    assert parse_utc("2026-07-01T02:00:00+02:00") == parse_utc("2026-07-01T00:00:00Z")
    assert parse_time("2026-07-01T00:00:00", UTC).tzinfo is UTC


@given(st.dates())
def test_a_date_has_two_notations_and_each_is_refused_as_the_other(day):
    text = day.isoformat()
    compact = text.replace("-", "")
    assert is_date(text)
    assert is_date(compact, compact=True)
    assert not is_date(compact)
    assert not is_date(text, compact=True)


@pytest.mark.parametrize(
    "text", ["", "2026-W27", "2026W273", "2026-182", "2026-02-30", "20260230", "2026-7-1", "x" * 8]
)
def test_what_is_no_calendar_date_is_refused(text):
    assert not is_date(text)
    assert not is_date(text, compact=True)


@given(st.integers(0, 999_999), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_duration_adds_its_parts(days, hours, minutes, seconds):
    expected = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == expected.total_seconds()


@pytest.mark.parametrize("text", ["", "P", "PT", "P1M", "P1Y", "5M", "PT-1S", "PT1S ", "P1DT"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


def test_week_dates_that_python_reads_are_the_reason_for_is_date():
    assert date.fromisoformat("2026-W27") == date(2026, 6, 29)
