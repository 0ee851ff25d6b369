"""What other cases of a run show about TLS, for a program with one token host for all regions.

Such a program gets no token where that host is the untrusted one, so the case alone cannot show
that it trusts the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from adsmock.harness.suite.case import Case
from adsmock.harness.suite.checks.security import modern_handshakes
from adsmock.harness.suite.journal import CaseRecord, CaseView

FLAWED, MODERN = "flawed_listener_is_refused", "tls_is_modern"
"""The judge functions that need calls over trusted TLS."""


def with_trust(
    record: CaseRecord, case: Case, others: Iterable[CaseRecord], cases: Mapping[str, Case]
) -> CaseRecord:
    """Return the record with the calls over trusted TLS of other cases; else the record itself.

    Those are cases whose listeners have no flaw.
    """
    if record.numbers is not None or not {FLAWED, MODERN} & {each.judge for each in case.checks}:
        return record
    views = [CaseView.of(one) for one in others if _has_sound_listeners(cases.get(one.case))]
    found: dict[str, dict[str, Any]] = {
        FLAWED: {"trusted": sum(trusted_calls(view) for view in views)},
        MODERN: {"modern": sum(map(modern_handshakes, views))},
    }
    return replace(record, numbers={each.id: found.get(each.judge, {}) for each in case.checks})


def trusted_calls(view: CaseView) -> int:
    """Return the calls over trusted TLS that succeeded."""
    return sum(call.is_tls and call.is_success for call in view.entries)


def _has_sound_listeners(case: Case | None) -> bool:
    return case is not None and set(case.sandbox.listeners.values()) == {"none"}
