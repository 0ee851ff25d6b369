"""Estimate and audit as terminal tables."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

ROWS = 25
"""Largest number of findings in a terminal: many profiles share a habit."""


def show_estimate(found: dict[str, Any], console: Console) -> None:
    """Print demand, review and remaining gaps."""
    console.print(
        f"[bold]{escape(found['plan'])}[/], a day such as {found['day']} (hours in UTC)\n"
    )
    console.print(_demand(found), _fits(found, "demand"), "")
    console.print(_review(found), _advice(found["review"]), "", _fits(found, "optimized"), "")
    if found["gaps"]:
        console.print(_gaps(found))
    console.print(_sentence(found))
    console.print(_assumed(found))


def show_audit(found: dict[str, Any], console: Console) -> None:
    """Print the waste, the most expensive first, and the ratio of calls to the optimum."""
    if not found["bodies"]:
        console.print(
            "[yellow]The journal has no bodies: pages, ids and days were not judged. "
            "Record it with journal mode full.[/]"
        )
    table = _table("waste", "habit", "observation", "calls>", "quota>", "practice")
    for row in found["findings"][:ROWS]:
        lines = ", ".join(map(str, row["lines"][:3]))
        where = f" [dim](lines {lines} …)[/]" if lines else ""
        table.add_row(
            row["habit"],
            escape(row["says"]) + where,
            f"{row['savedCalls']}",
            f"{row['savedWeight']}",
            row["practice"],
        )
    rest = found["findings"][ROWS:]
    if found["findings"]:
        console.print(table)
    if rest:
        saved = sum(row["savedCalls"] for row in rest)
        console.print(f"[dim]and {len(rest)} smaller findings with {saved} calls: see --json[/]")
    if found["findings"]:
        console.print(_advice(found["findings"]), "")
    if found["injected"]:
        console.print(
            f"{found['injected']} calls met faults that adsmock injected, and {found['resent']} "
            "repaired them: the client had to make both, so they are no waste."
        )
    if found["given"]:
        console.print(
            f"{found['given']} calls look like waste, but tasks of the suite asked for them: they "
            "do not count."
        )
    console.print(
        f"{found['calls']} calls; the same outcome needs {found['optimum']}: "
        f"[bold]{found['ratio']:.2f}[/] times the optimum"
    )


def show_quotas(rows: list[dict[str, Any]], console: Console) -> None:
    """Print the bounds of quotas that refused; nothing without a real refusal."""
    if not rows:
        return
    title = "quotas learned from refusals, in weights per second"
    columns = (
        "region",
        "quota class",
        "at least>",
        "at most>",
        "burst>",
        "refusals>",
        "confidence",
    )
    table = _table(title, *columns)
    for row in rows:
        burst = "" if row["burst"] is None else str(row["burst"])
        rates = (f"{row[name]:.3g}" for name in ("lowest", "highest"))
        known = f"{row['confidence']} ({row['seconds']:.0f} s)"
        table.add_row(row["region"], row["quota"], *rates, burst, str(row["refusals"]), known)
    console.print("", table)


def show_rehearsal(found: dict[str, Any], console: Console) -> None:
    """Print the reference client's calls next to the estimate."""
    title = f"rehearsal by the reference client, one advertiser per group (seed {found['seed']})"
    table = _table(title, "region", "operation", "estimated>", "observed>")
    for row in found["rows"]:
        estimated, observed = f"{row['estimated']:g}", str(row["observed"])
        table.add_row(row["region"], row["operation"], estimated, observed)
    observed = sum(row["observed"] for row in found["rows"])
    console.print(
        "",
        table,
        f"ratio of observed to estimated calls: [bold]{found['ratio']:.2f}[/]; an audit of these "
        f"{observed} calls gives a minimum of {found['optimum']}",
    )


def _demand(found: dict[str, Any]) -> Table:
    table = _table(
        "1. demand", "region", "operation", "calls per day>", "after stage 3>", "busiest hour>"
    )
    after = {(row["region"], row["operation"]): row for row in found["optimized"]["rows"]}
    for row in found["demand"]["rows"]:
        then = after.pop((row["region"], row["operation"]), {"calls": 0})
        table.add_row(*_row(row, then["calls"]))
    for row in after.values():
        table.add_row(*_row(row | {"calls": 0, "hours": [0]}, row["calls"]))
    total = (f"{found[stage]['calls']:,}" for stage in ("demand", "optimized"))
    table.add_section()
    table.add_row("all", "API and tokens", *total, "")
    return table


