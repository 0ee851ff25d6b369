"""What a partner declares about an integration, as a frozen value.

Knows the words of ``contracts/meta/manifest.schema.json``. Must not know files, cases or verdicts.
What is declared says when a wait may end and what is absent; nothing here loosens a MUST.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Manifest:
    """The declarations; what was left out is None, or the least that can be assumed.

    ``max_delay``, ``rto`` and all timeouts are seconds. ``absent`` holds reasons by case or check.
    """

    name: str = ""
    command: str | None = None
    adapter: str | None = None
    case_timeout: float | None = None
    verbs: frozenset[str] | None = None
    workers: int = 1
    max_delay: float | None = None
    max_retries: int | None = None
    connect_timeout: float | None = None
    read_timeout: float | None = None
    poll_timeout: float | None = None
    backlog_timeout: float | None = None
    batch: Mapping[str, int] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    token_ttl: float | None = None
    url_ttl: float | None = None
    calls_per_hour: float | None = None
    rto: float | None = None
    rpo_writes: int | None = None
    absent: Mapping[str, str] = field(default_factory=dict)

    def absence(self, case: str, check: str, verbs: Iterable[str]) -> str | None:
        """Return why a check has nothing to judge, None when nothing of the kind is declared.

        Args:
            case: id of the case.
            check: id of the check.
            verbs: what the tasks of the case ask for.
        """
        declared = self.absent.get(check) or self.absent.get(case)
        if declared:
            return declared
        missing = sorted(set(verbs) - self.verbs) if self.verbs is not None else []
        return f"not among its verbs: {', '.join(missing)}" if missing else None


NOTHING_DECLARED = Manifest()


def declared(values: Mapping[str, Any] | None) -> Manifest:
    """Return the manifest written in ``values``, which fit its schema."""
    if values is None:
        return NOTHING_DECLARED
    return Manifest(
        name=values["name"],
        verbs=frozenset(values["verbs"]) if "verbs" in values else None,
        workers=values.get("workers", 1),
        batch=dict(values.get("batch", {})),
        hosts=tuple(values.get("hard_coded", {}).get("hosts", ())),
        calls_per_hour=values.get("estimated_calls_per_hour"),
        absent={row["id"]: row["reason"] for row in values.get("not_applicable", ())},
        **{name: values.get(table, {}).get(key) for name, (table, key) in _PLACES.items()},
    )


_PLACES = {
    "command": ("start", "command"),
    "adapter": ("start", "adapter"),
    "case_timeout": ("start", "timeout_seconds"),
    "max_delay": ("retry", "max_delay_seconds"),
    "max_retries": ("retry", "max_retries"),
    "connect_timeout": ("timeouts", "connect_seconds"),
    "read_timeout": ("timeouts", "read_seconds"),
    "poll_timeout": ("timeouts", "poll_seconds"),
    "backlog_timeout": ("timeouts", "backlog_seconds"),
    "token_ttl": ("hard_coded", "token_seconds"),
    "url_ttl": ("hard_coded", "url_seconds"),
    "rto": ("recovery", "rto_seconds"),
    "rpo_writes": ("recovery", "rpo_writes"),
}
"""Where members stand that are taken as they are: table and key."""
