"""Positions of the shapes and labels of a lane, in percent of the timeline's width.

Positions are percentages and heights are pixels, so a timeline fits any screen while its text keeps
its size. A label without room on a phone is marked `wide`; one without room anywhere is left out
(the wire log has all of them).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

from adsmock.harness.suite.report.html.lane import Dot, Group, Lane
from adsmock.harness.suite.report.html.timeline import duration

# Two screens that labels must fit: the narrowest wide one and a phone (timeline width in px). A
# character of the labels' font is about 6 px wide, and a label may extend 14 px beyond either end
# of the timeline.
WIDE_PX, NARROW_PX = 640, 280
CHARACTER_PX, MARGIN_PX, SPACE_PX = 6.2, 14, 5
TICKS = 6
# From ten seconds to a day, round times are not round decimal numbers.
ROUND_TIMES = (10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
CHAINS = frozenset({"chains", "instant"})
PLACED = frozenset({"instant", "order"})
_ATTEMPTS_DESCRIBED = 12


@dataclass(frozen=True, slots=True)
class Label:
    """A text at `x`; `anchor` keeps it inside the timeline; `css` names the screens it fits."""

    x: str
    text: str
    anchor: str
    css: str


@dataclass(frozen=True, slots=True)
class Span:
    """A bar from `x` of a `width`, with a CSS class and a tooltip."""

    x: str
    width: str
    css: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape at `x` for one call."""

    x: str
    css: str
    title: str
    seq: int


@dataclass(frozen=True, slots=True)
class LaneView:
    """One lane with positions, ready for the template."""

    title: str
    region: str
    note: str
    description: str
    zones: tuple[Span, ...]
    waits: tuple[Span, ...]
    bars: tuple[Span, ...]
    marks: tuple[Mark, ...]
    gates: tuple[Mark, ...]
    answers: tuple[Label, ...]
    lengths: tuple[Label, ...]
    faults: tuple[Label, ...]
    allowed: tuple[Label, ...]
    fault_names: tuple[str, ...]
    axis: tuple[Label, ...]


def percent(seconds: float, span: float) -> float:
    """Return a position in percent of `span`, 0 for an empty span."""
    return min(100.0, max(0.0, 100.0 * seconds / span)) if span > 0 else 0.0


def draw(lane: Lane, group: Group) -> LaneView:
    """Return the lane's shapes and labels on its scale; only a lane of its own has an axis."""
    span = group.span_of(lane)
    dots = lane.dots
    timed = () if group.kind in PLACED else dots
    return LaneView(
        title=f"{lane.method} {lane.route}".strip(),
        region=lane.region,
        note=_note(lane, group.kind),
        description=describe(lane, is_timed=group.kind not in PLACED),
        zones=tuple(_zone(dot, span) for dot in dots if dot.allowed is not None),
        waits=tuple(_wait(a, b, span) for a, b in pairwise(timed) if b.arrive > a.send),
        bars=tuple(_bar(dot, span) for dot in dots),
        marks=tuple(_mark(dot, span) for dot in dots),
        gates=tuple(_gate(dot, span) for dot in dots if dot.allowed is not None),
        answers=_labels(((dot.send, dot.answer) for dot in dots), span),
        lengths=_wait_labels(timed, span),
        faults=_labels(((dot.send, dot.fault) for dot in dots if dot.fault), span),
        allowed=_labels(_allowed_words(dots), span),
        fault_names=lane.faults,
        axis=ticks(span) if group.kind == "chains" else (),
    )


def axis(group: Group) -> tuple[Label, ...]:
    """Return the labels under a group's lanes: times, or call numbers; none for own scales."""
    if group.kind == "chains":
        return ()
    if group.kind not in PLACED:
        return ticks(group.span)
    step = max(1, round(group.span / TICKS))
    return tuple(
        _label(percent(place, group.span), f"call {place + 1}", "always" if place == 0 else "wide")
        for place in range(0, int(group.span) + 1, step)
    )


def ticks(span: float) -> tuple[Label, ...]:
    """Return the axis of a positive span: round times from 0, every second on wide screens."""
    step = _step(span / TICKS)
    return tuple(
        _label(
            percent(index * step, span),
            duration(index * step) if index else "0",
            "always" if index % 2 == 0 else "wide",
        )
        for index in range(floor(span / step) + 1)
    )


def _step(least: float) -> float:
    """Return the smallest round duration that is not below `least`."""
    for seconds in ROUND_TIMES:
        if ROUND_TIMES[0] <= least <= seconds:
            return seconds
    unit = 86400.0 if least > ROUND_TIMES[-1] else 1.0
    power = unit * 10.0 ** floor(log10(least / unit))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least)


