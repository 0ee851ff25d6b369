"""What accounts have of each ad product over some days: the sources of rows by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.catalog.reporting import field
from adsmock.mockserver.catalog.reporting.subject import PRODUCTS
from adsmock.mockserver.core.sandbox import Profile, Sandbox
from adsmock.mockserver.services.reporting.by_field.rows import Source
from adsmock.mockserver.services.reporting.eligible import Calendar, EligibleCampaigns, tables
from adsmock.mockserver.services.reporting.totals import Span
from adsmock.mockserver.services.sandboxes.identities import company_name

_WEEK, _FORTNIGHT = 7, 14
"""Days for which purchases count. Source: metrics library of reporting v1 (documented)."""


def sources_of(
    sandbox: Sandbox,
    now: float,
    days: tuple[int, int],
    accounts: Iterable[tuple[str, Profile]],
    *,
    view: str | None = None,
    seed: int | None = None,
) -> Iterator[tuple[Source, int]]:
    """Yield what each profile has of each ad product, with the number of its entities.

    Args:
        sandbox: the sandbox of the profiles.
        now: sandbox seconds.
        days: ordinals of the first and the last day; days after today have no rows.
        accounts: profiles, each with the id of its account.
        view: the currency of converted amounts.
        seed: of the traffic, where it is not the sandbox's own.
    """
    first, end = days
    for account, profile in accounts:
        market = load().marketplaces[profile.country]
        calendar = Calendar(profile.timezone)
        today = calendar.day(now)
        last = min(end, today)
        if last < first:
            continue
        traffic_seed = sandbox.seed if seed is None else seed
        span = Span(traffic_seed, first, last, now, calendar, today, market)
        for product, (short, label) in field.PRODUCTS.items():
            known = tables(PRODUCTS[product], sandbox.store, profile.id)
            frame = _frame(sandbox, account, profile, view)
            frame |= {"product": label, "adProduct": product}
            lasting = purchase_days(short, profile.kind)
            campaigns = EligibleCampaigns(PRODUCTS[product], known, calendar, market)
            source = Source(short, lasting, frame, span, campaigns)
            yield source, known.size


def purchase_days(product: str, kind: str) -> int:
    """Return for how many days purchases count: of an ad product, for a kind of profile."""
    return _WEEK if (product, kind) == ("SP", "seller") else _FORTNIGHT


def _frame(sandbox: Sandbox, account: str, profile: Profile, view: str | None) -> dict[str, Any]:
    """Return the words of every row of a profile."""
    return {
        "account": account,
        "accountName": company_name(sandbox, profile),
        "entity": profile.account_id,
        "currency": profile.currency,
        "country": profile.country,
        "timezone": profile.timezone,
        "view": view,
    }
