"""Durations in short and ISO 8601 notation."""

import pytest

from adsmock.harness import durations


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("15m", 900), ("1.5h", 5400), ("1d", 86_400), ("PT15M", 900), ("P1DT1H", 90_000)],
)
def test_both_notations_give_seconds(text, seconds):
    assert durations.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "90", "-1s", "nan s", "1w", "P", "PT", "P1M", "infs"])
def test_other_texts_are_refused(text):
    with pytest.raises(ValueError, match="is not a duration such as"):
        durations.seconds(text)
