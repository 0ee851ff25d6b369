"""Workflows: queries that are stored by name in an instance, to be executed later.

Sources are in the contract ``amc.workflows``.
"""

from __future__ import annotations

from typing import Any

from adsmock.contracts.loader import load
from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.outcome import Document
from adsmock.mockserver.services.marketing_cloud.account import Instance, instance_of
from adsmock.mockserver.services.marketing_cloud.pages import page_of
from adsmock.mockserver.services.marketing_cloud.query import LONGEST, Query, read_query
from adsmock.mockserver.services.marketing_cloud.stored import Stored
from adsmock.mockserver.services.request_context import RequestContext
from adsmock.mockserver.services.verbs.record_store import Record


def create_workflow(context: RequestContext) -> Document:
    """Store a new workflow.

    Raises:
        ApiError: 400, its id is taken or its query is refused; 422, it has no query.
    """
    instance, body = instance_of(context), context.body
    if find_workflow(context, instance, body["workflowId"]) is not None:
        text = f"Workflow {body['workflowId']} already exists"
        raise ApiError("invalid", 400, message=text)
    check_query(body)
    _workflows(context, instance).keep(body["workflowId"], body)
    return Document({})


def list_workflows(context: RequestContext) -> Document:
    """Return a page of the instance's workflows in order of creation.

    Raises:
        ApiError: 400 or 422, the page cannot be returned.
    """
    return page_of(context, "workflows", _workflows(context, instance_of(context)).all())


def get_workflow(context: RequestContext) -> Document:
    """Return one workflow.

    Raises:
        ApiError: 404, there is none.
    """
    return Document({"workflow": _named(context, instance_of(context))})


def update_workflow(context: RequestContext) -> Document:
    """Replace a workflow's definition.

    Raises:
        ApiError: 404, there is none; 400, the query is refused; 422, there is no query.
    """
    instance = instance_of(context)
    name = _named(context, instance)["workflowId"]
    if context.body.get("workflowId", name) != name:
        text = f"workflowId must be {name}, as in the path"
        raise ApiError("unprocessable", 422, message=text)
    check_query(context.body)
    _workflows(context, instance).keep(name, {**context.body, "workflowId": name})
    return Document({})


def delete_workflow(context: RequestContext) -> Document:
    """Delete a workflow; its executions stay.

    Raises:
        ApiError: 404, there is none.
    """
    instance = instance_of(context)
    _workflows(context, instance).delete(_named(context, instance)["workflowId"])
    return Document({})


def find_workflow(context: RequestContext, instance: Instance, name: str) -> Record | None:
    """Return a workflow of an instance, None without one."""
    return _workflows(context, instance).find(name)


def check_query(workflow: dict[str, Any]) -> Query:
    """Return the query of a workflow.

    Raises:
        ApiError: 422, it has none or is too long; 400, it shows or compares what it must not.
    """
    text = workflow.get("sqlQuery") or "".join(workflow.get("query") or ())
    if not text:
        raise ApiError("unprocessable", 422, message="A workflow needs sqlQuery or query")
    if len(text) > LONGEST:
        text = f"sqlQuery has {len(text)} characters, at most {LONGEST} are allowed"
        raise ApiError("unprocessable", 422, message=text)
    found = read_query(text)
    if found.refusal is not None:
        template = load().by_name["amc.workflows"].extra["texts"][found.refusal.text]
        level = found.refusal.threshold.replace("_", " ").lower()
        worded = template.replace("{name}", found.refusal.column).replace("{level}", level)
        raise ApiError("invalid", 400, message=worded)
    return found


def _named(context: RequestContext, instance: Instance) -> Record:
    name = context.parameters["workflowId"]
    found = find_workflow(context, instance, name)
    if found is None:
        raise ApiError("notFound", 404, message=f"Workflow {name} does not exist")
    return found


def _workflows(context: RequestContext, instance: Instance) -> Stored:
    return Stored(context, instance, "workflows")