def _row(row: dict[str, Any], then: float) -> tuple[str, ...]:
    hours = row["hours"]
    busiest = f"{max(hours):,.0f} at {hours.index(max(hours)):02d}h" if max(hours) else ""
    return row["region"], row["operation"], f"{row['calls']:,.0f}", f"{then:,.0f}", busiest


def _fits(found: dict[str, Any], stage: str) -> Table:
    title = {"demand": "as called now", "optimized": "3. after optimization"}[stage]
    table = _table(
        f"{title}: the busiest minute of the event",
        *("region", "quota class", "peak/s>", "quota/s>", "used>", "at", "main cause"),
    )
    for fit in sorted(found[stage]["fits"], key=lambda each: -each["share"]):
        color = (
            "red" if fit["share"] > 1 else "yellow" if fit["share"] > found["headroom"] else "green"
        )
        cause = fit["causes"][0]
        table.add_row(
            fit["region"],
            fit["quota"],
            f"{fit['peak']:.2f}",
            f"{fit['rate']:g}",
            f"[{color}]{fit['share']:.0%}[/]",
            fit["at"],
            f"{escape(cause['work'])} {cause['share']:.0%}",
        )
    return table


def _review(found: dict[str, Any]) -> Table:
    table = _table(
        "2. review of the call pattern",
        *("habit", "now", "best", "calls saved>", "quota saved>", "practice"),
    )
    for row in found["review"]:
        table.add_row(
            row["habit"],
            _word(row["now"]),
            _word(row["best"], row["habit"]),
            _saved(row["savedCalls"]),
            f"{row['savedWeight']:,}",
            row["practice"],
        )
    if not found["review"]:
        table.add_row("none: the plan follows the framework's advice", *[""] * 5)
    return table


def _saved(calls: int) -> str:
    """Return saved calls; a habit may save quota and cost calls."""
    return f"{calls:,}" if calls >= 0 else f"{-calls:,} more"


def _advice(rows: list[dict[str, Any]]) -> Table:
    """Return the advice for each habit once, in a table for narrow terminals."""
    table = Table.grid(padding=(0, 1))
    for habit, advice in dict.fromkeys((row["habit"], row["advice"]) for row in rows):
        table.add_row(f"[bold]{habit}[/]", escape(advice))
    return table


def _word(value: Any, habit: str = "") -> str:
    if habit in {"batch", "page", "ids"} and value == 0:
        return "maximum"
    if isinstance(value, dict):
        return f"{value['first']:g} s x{value['growth']:g} to {value['longest']:g} s"
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _gaps(found: dict[str, Any]) -> Table:
    table = _table(
        "remaining gap",
        "region",
        "quota class",
        "used>",
        "spread the work of the peak",
        "or request",
    )
    for gap in found["gaps"]:
        works = ", ".join(f"{cause['work']} {cause['share']:.0%}" for cause in gap["causes"])
        table.add_row(
            gap["region"],
            gap["quota"],
            f"[red]{gap['share']:.0%}[/]",
            f"over {gap['spreadTimes']:.1f} times the time: {escape(works)}",
            f"{gap['rateNeeded']:g} per second",
        )
    return table


def _sentence(found: dict[str, Any]) -> str:
    limit = f"{found['headroom']:.0%} of every quota"
    now, after = _tightest(found, "demand"), _tightest(found, "optimized")
    if found["fits"]:
        return f"[green]The plan fits: the event stays within {limit}. {now}[/]"
    if not found["gaps"]:
        return (
            f"[yellow]The plan fits only after the review: the event then stays within {limit}. "
            f"{after}[/]"
        )
    return f"[red]The plan does not fit: even after the review it exceeds {limit}. {after}[/]"


def _tightest(found: dict[str, Any], stage: str) -> str:
    """Return a sentence about the quota with the largest use."""
    fits = found[stage]["fits"]
    if not fits:
        return "It calls nothing that has a quota."
    fit = max(fits, key=lambda each: each["share"])
    return f"Tightest: {fit['quota']} in {fit['region']}, {fit['share']:.0%} at {fit['at']}."


def _assumed(found: dict[str, Any]) -> str:
    """Return which quotas are assumptions, since Amazon publishes none."""
    if not found["assumed"]:
        return "All quotas are from the plan."
    return (
        "[yellow]Amazon publishes no quotas. Assumed by adsmock: "
        f"{', '.join(found['assumed'])}. Put the rates that you observed into \\[quotas] of the "
        "plan.[/]"
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        is_number = column.endswith(">")
        table.add_column(
            column.rstrip(">"),
            justify="right" if is_number else "left",
            no_wrap=column == "quota class",
        )
    return table
