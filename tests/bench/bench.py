"""The mock against a bare ASGI callable doing the same JSON work: side by side, in one run.

Rounds take turns, so that whatever else the machine does meets both; figures are medians. They
rank, they promise nothing: two runs differ, their ratios hardly.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from adsmock.contracts.iso8601 import format_utc
from adsmock.mockserver.core.clock import epoch, monotonic
from tests.bench import (
    aim,
    durable,
    export,
    growth,
    inbox,
    latency,
    pieces,
    report,
    server,
    shards,
    shares,
    soak,
    work,
)
from tests.bench.aim import Aim
from tests.bench.figures import Figures
from tests.bench.hostile import run as hostile
from tests.bench.load import KINDS, Load, Result, create_body, generator, run
from tests.bench.peers import race

ROOT = Path(__file__).parents[2]
STORED = 1_000
READING = {"update10", "list1", "list100", "fresh100"}
"""Kinds that find campaigns already stored."""
TARGETS = {"create10": 0.5, "list100": 0.6, "fresh100": 0.6}
BODY_TOLERANCE = 0.01
"""Share by which the bodies of both servers may differ: the mock's page has a token."""
P99_TARGET = 3.0
ACCOUNTING_TARGET = 0.15
MOTO_TARGET = 20.0


@dataclass(frozen=True)
class Turn:
    """One round on one server, or the median of several. ``cpu`` is microseconds a call."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(frozen=True)
class Row:
    """One kind of work: the medians of both servers."""

    kind: str
    bare: Turn
    ours: Turn

    @property
    def ratio(self) -> float:
        return self.ours.rate / self.bare.rate

    @property
    def cpu_ratio(self) -> float:
        """How much of our work the bare one would need: the ratio on a quiet machine."""
        return self.bare.cpu / self.ours.cpu if self.ours.cpu else float("nan")

    @property
    def p99_ratio(self) -> float:
        return self.ours.p99 / self.bare.p99


def measure(kinds: list[str], rounds: int, seconds: float, connections: int) -> list[Row]:
    """Return a row per kind: ``rounds`` turns of ``seconds`` on each server."""
    with ExitStack() as stack:
        targets = [stack.enter_context(server.bare()), stack.enter_context(server.ours())]
        check_bodies(*map(body_sizes, targets))
        results: dict[tuple[str, str], list[Turn]] = {}
        for kind in kinds:
            for number in range(rounds):
                for target in targets:
                    _prepare(target, kind)
                    result = _load(target, kind, number, seconds, connections)
                    results.setdefault((kind, target.name), []).append(result)
        return [
            Row(kind, *(_middle(results[kind, target.name]) for target in targets))
            for kind in kinds
        ]


def body_sizes(target: server.Target) -> dict[str, int]:
    """Return the bytes of a server's replies to ten creates and to a list of a hundred."""
    target.reset()
    target.fill(STORED)
    created = target.create(create_body("size", 0))
    return {"create10": len(created), "list100": len(target.page(100))}


def check_bodies(bare: dict[str, int], ours: dict[str, int]) -> None:
    """Refuse to compare servers whose replies differ in size by more than ``BODY_TOLERANCE``."""
    for kind, size in bare.items():
        if abs(ours[kind] - size) > BODY_TOLERANCE * size:
            raise SystemExit(
                f"bench: unequal work in {kind}: the bare callable answers {size} bytes, the mock "
                f"{ours[kind]}. Let tests/bench/bare.py add the members that the mock adds."
            )


def _prepare(target: server.Target, kind: str) -> None:
    target.reset()
    if kind in READING:
        target.fill(STORED)


def _load(target: server.Target, kind: str, number: int, seconds: float, connections: int) -> Turn:
    profiles = target.profiles if kind == "create10" else target.profiles[:1]
    needs = target.first_ids(10) if kind == "update10" else (target.form,)
    load = Load(kind, target.port, f"{kind}-{number}", target.headers, profiles, needs)
    before = target.cpu_seconds()
    result: Result = run(load, seconds, connections)
    if result.bad:
        raise SystemExit(f"bench: {target.name} refused {result.bad} calls of {kind}")
    cpu = (target.cpu_seconds() - before) / result.calls * 1e6
    return Turn(result.rate, result.p50, result.p99, cpu)


