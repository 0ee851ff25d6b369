"""The control plane of all shards: it passes on what concerns one sandbox, and joins the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from adsmock import __version__
from adsmock.contracts.loader import load
from adsmock.mockserver.control.application import respond
from adsmock.mockserver.control.event_stream import EventStreams
from adsmock.mockserver.control.handler.all_clocks import check_advance, check_put
from adsmock.mockserver.control.handler.events import stream
from adsmock.mockserver.control.handler.journal import read_journal
from adsmock.mockserver.control.handler.run import put_run
from adsmock.mockserver.control.live_events import SandboxChanges
from adsmock.mockserver.control.query_params import read_query
from adsmock.mockserver.control.request import ControlReply
from adsmock.mockserver.control.routes import Route
from adsmock.mockserver.control.run_list import RunList
from adsmock.mockserver.control.schema import check
from adsmock.mockserver.control.unknown_name import UnknownName
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.shards.directory import Directory
from adsmock.mockserver.shards.events import summaries, with_all_sandboxes
from adsmock.mockserver.shards.forward import forward, starting
from adsmock.mockserver.shards.metrics import exposition
from adsmock.mockserver.shards.orphans import CollectedOrphans
from adsmock.mockserver.shards.process import AnyShard

CREATED = 201
NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class JoinedControl:
    """The operations over all shards."""

    shards: Sequence[AnyShard]
    directory: Directory
    orphans: CollectedOrphans
    streams: EventStreams
    leads_to: Callable[[str, dict[str, str]], bool]
    """Says whether the balancer leads calls to a shard at these addresses."""
    runs: RunList
    """Of this process: a run plays against all shards."""

    def answer(self, route: Route, **path: str) -> Response:
        """Answer one request."""
        if "sandbox" in path:
            return self._of_sandbox(route, path["sandbox"])
        own = _OPERATIONS.get(route.id)
        return (
            own(self, route, **path)
            if own
            else forward(self._living(f"{route.id} needs a shard")[0])
        )

    def _of_sandbox(self, route: Route, sandbox: str) -> Response:
        shard = self.directory.find(sandbox)
        if shard is None:
            raise UnknownName("sandbox", sandbox, self.directory.names())
        reply = forward(self._shard(shard))
        if route.id == "sandboxes.delete" and reply.status_code == NO_CONTENT:
            self.directory.remove(sandbox)
        return reply

    def create(self, _: Route) -> Response:
        """Create a sandbox in the shard with the fewest; its id is unique in all shards."""
        with self.directory.lock:
            wanted = _body()
            shard = self._place(wanted)
            is_named = not isinstance(wanted, dict) or wanted.get("id") is not None
            body = None if is_named else {**wanted, "id": self.directory.unused_id(shard.name)}
            reply = forward(shard, None if body is None else orjson.dumps(body))
            if reply.status_code == CREATED:
                row = orjson.loads(reply.get_data())
                self.directory.add(row, shard.name)
            return reply

    def _place(self, wanted: Any) -> AnyShard:
        """Return the shard of an id that is taken, which refuses it; else the least loaded."""
        name = wanted.get("id") if isinstance(wanted, dict) else None
        taken = self.directory.find(name) if isinstance(name, str) else None
        if taken is not None:
            return self._shard(taken)
        living = {each.name: each for each in self._living("a sandbox needs a shard")}
        return living[self.directory.least_loaded(living) or next(iter(living))]

    def sandboxes(self, route: Route) -> Response:
        """Return the sandboxes of the shards that answer, oldest first."""
        rows = {
            row["id"]: row
            for shard in self._living("no shard has answered yet")
            for row in shard.control.call("sandboxes.list")["sandboxes"]
        }
        order = self.directory.names()
        known = [rows[name] for name in order if name in rows]
        return respond(route, {"sandboxes": known})

    def clocks(self, route: Route) -> Response:
        """Show, set or advance the clocks of all sandboxes: all of them, or none."""
        for shard in self.shards:
            if not shard.is_up:
                raise starting(shard)
        if route.body:
            body = _body()
            if body is None:
                return forward(self.shards[0])  # it words the refusal
            check(route.body, body)
            times = [
                row["nowSeconds"]
                for shard in self.shards
                for row in shard.control.call("clocks.get")["clocks"]
            ]
            (check_put if route.method == "PUT" else check_advance)(body, times)
        rows: dict[str, Any] = {}
        for shard in self.shards:
            reply = forward(shard)
            if reply.status_code != HTTPStatus.OK:
                return reply
            rows |= {row["sandbox"]: row for row in orjson.loads(reply.get_data())["clocks"]}
        known = [rows[name] for name in self.directory.names() if name in rows]
        return respond(route, {"clocks": known})

    def health(self, route: Route) -> Response:
        """Return that the process runs, and the state of every shard."""
        counts = self.directory.counts()
        rows = [shard.row(counts[shard.name]) for shard in self.shards]
        return respond(route, {"status": "ok", "version": __version__, "shards": rows})

    def ready(self, route: Route) -> Response:
        """Return that all shards serve, and that the balancer leads calls to them."""
        for shard in self.shards:
            if not (shard.is_up and self.leads_to(shard.name, shard.where)):
                raise starting(shard)
        made = len(self.directory.names())
        operations = len(load().operations)
        return respond(route, {"status": "ready", "sandboxes": made, "operations": operations})

    def metrics(self, route: Route) -> Response:
        """Return the metrics of the shards that answer, with their names."""
        living = self._living("no shard has metrics yet")
        texts = {shard.name: shard.control.call("service.metrics") for shard in living}
        return respond(route, ControlReply(*exposition(texts, self.shards)))

    def follow(self, route: Route) -> Response:
        """Return the events of the sandboxes of all shards, and those of one from its shard."""
        query = read_query(route, request.args.to_dict(flat=True))
        changes = SandboxChanges(self._summaries)
        wanted = query.get("follow")
        if wanted is None:
            stays = query["wait"] == "yes"
            return respond(route, stream(self.streams, changes, None, stays=stays))
        shard = self.directory.find(wanted)
        if shard is None:
            names = self.directory.names()
            raise UnknownName("sandbox", wanted, names, pointer="/follow")
        reply = forward(self._shard(shard))
        if reply.status_code == route.success:
            reply.response = with_all_sandboxes(reply.iter_encoded(), changes)
        return reply

    def _summaries(self) -> list[dict[str, Any]]:
        found = summaries(self._living("no shard has answered yet"))
        return [found[name] for name in self.directory.names() if name in found]

    def list_runs(self, route: Route) -> Response:
        """Return the conformance runs against this installation."""
        return respond(route, {"runs": self.runs.rows()})

    def put_run(self, route: Route, run: str) -> Response:
        """Keep what a conformance run reports of itself."""
        body = _body()
        if body is None:
            return forward(self._living("no shard has answered yet")[0])  # it words the refusal
        check(route.body, body)
        return respond(route, put_run(self.runs, run, body))

    def read_orphans(self, route: Route) -> Response:
        """Return the calls of all shards that belong to no sandbox."""
        query = read_query(route, request.args.to_dict(flat=True))
        accept = request.headers.get("Accept", "")
        resume = request.headers.get("Last-Event-ID", "")
        return respond(route, read_journal(self.orphans, query, accept, resume, self.streams))

    def clear_orphans(self, route: Route) -> Response:
        """Empty the journals of calls that belong to no sandbox."""
        self.orphans.clear()
        for shard in self._living("no shard has a journal yet"):
            shard.control.call("orphans.clear")
        return respond(route, None)

    def _shard(self, name: str) -> AnyShard:
        return next(shard for shard in self.shards if shard.name == name)

    def _living(self, what: str) -> list[AnyShard]:
        found = [shard for shard in self.shards if shard.is_up]
        if not found:
            raise SetupError(f"{what}, and all are starting: try again in a second", status=503)
        return found


def _body() -> Any:
    """Return the body as JSON, None if it is none: a shard words the refusal."""
    raw = request.get_data(cache=True)
    if not raw.strip():
        return {}
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


_OPERATIONS: dict[str, Callable[..., Response]] = {
    "sandboxes.list": JoinedControl.sandboxes,
    "sandboxes.create": JoinedControl.create,
    "events.follow": JoinedControl.follow,
    "clocks.get": JoinedControl.clocks,
    "clocks.put": JoinedControl.clocks,
    "clocks.advance": JoinedControl.clocks,
    "runs.list": JoinedControl.list_runs,
    "runs.put": JoinedControl.put_run,
    "orphans.get": JoinedControl.read_orphans,
    "orphans.clear": JoinedControl.clear_orphans,
    "service.health": JoinedControl.health,
    "service.ready": JoinedControl.ready,
    "service.metrics": JoinedControl.metrics,
    "service.scrape": JoinedControl.metrics,
}
