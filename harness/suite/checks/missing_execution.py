"""Lost executions of Marketing Cloud: queries of the tasks whose result was never downloaded."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from adsmock.harness.suite.checks.job_files import CORRUPT
from adsmock.harness.suite.checks.settled import Lost, is_final
from adsmock.harness.suite.checks.workflow_entry import CREATE, STORES, execution, queries, spelled
from adsmock.harness.suite.journal import CaseView


def lost_execution(view: CaseView, args: dict[str, Any]) -> Lost:
    """Return the query of a task unless its result was downloaded or it was refused for good.

    An execution that failed is no result: the client has to report it. One whose answer was lost
    may be that of any file.
    """
    wanted = spelled(str(args["sqlQuery"]))
    calls = [call for call, text in queries(view) if wanted in text]
    if any(is_final(call, ()) for call in calls):
        return [], 1
    made = [call for call in calls if call.operation == CREATE]
    ids = {str(execution(call).get("workflowExecutionId") or "") for call in made} - {""}
    files = [
        unquote(file.path)
        for file in view.downloads
        if file.is_success and file.fault_kind not in CORRUPT
    ]
    is_fetched = any(each in path for path in files for each in ids)
    has_unknown = any(call.committed and not call.is_success for call in made)
    if is_fetched or (has_unknown and files):
        return [], 1
    return [f"the result of {args['sqlQuery']}"], 1


def lost_schedule(view: CaseView, args: dict[str, Any]) -> Lost:
    """Return the routine query of a task that was neither scheduled, executed nor refused."""
    wanted = spelled(str(args["sqlQuery"]))
    for call, text in queries(view):
        is_settled = call.is_success or call.committed or is_final(call, ())
        if wanted in text and call.operation not in STORES and is_settled:
            return [], 1
    return [f"the schedule of {args['sqlQuery']}"], 1