def _middle(turns: list[Turn]) -> Turn:
    return Turn(
        median(each.rate for each in turns),
        median(each.p50 for each in turns),
        median(each.p99 for each in turns),
        median(each.cpu for each in turns),
    )


def table(rows: list[Row]) -> list[str]:
    """Return the rows as lines; the second ratio is of processor time, which load leaves alone."""
    lines = [_HEAD]
    for row in rows:
        bare, ours = row.bare, row.ours
        cells = (
            f"{row.kind:<10}{bare.rate:>9,.0f}{ours.rate:>9,.0f}{row.ratio:>7.2f}",
            f"{bare.cpu:>10.0f}{ours.cpu:>8.0f}{row.cpu_ratio:>7.2f}{_target(row.kind):>8}",
            f"{bare.p50:>10.2f}{ours.p50:>8.2f}",
            f"{bare.p99:>10.2f}{ours.p99:>8.2f}{row.p99_ratio:>7.2f}",
        )
        lines.append("".join(cells))
    return lines


_HEAD = (
    f"{'work':<10}{'bare/s':>9}{'ours/s':>9}{'ratio':>7}"
    f"{'bare cpu':>10}{'ours µs':>8}{'ratio':>7}{'target':>8}"
    f"{'bare p50':>10}{'ours ms':>8}{'bare p99':>10}{'ours ms':>8}{'ratio':>7}"
)


def _target(kind: str) -> str:
    return f"{TARGETS[kind]:.2f}" if kind in TARGETS else "-"


def conditions(rounds: int, seconds: float, connections: int) -> list[str]:
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return [
        f"{format_utc(epoch())}  commit {commit or 'unknown'}",
        (
            f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform(terse=True)}, "
            f"{platform.python_implementation()} {platform.python_version()}, "
            f"load {os.getloadavg()[0]:.1f} before the start"
        ),
        (
            f"{generator()}, closed loop, {connections} connections, "
            f"medians of {rounds} rounds of {seconds:g} s, taking turns"
        ),
    ]


def parts() -> tuple[list[str], list[Aim]]:
    """Return what single parts cost, a line each, and what they are to cost at most."""
    full, none = pieces.measure_call()
    cost = pieces.measure_sandbox()
    share, (start, cpu) = (full - none) / full, server.measure_start()
    start, cpu = start * 1e3, cpu * 1e3
    lines = [
        f"ready after start      {start:>7.0f} ms, {cpu:.0f} ms of processor time",
        f"new sandbox            {cost.milliseconds:>7.2f} ms, {cost.kilobytes:.0f} KB",
        f"create10 in process    {full:>7.0f} µs, {none:.0f} µs without journal, quotas, metrics",
        f"their share            {share:>7.1%}",
    ]
    return lines, [
        Aim("ready after start", start, 600, " ms"),
        Aim("new sandbox", cost.milliseconds, 5, " ms"),
        Aim("memory of a new sandbox", cost.kilobytes, 100, " KB"),
        Aim("share of journal, quotas and metrics", share, ACCOUNTING_TARGET),
    ]


def main(words: list[str] | None = None) -> int:
    """Measure, print and return 0, or 1 where a part failed; a missed target is no failure."""
    given = _parser().parse_args(words)
    figures, begun = Figures(), monotonic()
    figures.tell(conditions(given.rounds, given.seconds, given.connections))
    for number, part in enumerate(given.parts, 1):
        _progress(f"[{number}/{len(given.parts)}] {part}, {monotonic() - begun:.0f} s so far")
        figures.tell(["", *_part(part, given, figures)])
    if figures.aims:
        figures.tell(["", *aim.lines(figures.aims)])
    figures.tell(["", f"{monotonic() - begun:.0f} s, load {os.getloadavg()[0]:.1f} at the end"])
    if given.out:
        figures.keep(given.out)
        _progress(f"{given.out}/bench.svg, bench.json and bench.md")
    return 1 if figures.failed else 0


