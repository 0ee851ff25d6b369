"""adsmock estimate: calculate the calls of a plan and compare them with the quotas."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console

from adsmock.contracts.loader import load
from adsmock.contracts.suggest import did_you_mean
from adsmock.harness.client import AdsError
from adsmock.harness.command.arguments import amount, seed
from adsmock.harness.command.failure import UsageError, guarded
from adsmock.harness.command.rehearsal import compare
from adsmock.harness.config_file import read
from adsmock.harness.volume import document, html_page, table
from adsmock.harness.volume.estimate import estimate
from adsmock.harness.volume.plan import PlanError, VolumePlan, parse_plan

SUMMARY = "Estimate the calls of a plan against the quotas."
WORKFLOW = "plan"

EXAMPLES = """\
adsmock estimate plan.toml                         demand, review, remaining gaps
adsmock estimate agency                            an included plan (also: platform, seller-tool)
adsmock estimate plan.toml --json plan.json --html plan.html
adsmock estimate plan.toml --max-share 0.8         exit 1 when the event uses more of a quota
adsmock estimate seller-tool --rehearse            run the day with the reference client
"""

PLANS = Path(__file__).parent.parent / "volume" / "plans"

FITS, EXCEEDS = 0, 1

SEED = 7
"""Another seed changes the ids of the rehearsal, not its calls."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of this command."""
    parser.add_argument("plan", help=f"a file, or an included plan: {', '.join(_names())}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the estimate as JSON")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with plots")
    parser.add_argument(
        "--max-share",
        type=amount,
        metavar="SHARE",
        help="exit 1 when the busiest minute of the event, as called now, uses more of a quota",
    )
    parser.add_argument(
        "--rehearse",
        action="store_true",
        help="run the day with the reference client, one advertiser per group, and compare",
    )
    parser.add_argument("--seed", type=seed, default=SEED, help=f"its seed (default: {SEED})")


def run(arguments: argparse.Namespace) -> int:
    """Print the estimate; return 0, or 1 when a quota is used beyond ``--max-share``."""
    return guarded(lambda: _run(arguments))


def _run(arguments: argparse.Namespace) -> int:
    plan, console = plan_named(arguments.plan), Console()
    found = document.of_estimate(estimate(plan, load()))
    table.show_estimate(found, console)
    if arguments.rehearse:
        found["rehearsal"] = _rehearse(plan, arguments.seed)
        table.show_rehearsal(found["rehearsal"], console)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    if arguments.html:
        arguments.html.write_text(html_page.render(found), "utf-8")
    limit = arguments.max_share
    exceeds = limit is not None and any(fit["share"] > limit for fit in found["demand"]["fits"])
    return EXCEEDS if exceeds else FITS


def plan_named(name: str) -> VolumePlan:
    """Return an included plan, or the plan in a file.

    Raises:
        UsageError: there is no such plan, or it contradicts itself.
    """
    path = PLANS / f"{name}.toml" if name in _names() else Path(name)
    if not path.suffix and not path.exists():
        raise UsageError(f"unknown plan {name!r}: {did_you_mean(name, _names())}")
    try:
        return parse_plan(read(path, "plan").values)
    except PlanError as error:
        raise UsageError(f"{path.name}: {error}") from None


def _rehearse(plan: VolumePlan, seed: int) -> dict[str, Any]:
    try:
        return compare(plan, load(), seed)
    except (AdsError, ValueError) as error:
        raise UsageError(f"the rehearsal failed: {error}") from None


def _names() -> list[str]:
    return sorted(path.stem for path in PLANS.glob("*.toml"))
