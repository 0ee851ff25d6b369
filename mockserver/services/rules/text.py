"""Rules of text: length, words, characters.

Knows how contract rows about text become checks. Must not know any resource by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from contracts.form import Rule
from mockserver.core.outcome import Failure
from mockserver.services.rules.site import Site
from mockserver.services.scene import Candidate, Check, Scene
from mockserver.services.shape import getter

_CAUSELESS = {"PATTERN_NOT_MATCHED"}
"""Reasons whose cause is empty. Source: campaign management reference 2.5 (observed)."""


def length(rule: Rule, site: Site) -> Check:
    """Return the check that a text has ``minimum`` to ``maximum`` characters.

    Text of white space alone counts as empty, so that a minimum of one refuses it.
    """
    low = rule.minimum or 0
    high = rule.maximum if rule.maximum is not None else float("inf")
    if low:
        return _check(rule, site, lambda text: low <= len(text.strip()) and len(text) <= high)
    return _check(rule, site, lambda text: len(text) <= high)


def words(rule: Rule, site: Site) -> Check:
    """Return the check that a text has at most ``maximum`` words."""
    most = rule.maximum or 0
    return _check(rule, site, lambda text: len(text.split()) <= most)


def pattern(rule: Rule, site: Site) -> Check:
    """Return the check that a whole text matches a regular expression."""
    matches = re.compile(rule.pattern or "").fullmatch
    return _check(rule, site, lambda text: matches(text) is not None)


def _check(rule: Rule, site: Site, holds: Callable[[str], bool]) -> Check:
    read = getter(rule.field)
    member = None if rule.reason in _CAUSELESS else rule.field

    def check(candidate: Candidate, _scene: Scene) -> Failure | None:
        text: Any = read(candidate.given)
        if text is None or holds(text):
            return None
        return site.refuse(
            candidate.index,
            rule.error,
            rule.reason,
            member=member,
            value=text,
            message=rule.message,
        )

    return check
