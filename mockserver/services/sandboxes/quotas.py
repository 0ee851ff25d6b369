"""Quotas of a sandbox: those of the contracts, and settings that replace them."""

from __future__ import annotations

from dataclasses import replace

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.load_window import Tier
from adsmock.mockserver.core.sandbox import QuotaSetting


def default_quotas(contract_set: ContractSet) -> dict[str, QuotaSetting]:
    """Return every quota class with the settings of the contracts."""
    return {
        name: QuotaSetting(
            quota.rate,
            quota.burst,
            quota.retry_after,
            tuple(Tier(row.jobs, row.share) for row in quota.tiers),
        )
        for name, quota in contract_set.quotas.items()
    }


def quotas_with(
    given: dict[str, QuotaSetting], contract_set: ContractSet
) -> dict[str, QuotaSetting]:
    """Return the quotas of the contracts with the given settings.

    Tiers stay, and so does whether a 429 has Retry-After, unless a setting says otherwise.
    """
    defaults = default_quotas(contract_set)
    return defaults | {
        name: replace(
            row,
            tiers=defaults[name].tiers,
            retry_after=row.retry_after or defaults[name].retry_after,
        )
        for name, row in given.items()
    }
