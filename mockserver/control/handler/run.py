"""Conformance runs against this mock: they announce their cases, the dashboard shows them."""

from __future__ import annotations

from typing import Any

from adsmock.mockserver.control.request import ControlRequest
from adsmock.mockserver.control.run_list import RunList
from adsmock.mockserver.core.error import SetupError

MAX_ID = 100
"""Characters of the id of a run."""


def list_all(request: ControlRequest) -> Any:
    """Return the announced runs, the one that began last first."""
    return {"runs": request.runs.rows()}


def put(request: ControlRequest) -> Any:
    """Keep what a run reports of itself."""
    return put_run(request.runs, request.path["run"], request.body)


def put_run(runs: RunList, name: str, report: dict[str, Any]) -> dict[str, Any]:
    """Keep a validated report of a run.

    Raises:
        SetupError: 400, the id is too long.
    """
    if len(name) > MAX_ID:
        raise SetupError(
            f"the id of the run has {len(name)} characters: use at most {MAX_ID}", pointer="/run"
        )
    return runs.put(name, report)