def describe(lane: Lane, *, is_timed: bool) -> str:
    """Return the lane as one sentence for screen readers."""
    parts = []
    for index, dot in enumerate(lane.dots[:_ATTEMPTS_DESCRIBED], start=1):
        words = f"call {index}" + (f" at {duration(dot.arrive)}" if is_timed else "")
        words += f": {dot.answer}"
        if dot.fault:
            words += f", fault {dot.fault}"
        if dot.early:
            words += f", {duration(dot.early)} earlier than allowed"
        if dot.allowed is not None:
            words += f", next allowed from {duration(dot.allowed)}"
        parts.append(words)
    rest = len(lane.dots) + lane.hidden - len(parts)
    more = f"; and {rest} more" if rest > 0 else ""
    return f"{lane.method} {lane.route} {lane.region}: " + "; ".join(parts) + more


def _note(lane: Lane, kind: str) -> str:
    count = len(lane.dots) + lane.hidden
    noun = "attempt" if kind in CHAINS else "call"
    words = f"{count} {noun}{'' if count == 1 else 's'}"
    if kind in CHAINS:
        took = "at once" if kind in PLACED else f"in {duration(lane.dots[-1].send)}"
        words += f" {took}, from +{duration(lane.start)}"
    return words + (f", the first {len(lane.dots)} shown" if lane.hidden else "")


def _at(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") + "%"


def _span(start: float, end: float, span: float, css: str, title: str) -> Span:
    left, right = percent(start, span), percent(end, span)
    return Span(_at(left), _at(right - left), css, title)


def _zone(dot: Dot, span: float) -> Span:
    allowed = dot.send if dot.allowed is None else dot.allowed
    title = f"no call allowed for {duration(allowed - dot.send)}"
    return _span(dot.send, allowed, span, "zone", title)


def _wait(before: Dot, after: Dot, span: float) -> Span:
    length = after.arrive - before.send
    kind = "pause" if before.tone == "ok" else "wait"
    early = " early" if after.early else ""
    return _span(before.send, after.arrive, span, kind + early, f"{kind} of {duration(length)}")


def _bar(dot: Dot, span: float) -> Span:
    title = f"#{dot.seq}: answered in {duration(dot.send - dot.arrive)}"
    return _span(dot.arrive, dot.send, span, f"bar {dot.tone}", title)


def _mark(dot: Dot, span: float) -> Mark:
    title = f"#{dot.seq}: {dot.answer}"
    title += f", fault {dot.fault}" if dot.fault else ""
    title += f", {duration(dot.early)} too early" if dot.early else ""
    css = f"{dot.tone} early" if dot.early else dot.tone
    return Mark(_at(percent(dot.send, span)), css, title, dot.seq)


def _gate(dot: Dot, span: float) -> Mark:
    allowed = dot.send if dot.allowed is None else dot.allowed
    title = f"allowed from {duration(allowed)}: sent at {duration(dot.send)}, Retry-After "
    title += duration(allowed - dot.send)
    return Mark(_at(percent(allowed, span)), "gate", title, dot.seq)


def _allowed_words(dots: Iterable[Dot]) -> Iterable[tuple[float, str]]:
    for dot in dots:
        if dot.allowed is not None:
            yield dot.allowed, f"allowed +{duration(dot.allowed - dot.send)}"


def _wait_labels(dots: Iterable[Dot], span: float) -> tuple[Label, ...]:
    """Return a label for each wait that is wide enough for it."""
    labels = []
    for before, after in pairwise(dots):
        left, right = percent(before.send, span), percent(after.arrive, span)
        text = duration(after.arrive - before.send)
        room, needed = (right - left) / 100, len(text) * CHARACTER_PX + SPACE_PX
        if room * WIDE_PX >= needed:
            css = "always" if room * NARROW_PX >= needed else "wide"
            css += " early" if after.early else ""
            labels.append(Label(_at((left + right) / 2), text, "middle", css))
    return tuple(labels)


def _labels(words: Iterable[tuple[float, str]], span: float) -> tuple[Label, ...]:
    """Return the labels that do not overlap.

    Labels are placed from the left; one that would touch the label before it is left out.
    """
    labels = []
    end_wide = end_narrow = float("-inf")
    for seconds, text in words:
        at = percent(seconds, span)
        left, right = _edges(at, text, WIDE_PX)
        if left < end_wide:
            continue
        end_wide, css = right, "wide"
        left, right = _edges(at, text, NARROW_PX)
        if left >= end_narrow:
            end_narrow, css = right, "always"
        labels.append(_label(at, text, css))
    return tuple(labels)


def _edges(at: float, text: str, screen: float) -> tuple[float, float]:
    """Return the left and right edge of a label in px, with the space to the next one."""
    width = len(text) * CHARACTER_PX
    anchor = _anchor(at, text, screen)
    left = at / 100 * screen - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, left + width + SPACE_PX


def _anchor(at: float, text: str, screen: float) -> str:
    """Return the text anchor that keeps a label inside the timeline and its margin."""
    overhang = len(text) * CHARACTER_PX / 2 - MARGIN_PX
    place = at / 100 * screen
    if place < overhang:
        return "start"
    return "end" if place > screen - overhang else "middle"


def _label(at: float, text: str, css: str) -> Label:
    narrow = _anchor(at, text, NARROW_PX)
    return Label(_at(at), text, _anchor(at, text, WIDE_PX), f"{css} phone-{narrow}")
