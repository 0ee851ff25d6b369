"""Run the tasks of a task file with a client, and report one result for each.

The format of a task file is ``contracts/meta/task.schema.json`` of adsmock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from .api import unknown
from .client import AdsClient
from .clock import Clock, Sleeper
from .errors import AdsError
from .multistatus import Outcome
from .random_source import RandomSource
from .settings import Settings
from .transport import Transport
from .tree import Branch


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one task: ``partial`` when some of its parts failed."""

    verb: str
    status: Literal["done", "partial", "failed"]
    done: int = 0
    failed: int = 0
    error: str | None = None
    value: Any = field(default=None, repr=False, compare=False)
    sums: Mapping[str, Mapping[str, float]] | None = None
    """What the records of Marketing Stream add up to, by dataset and metric."""

    def row(self) -> dict[str, Any]:
        """Return the result as JSON, without its value."""
        shown = {"verb": self.verb, "status": self.status, "done": self.done, "failed": self.failed}
        more = {"error": self.error or None, "sums": self.sums}
        return shown | {name: value for name, value in more.items() if value is not None}


ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "list_profiles": (),
    "list": ("resource", "profile"),
    "get": ("resource", "profile", "ids"),
    "create": ("resource", "profile", "items"),
    "update": ("resource", "profile", "items"),
    "modify": ("resource", "profile"),
    "archive": ("resource", "profile", "ids"),
    "create_tree": ("profile", "campaigns"),
    "export": ("kind", "profile"),
    "exports": ("kind", "profile", "count"),
    "sync_metadata": ("profile",),
    "report": ("reportTypeId", "profile", "startDate", "endDate", "columns", "groupBy"),
    "reports": ("reports", "within"),
    "steady": ("resource", "profile", "times", "every"),
    "subscribe_stream": ("profile", "datasets", "queueArn"),
    "consume_stream": ("queueUrl", "seconds", "datasets", "metrics"),
    "raise_budgets": ("profile", "queueUrl", "seconds", "percent", "amount"),
    "apply_recommendations": ("profile", "campaignIds"),
    "run_workflow": ("profile", "instance", "sqlQuery", "days"),
    "schedule_workflow": ("profile", "instance", "sqlQuery", "aggregationPeriod"),
    "idle": ("seconds",),
}
"""The arguments that each verb of a task needs."""


def checked(document: Any) -> dict[str, Any]:
    """Return a task file that has everything the client needs.

    Raises:
        ValueError: names the place and what is missing or unknown there.
    """
    task = _members(document, "", ("tasks", "regions", "profiles", "credentials"))
    for name, row in _members(task["regions"], "/regions", ()).items():
        _members(row, f"/regions/{name}", ("ads", "lwa"))
    for place, row in enumerate(task["profiles"]):
        _members(row, f"/profiles/{place}", ("profileId", "region", "countryCode"))
    _members(task["credentials"], "/credentials", ("clientId", "clientSecret", "refreshToken"))
    for place, row in enumerate(task["tasks"]):
        verb = _members(row, f"/tasks/{place}", ("verb", "args"))["verb"]
        if verb not in ARGUMENTS:
            raise ValueError(f"/tasks/{place}/verb: {unknown('verb', str(verb), ARGUMENTS)}")
        _members(row["args"], f"/tasks/{place}/args", ARGUMENTS[verb])
    return task


