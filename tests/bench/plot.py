"""The figures of a run as one SVG: bars for rates, lines for growth."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from xml.sax.saxutils import escape

from tests.bench.growth import Line

WIDTH, ROW, LEFT = 760, 22, 220
PLOT = 180
COLOURS = ("#2f6fb5", "#c2571a", "#5a8f29", "#7a55c7", "#1c8a8a", "#b2361f")
Bars = Sequence[tuple[str, float]]


def drawing(title: str, bars: dict[str, Bars], curves: Sequence[Line]) -> str:
    """Return the whole picture; ``bars`` are calls a second by kind of work and server."""
    parts: list[str] = [_text(10, 22, title, 15)]
    y = 44
    for kind, rows in bars.items():
        drawn, y = _bars(kind, rows, y)
        parts += drawn
    for over in dict.fromkeys(curve.over for curve in curves):
        drawn, y = _curves(over, [curve for curve in curves if curve.over == over], y)
        parts += drawn
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" '
        'font-family="system-ui, sans-serif" fill="#17202b">'
        f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>'
    )
    return head + "".join(parts) + "</svg>\n"


def _bars(kind: str, rows: Bars, y: int) -> tuple[list[str], int]:
    parts, top = [_text(10, y + 14, f"{kind}, calls a second", 13)], max(rate for _, rate in rows)
    y += 24
    for name, rate in sorted(rows, key=lambda row: -row[1]):
        width = max(1.0, rate / top * (WIDTH - LEFT - 90))
        colour = COLOURS[1] if name == "adsmock" else COLOURS[0]
        parts.append(_text(LEFT - 8, y + 14, name, 12, anchor="end"))
        parts.append(
            f'<rect x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="14" fill="{colour}"/>'
        )
        parts.append(_text(LEFT + width + 6, y + 14, f"{rate:,.0f}", 12))
        y += ROW
    return parts, y + 16


def _curves(over: str, curves: Sequence[Line], y: int) -> tuple[list[str], int]:
    """Draw curves over a logarithmic axis, from zero up."""
    parts = [_text(10, y + 14, f"median latency in ms over {over}", 13)]
    sizes = [size for curve in curves for size, _ in curve.points]
    top = max(value for curve in curves for _, value in curve.points) or 1.0
    low, high = log10(min(sizes)), log10(max(sizes))
    base, left, span = y + 24 + PLOT, 60, WIDTH - 260

    def place(size: int, value: float) -> tuple[float, float]:
        part = (log10(size) - low) / (high - low or 1.0)
        return left + part * span, base - value / top * PLOT

    parts.append(f'<path d="M{left} {y + 24}V{base}H{left + span}" fill="none" stroke="#b6c0cc"/>')
    parts.append(_text(left - 6, y + 32, f"{top:.2g}", 11, anchor="end"))
    parts += [
        _text(place(s, 0)[0], base + 16, f"{s:,}", 11, anchor="middle") for s in sorted(set(sizes))
    ]
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{x:.1f},{at:.1f}" for x, at in (place(*one) for one in curve.points))
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts.append(
            f'<rect x="{left + span + 20}" y="{y + 26 + number * 20}" width="12" height="12" '
            f'fill="{colour}"/>'
        )
        parts.append(_text(left + span + 38, y + 37 + number * 20, curve.title, 12))
    return parts, base + 40


def _text(x: float, y: float, text: str, size: int, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'
    )
