"""Which region a new token is for.

One host of Login with Amazon may serve all regions, so the host alone does not show it.
"""

from __future__ import annotations

from collections.abc import Iterable

from adsmock.harness.suite.journal import CaseView, Entry


def grants_for(view: CaseView, region: str | None, found: Iterable[Entry]) -> list[Entry]:
    """Return those of some granted tokens that are for a region: by their calls, else by host.

    A token without a call counts where it was requested. If no token was ever requested at the
    region's own host, another host serves it, and all its unused tokens count.
    """
    has_own_host = any(each.is_grant and each.region == region for each in view.entries)
    return [
        each
        for each in found
        if each.is_grant
        and (
            region in places
            if (places := _places(view, each))
            else each.region == region or not has_own_host
        )
    ]


def _places(view: CaseView, grant: Entry) -> set[str | None]:
    """Return the regions that were called with the token of a grant."""
    token = grant.reply.get("access_token") if isinstance(grant.reply, dict) else None
    return {call.region for call in view.api if token and call.token == token}