def _members(value: Any, place: str, names: Sequence[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{place or '/'}: expected an object")  # noqa: TRY004 -- a value of a file
    missing = [name for name in names if name not in value]
    if missing:
        raise ValueError(f"{place or '/'}: needs {', '.join(missing)}")
    return value


def run(
    task: Mapping[str, Any],
    clock: Clock,
    sleeper: Sleeper,
    random_source: RandomSource,
    *,
    transport: Transport | None = None,
    client_factory: Callable[..., AdsClient] = AdsClient,
    workers: int = 1,
    leave: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Build a client for a task file and run all its tasks; return their results in order."""
    settings = Settings.from_task(task)
    with client_factory(
        settings, clock=clock, sleeper=sleeper, random_source=random_source, transport=transport
    ) as client:
        return perform(task, client, sleeper, workers, leave)


def perform(
    task: Mapping[str, Any],
    client: AdsClient,
    sleeper: Sleeper,
    workers: int = 1,
    leave: Callable[[], None] = lambda: None,
) -> list[Result]:
    """Run the tasks of a task file, in order or with several workers.

    A task that fails does not end the others. Each worker calls ``leave`` when it has no more
    tasks.
    """

    def run_task(row: Mapping[str, Any]) -> Result:
        return _perform(row["verb"], row["args"], client, sleeper)

    if workers == 1:
        try:
            return [run_task(row) for row in task["tasks"]]
        finally:
            leave()
    queue = deque(enumerate(task["tasks"]))
    results: dict[int, Result] = {}

    def work() -> None:
        try:
            while queue:
                try:
                    place, row = queue.popleft()
                except IndexError:  # another worker took it
                    return
                results[place] = run_task(row)
        finally:
            leave()

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(work) for _ in range(workers)]:
            future.result()
    return [results[place] for place in sorted(results)]


def _perform(verb: str, args: Mapping[str, Any], client: AdsClient, sleeper: Sleeper) -> Result:
    try:
        if verb == "idle":
            sleeper.sleep(float(args["seconds"]))
            return Result(verb, "done", done=1)
        if verb == "steady":
            return _steady(client, args, sleeper)
        return _VERBS[verb](client, args)
    except AdsError as error:
        return Result(verb, "failed", failed=1, error=_error_text(error))


def _list_profiles(client: AdsClient, args: Mapping[str, Any]) -> Result:  # noqa: ARG001 -- a verb
    """List the profiles of every region; a failed region does not hide the others."""
    found: list[Any] = []
    errors: list[str] = []
    for region in client.router.regions:
        try:
            found += client.list_profiles(region)
        except AdsError as error:
            errors.append(f"{region}: {_error_text(error)}")
    return _result("list_profiles", len(found), errors, found)


def _list(client: AdsClient, args: Mapping[str, Any]) -> Result:
    found = client.list(args["resource"], args["profile"], args.get("filter"), args.get("pageSize"))
    return _result("list", len(found), [], found)


def _steady(client: AdsClient, args: Mapping[str, Any], sleeper: Sleeper) -> Result:
    """List several times at even intervals; a failed list does not end the others."""
    errors: list[str] = []
    for _ in range(args["times"]):
        try:
            client.list(args["resource"], args["profile"], args.get("filter"))
        except AdsError as error:
            errors.append(_error_text(error))
        sleeper.sleep(float(args["every"]))
    return _result("steady", args["times"] - len(errors), errors, None)


def _get(client: AdsClient, args: Mapping[str, Any]) -> Result:
    found = client.get(args["resource"], args["profile"], args["ids"])
    return _result("get", len(found), [], found)


def _create(client: AdsClient, args: Mapping[str, Any]) -> Result:
    return _write_result("create", client.create(args["resource"], args["profile"], args["items"]))


def _update(client: AdsClient, args: Mapping[str, Any]) -> Result:
    return _write_result("update", client.update(args["resource"], args["profile"], args["items"]))


def _modify(client: AdsClient, args: Mapping[str, Any]) -> Result:
    resource, profile = args["resource"], args["profile"]
    outcomes = client.modify(
        resource, profile, args.get("filter"), members=args.get("set"), raises=args.get("raise")
    )
    return _write_result("modify", outcomes)


def _archive(client: AdsClient, args: Mapping[str, Any]) -> Result:
    return _write_result("archive", client.archive(args["resource"], args["profile"], args["ids"]))


def _create_tree(client: AdsClient, args: Mapping[str, Any]) -> Result:
    roots = client.create_tree(args["profile"], args["campaigns"])
    branches = [branch for root in roots for branch in root.walk()]
    errors = [_branch_text(branch) for branch in branches if not _is_done(branch)]
    return _result("create_tree", len(branches) - len(errors), errors, roots)


def _export(client: AdsClient, args: Mapping[str, Any]) -> Result:
    records = client.export(args["kind"], args["profile"], args.get("filter"))
    return _result("export", len(records), [], records)


def _exports(client: AdsClient, args: Mapping[str, Any]) -> Result:
    results = client.exports(args["kind"], args["profile"], args["count"])
    errors = [_error_text(result) for result in results if isinstance(result, AdsError)]
    return _result("exports", len(results) - len(errors), errors, results)


def _sync_metadata(client: AdsClient, args: Mapping[str, Any]) -> Result:
    records = client.sync_metadata(args["profile"])
    return _result("sync_metadata", len(records), [], records)


def _report(client: AdsClient, args: Mapping[str, Any]) -> Result:
    rows = client.report(args["profile"], args)
    return _result("report", len(rows), [], rows)


def _reports(client: AdsClient, args: Mapping[str, Any]) -> Result:
    found = client.reports(args["reports"], float(args["within"]))
    return _result("reports", len(found), [], found)


def _subscribe_stream(client: AdsClient, args: Mapping[str, Any]) -> Result:
    rows = client.subscribe_stream(args["profile"], args["datasets"], args["queueArn"])
    errors = [f"{row.dataset}: {_error_text(row.error)}" for row in rows if row.error]
    return _result("subscribe_stream", len(rows) - len(errors), errors, rows)


def _consume_stream(client: AdsClient, args: Mapping[str, Any]) -> Result:
    day = args.get("day", "")
    found = client.consume_stream(args["queueUrl"], float(args["seconds"]), day)
    sums = {
        dataset: {name: float(found.get(dataset, {}).get(name, 0)) for name in args["metrics"]}
        for dataset in args["datasets"]
    }
    return Result("consume_stream", "done", done=len(sums), value=found, sums=sums)


def _raise_budgets(client: AdsClient, args: Mapping[str, Any]) -> Result:
    numbers = (float(args[name]) for name in ("seconds", "percent", "amount"))
    outcomes = client.raise_budgets(args["profile"], args["queueUrl"], *numbers)
    return _write_result("raise_budgets", outcomes)


def _apply_recommendations(client: AdsClient, args: Mapping[str, Any]) -> Result:
    outcomes = client.apply_recommendations(args["profile"], args["campaignIds"])
    return _write_result("apply_recommendations", outcomes)


def _run_workflow(client: AdsClient, args: Mapping[str, Any]) -> Result:
    rows = client.run_workflow(args["profile"], args["instance"], args["sqlQuery"], args["days"])
    return _result("run_workflow", len(rows), [], rows)


def _schedule_workflow(client: AdsClient, args: Mapping[str, Any]) -> Result:
    rows = client.schedule_workflow(
        args["profile"], args["instance"], args["sqlQuery"], args["aggregationPeriod"]
    )
    return _result("schedule_workflow", len(rows), [], rows)


_VERBS: Mapping[str, Callable[[AdsClient, Mapping[str, Any]], Result]] = {
    "list_profiles": _list_profiles,
    "list": _list,
    "get": _get,
    "create": _create,
    "update": _update,
    "modify": _modify,
    "archive": _archive,
    "create_tree": _create_tree,
    "export": _export,
    "report": _report,
    "reports": _reports,
    "exports": _exports,
    "sync_metadata": _sync_metadata,
    "subscribe_stream": _subscribe_stream,
    "consume_stream": _consume_stream,
    "raise_budgets": _raise_budgets,
    "apply_recommendations": _apply_recommendations,
    "run_workflow": _run_workflow,
    "schedule_workflow": _schedule_workflow,
}


def _write_result(verb: str, outcomes: Sequence[Outcome]) -> Result:
    errors = [_outcome_text(outcome) for outcome in outcomes if not outcome.is_done]
    return _result(verb, len(outcomes) - len(errors), errors, outcomes)


def _result(verb: str, done: int, errors: Sequence[str], value: Any) -> Result:
    """Return a result: done without errors, failed if nothing was done, else partial."""
    status: Literal["done", "partial", "failed"] = "done"
    if errors:
        status = "partial" if done else "failed"
    return Result(verb, status, done, len(errors), "; ".join(errors) or None, value)


def _is_done(branch: Branch) -> bool:
    return branch.outcome is not None and branch.outcome.is_done


def _branch_text(branch: Branch) -> str:
    if branch.outcome is None:
        return f"{branch.resource}: not sent, its parent failed"
    return f"{branch.resource} {_outcome_text(branch.outcome)}"


def _outcome_text(outcome: Outcome) -> str:
    reasons = ", ".join(f"{error.kind} {error.message}".strip() for error in outcome.errors)
    return f"item {outcome.index}: {reasons}"


def _error_text(error: AdsError) -> str:
    return f"{type(error).__name__}: {error}"
