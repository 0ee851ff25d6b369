"""Rules of what is advertised: which identifier, and its form.

Knows identifiers as the catalog and the contract name them. Must not know any resource by name.
"""

from __future__ import annotations

import re

from contracts.form import Rule as WireRule
from mockserver.catalog.entry import Rule
from mockserver.core.outcome import Failure
from mockserver.services.rules.site import Site
from mockserver.services.scene import Candidate, Check, Scene


def one_of(rule: WireRule, site: Site) -> Check:
    """Return the check that exactly one of the comma separated members is there."""
    members = tuple(name.strip() for name in rule.field.split(","))

    def check(candidate: Candidate, _scene: Scene) -> Failure | None:
        given = [name for name in members if candidate.whole.get(name) is not None]
        if len(given) == 1:
            return None
        return site.refuse(
            candidate.index,
            rule.error,
            rule.reason,
            member=members[0],
            value=candidate.whole.get(members[0]),
            message=rule.message,
        )

    return check


def product(rule: Rule, site: Site) -> Check:
    """Return the check that the account's own identifier is there and well-formed."""
    member: str = rule.settings["member"]
    reason: str = rule.settings["reason"]
    matches = re.compile(rule.settings["pattern"]).fullmatch

    def check(candidate: Candidate, _scene: Scene) -> Failure | None:
        value = candidate.whole.get(member)
        if value is None:
            return site.refuse(candidate.index, "missingValueError", "MISSING_VALUE", member=member)
        if matches(value):
            return None
        return site.refuse(
            candidate.index, "productIdentifierError", reason, member=member, value=value
        )

    return check
