"""Durations as people write them: ``90s``, ``15m``, ``2h``, ``1d``, or ISO 8601."""

from __future__ import annotations

from adsmock.contracts.iso8601 import parse_duration

_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


def seconds(text: str) -> float:
    """Return the seconds of a duration such as ``90s``, ``15m``, ``1.5h``, ``1d`` or ``PT15M``.

    Raises:
        ValueError: ``text`` is not a duration.
    """
    if text.startswith(("P", "+P")):
        return parse_duration(text)
    number, unit = text[:-1], _UNITS.get(text[-1:])
    if unit is None or not number.replace(".", "", 1).isdecimal():
        raise ValueError(f'"{text}" is not a duration such as 90s, 15m, 2h or PT15M')
    return float(number) * unit