def _part(part: str, given: argparse.Namespace, figures: Figures) -> list[str]:
    """Return the lines of a part; one that cannot be measured must not take the others along."""
    try:
        return PARTS[part](given, figures)
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- printed, and reported by the exit code
        figures.failed.append(part)
        return [f"FAILED  {part}: {type(error).__name__}: {error}"]


def _progress(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--messages", type=int, default=inbox.MESSAGES, help="of part inbox")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--out", type=Path, help="write table, figures and plot there")
    return parser


def _bare(given: argparse.Namespace, figures: Figures) -> list[str]:
    rows = measure(given.kinds, given.rounds, given.seconds, given.connections)
    for row in rows:
        figures.bars[row.kind] = [("bare ASGI", row.bare.rate), ("adsmock", row.ours.rate)]
        if row.kind in TARGETS:
            what, target = f"{row.kind} over the bare callable", TARGETS[row.kind]
            figures.aims += [
                Aim(f"{what}, calls a second", row.ratio, target, "x", floor=True),
                Aim(f"{what}, by processor time", row.cpu_ratio, target, "x", floor=True),
                Aim(f"{what}, p99", row.p99_ratio, P99_TARGET, "x"),
            ]
    lines, aims = parts()
    figures.aims += aims
    return [*table(rows), "", *lines, "", *shares.lines(), "", *shares.why()]


def _latency(given: argparse.Namespace, figures: Figures) -> list[str]:
    del figures
    return latency.lines(given.seconds)


def _peers(given: argparse.Namespace, figures: Figures) -> list[str]:
    places, absent = race.race(given.rounds, given.seconds, given.connections)
    for one in places:
        if one.name != "adsmock":
            figures.bars.setdefault(one.kind, []).append((one.name, one.rate))
            least = MOTO_TARGET if one.name == "moto server" else 1.0
            what = f"{one.kind}: times as fast as {one.name}"
            figures.aims.append(Aim(what, one.times, least, "x", floor=True))
    return [*race.table(places), *absent, *race.compared(places, figures.bars)]


def _work(given: argparse.Namespace, figures: Figures) -> list[str]:
    del given
    lines, aims = work.lines()
    figures.aims += aims
    return lines


def _growth(given: argparse.Namespace, figures: Figures) -> list[str]:
    curves = [
        *growth.over_entities(),
        *growth.over_sandboxes(),
        *growth.over_clients(given.seconds),
    ]
    figures.curves += curves
    return growth.lines(curves)


def _files(given: argparse.Namespace, figures: Figures) -> list[str]:
    del given
    cost = export.measure()
    figures.aims += export.aims(cost)
    return [*export.lines(cost), *report.lines()]


def _durable(given: argparse.Namespace, figures: Figures) -> list[str]:
    cost = durable.measure(given.rounds)
    figures.aims += durable.aims(*cost)
    return durable.lines(*cost)


def _shards(given: argparse.Namespace, figures: Figures) -> list[str]:
    rows, aims = shards.lines(given.rounds, given.seconds, given.connections)
    figures.aims += aims
    return rows


def _hostile(given: argparse.Namespace, figures: Figures) -> list[str]:
    del given
    lines, found = hostile.lines()
    figures.aims += found
    return lines


def _inbox(given: argparse.Namespace, figures: Figures) -> list[str]:
    course = inbox.measure(given.messages)
    figures.aims += inbox.aims(course)
    return inbox.lines(course)


def _soak(given: argparse.Namespace, figures: Figures) -> list[str]:
    del given, figures
    return soak.lines()


PARTS: dict[str, Callable[[argparse.Namespace, Figures], list[str]]] = {
    "bare": _bare,
    "latency": _latency,
    "peers": _peers,
    "work": _work,
    "growth": _growth,
    "files": _files,
    "durable": _durable,
    "shards": _shards,
    "hostile": _hostile,
    "inbox": _inbox,
    "soak": _soak,
}
"""The parts of a run, in order."""
