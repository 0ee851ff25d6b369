"""The reports that the check asks for: one of each declared type, else of each ad product."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adsmock.contracts import report_tables
from adsmock.harness.adapter_check.account import Account
from adsmock.harness.adapter_check.probe import Outcome, Probe
from adsmock.harness.adapter_check.probes import downloaded
from adsmock.harness.adapter_check.row import Problem
from adsmock.harness.suite.manifest import Manifest

USUAL = ("sbCampaigns", "sdCampaigns", "stCampaigns")
"""Checked without a declaration: one type of each ad product. The verb asks for spCampaigns."""

OTHER_ACCOUNTS = frozenset({"DEMAND_SIDE_PLATFORM", "ALL"})
"""Ad products whose reports need filters of other accounts."""

FIGURES = ("impressions", "clicks", "cost")

FIRST_DAY, LAST_DAY = "2026-06-20", "2026-06-21"


def names(manifest: Manifest, *, has_reports: bool) -> tuple[str, ...]:
    """Return the report types to ask for; those of other accounts are left out.

    Without a declaration, a program without reports is asked for none.
    """
    if manifest.report_types is None:
        return USUAL if has_reports else ()
    known = report_tables.types()
    return tuple(
        name
        for name in sorted(manifest.report_types & known.keys())
        if known[name]["adProduct"] not in OTHER_ACCOUNTS
    )


def probe(name: str) -> Probe:
    """Return the request for one report of a type."""

    def args(account: Account) -> dict[str, Any]:
        row = report_tables.types()[name]
        return {
            "reportTypeId": name,
            "profile": account.profile("NA"),
            "startDate": FIRST_DAY,
            "endDate": LAST_DAY,
            "columns": [each for each in FIGURES if each in row["base"]] or row["base"][:2],
            "groupBy": [next(iter(row["groups"]))],
            "timeUnit": "SUMMARY",
        }

    return Probe("report", args, _of_type)


def _of_type(seen: Outcome) -> Iterator[Problem]:
    name = str(seen.args["reportTypeId"])
    wanted = (name, report_tables.types()[name]["adProduct"])
    sent = {
        (each.get("reportTypeId"), each.get("adProduct"))
        for call in seen.of("reporting.create")
        for each in [(call.get("request") or {}).get("configuration") or {}]
    }
    if sent and sent != {wanted}:
        others = ", ".join(f"{kind} of {product}" for kind, product in sent)
        yield Problem(
            f"another report was requested: {others}",
            f"send reportTypeId {wanted[0]} with adProduct {wanted[1]} in configuration",
        )
    yield from downloaded("reporting.")(seen)
