"""Decimals of a recorded body that a parser rounds."""

import pytest

from adsmock.mockserver.control.serializers import inexact_numbers


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a": [{"x/y": 10.0999999999999996447}]}', {"/a/0/x~1y": "10.0999999999999996447"}),
        (b'{"bid": 0.30000000000000004}', {}),  # a parser returns these digits
        (b'{"bid": 10.10000000000000000000}', {}),
        (b'{"name": "10.0999999999999996447"}', {}),
        (b'{"bid": 10.09999999999999964', {}),
        ({"already": "parsed"}, {}),
        (None, {}),
    ],
)
def test_only_rounded_decimals_are_named_by_their_pointer(body, found):
    assert inexact_numbers(body) == found
