"""Portfolios v3: what they are, beyond the wire.

Knows the uniqueness of portfolios, what their budgets need, and how their days show. Must not hold
functions.

Source: campaign management reference 5.1. ``by`` on each row says how sure it is.
"""

from __future__ import annotations

from adsmock.mockserver.catalog.resource import Resource, Rule, Serving, Unique

RESOURCES: tuple[Resource, ...] = (
    Resource(
        name="portfolios",
        unique=Unique(("name",), "name", by="assumed"),
        rules=(
            Rule(
                "policy",
                by="assumed",
                settings={
                    "member": "budget",
                    "needs": {
                        "DATE_RANGE": ("amount", "startDate", "endDate"),
                        "MONTHLY_RECURRING": ("amount",),
                        "NO_CAP": (),
                    },
                },
            ),
        ),
        serving=Serving(
            states={"ENABLED": "PORTFOLIO_STATUS_ENABLED"},
            begins="budget.startDate",
            ends="budget.endDate",
            pending="PORTFOLIO_PENDING_START_DATE",
            ended="PORTFOLIO_ENDED",
            by="documented",
        ),
    ),
)
