"""Fault kind ``patch``: edit the JSON of a reply."""

from __future__ import annotations

from typing import Any

from adsmock.contracts.contract_set import ContractSet
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.services.faults.json_edit import JsonEdits


class Patch(JsonEdits):
    """Edits of the reply; the state stays as it is."""

    kind = "patch"
    points = ("after_commit",)
    summary = (
        "Edits the JSON of the reply: `operations` add, replace or remove values, "
        "`shuffle` reorders arrays."
    )

    @classmethod
    def check(cls, given: dict[str, Any], contract_set: ContractSet) -> None:
        """Check that the rule edits something, and its pointers."""
        if not (given.get("operations") or given.get("shuffle")):
            raise SetupError(
                'kind patch without an edit: give "operations" or "shuffle"', pointer="/effect"
            )
        JsonEdits.check(given, contract_set)
