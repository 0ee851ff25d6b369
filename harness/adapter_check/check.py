"""Start the program, ask for every verb once, and examine what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adsmock.harness.adapter_check import examine, report_types
from adsmock.harness.adapter_check.account import Account
from adsmock.harness.adapter_check.probe import Outcome, Probe
from adsmock.harness.adapter_check.probes import PROBES
from adsmock.harness.adapter_check.resources import checkable, is_checkable, probes_of
from adsmock.harness.adapter_check.row import Problem, Row, Status
from adsmock.harness.client.clock import SystemClock
from adsmock.harness.suite.case.model import VERBS
from adsmock.harness.suite.control import Plane, PlaneError, Server
from adsmock.harness.suite.drivers.command import trust_variables
from adsmock.harness.suite.drivers.line_process import InvalidReply, LineProcess, ProcessEnded
from adsmock.harness.suite.last_lines import reason
from adsmock.harness.suite.manifest import NOTHING_DECLARED, Manifest

TIMEOUT = 60.0
"""Seconds until a reply is missing: jobs take a second, and clients poll them patiently."""

END_SECONDS = 5.0
"""Seconds in which a program must exit after ``shutdown``."""

TLS = "TLS"
SHUTDOWN = "shutdown"


class StartError(Exception):
    """The command ended before it answered anything."""


def check(
    command: str, timeout: float = TIMEOUT, manifest: Manifest = NOTHING_DECLARED
) -> Iterator[Row]:
    """Yield a row for each verb as soon as it is known, then those of TLS and shutdown.

    Rows for the resources that the manifest declares, else for all of the vocabulary, follow those
    of the verbs, then those of report types. What is declared and not supported is wrong; verbs
    outside the declaration are not tried.

    Raises:
        StartError: the command ended before it answered anything.
        ServerError: the mock did not start.
    """
    with Server.started() as server:
        plane = Plane(server.control)
        account = Account(plane, "adapter-check")
        program = _Program(command, timeout)
        try:
            supported = set()
            for verb in dict.fromkeys(probe.verb for probe in PROBES):
                if manifest.verbs is not None and verb not in manifest.verbs:
                    yield Row(verb, "not declared")
                    continue
                found = _merged(
                    [_row(program, account, each) for each in PROBES if each.verb == verb]
                )
                supported |= {verb} if found.status != "unsupported" else set()
                yield _as_declared(found, manifest.verbs or frozenset(), f"verb {verb!r}")
            declared = manifest.resources
            names = checkable() if declared is None else filter(is_checkable, sorted(declared))
            for resource in names:
                yield _of_resource(program, account, resource, manifest)
            for name in report_types.names(manifest, has_reports="report" in supported):
                yield _of_report_type(program, account, name, manifest)
            yield _shutdown(program)
            with tempfile.TemporaryDirectory(prefix="adsmock-") as folder:
                yield _tls(command, timeout, plane, folder)
        finally:
            program.stop()
            plane.close()


class _Program:
    """The adapter; it is started again after it ended or broke the protocol."""

    def __init__(
        self, command: str, timeout: float, variables: dict[str, str] | None = None
    ) -> None:
        self._command = command
        self._timeout = timeout
        self._variables = variables
        self._pipe: LineProcess | None = None
        self._has_answered = False

    def ask(self, verb: str, args: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
        """Return the reply, ``{"problem": Problem}`` when there is no usable one.

        Raises:
            StartError: the program ended before its first answer.
        """
        pipe = self._pipe = self._pipe or LineProcess(self._command, self._variables)
        number = pipe.ask(verb, args, **shared)
        try:
            reply = pipe.hear(self._timeout)
        except ProcessEnded as end:
            return {"problem": self._ended(pipe, end.code)}
        except InvalidReply as line:
            self.stop()
            step = "print nothing but replies, with the members that docs/reference/tasks.md lists"
            return {"problem": Problem(str(line), step)}
        if reply is None:
            self.stop()
            step = "answer every request; raise --timeout if the work takes longer"
            return {"problem": Problem(f"no reply within {self._timeout:.0f} s", step)}
        self._has_answered = True
        if reply["id"] != number:
            self.stop()
            said = f"the reply has id {reply['id']}, the request has id {number}"
            return {"problem": Problem(said, "put the id of the request into its reply")}
        return reply

    def _ended(self, pipe: LineProcess, code: int) -> Problem:
        line = reason(pipe.said())
        said = f"the program ended with exit code {code}" + (f": {line}" if line else "")
        self._pipe = None
        if not self._has_answered:
            raise StartError(said)
        return Problem(said, "catch errors, answer failed, and keep reading requests")

    def stop(self) -> None:
        """End the program, by force."""
        if self._pipe is not None:
            self._pipe.end(0.0)
            self._pipe = None

    def finish(self) -> bool:
        """Ask the program to shut down; return whether it exits in time.

        One that ended or was stopped at its last request starts again, with the time for a start.
        """
        limit = END_SECONDS if self._pipe else END_SECONDS + self._timeout
        self._pipe = self._pipe or LineProcess(self._command, self._variables)
        self._pipe.ask(SHUTDOWN, {})
        try:
            while self._pipe.hear(limit) is not None:
                pass
        except (ProcessEnded, InvalidReply):
            self._pipe = None
            return True
        return False


def _row(program: _Program, account: Account, probe: Probe) -> Row:
    """Return the outcome of one request."""
    seen = _outcome(program, account, probe, account.request)
    if "problem" in seen.reply:
        return Row(probe.verb, "wrong", len(seen.calls), (seen.reply["problem"],))
    if seen.reply["status"] == "unsupported":
        return Row(probe.verb, "unsupported", reason=str(seen.reply.get("error", "")))
    problems = tuple(examine.problems(probe, seen))
    return Row(probe.verb, "wrong" if problems else "works", len(seen.calls), problems)


def _outcome(program: _Program, account: Account, probe: Probe, shared: dict[str, Any]) -> Outcome:
    clock = SystemClock()
    args = probe.args(account)
    before = max((int(row["seq"]) for row in account.calls(0)), default=0)
    begin = clock.now()
    reply = program.ask(probe.verb, args, shared)
    seconds = clock.now() - begin
    calls = [call for call in account.calls(before) if call["operation"] != "lwa.token"]
    return Outcome(account, args, reply, calls, seconds)


def _of_resource(program: _Program, account: Account, resource: str, manifest: Manifest) -> Row:
    """Return the outcome of all requests for one resource, each problem with its verb.

    What the manifest declares and the program does not support is wrong; without a declaration the
    row names the verbs that are missing.
    """
    is_declared = manifest.resources is not None
    rows = [_row(program, account, probe) for probe in probes_of(resource, manifest.verbs or VERBS)]
    if is_declared:
        rows = [_as_declared(one, frozenset({one.verb}), resource) for one in rows]
    named = [
        replace(row, problems=tuple(_in_verb(row.verb, each) for each in row.problems))
        for row in rows
    ]
    if not named:
        return Row(resource, "works", reason="no declared verb fits")
    missing = list(dict.fromkeys(row.verb for row in rows if row.status == "unsupported"))
    if len(missing) == len({row.verb for row in rows}):
        return Row(resource, "unsupported", reason=named[0].reason)
    reason = f"without {', '.join(missing)}" if missing else ""
    found = _merged([row for row in named if row.verb not in missing])
    return replace(found, verb=resource, reason=reason)


def _of_report_type(program: _Program, account: Account, name: str, manifest: Manifest) -> Row:
    """Return the outcome of a report of one type; what is declared has to work."""
    found = replace(_row(program, account, report_types.probe(name)), verb=name)
    return _as_declared(found, manifest.report_types or frozenset(), f"report type {name!r}")


def _in_verb(verb: str, problem: Problem) -> Problem:
    return replace(problem, what=f"{verb}: {problem.what}")


def _as_declared(row: Row, declared: frozenset[str], thing: str) -> Row:
    """Return a row in which a declared thing that is unsupported is wrong."""
    if row.status != "unsupported" or row.verb not in declared:
        return row
    said = f" ({row.reason})" if row.reason else ""
    problem = Problem(
        f"the manifest declares {thing}, but the adapter answers unsupported{said}",
        "support it, or take it out of the manifest",
    )
    return replace(row, status="wrong", problems=(problem,))


def _merged(rows: list[Row]) -> Row:
    """Return the rows of one verb as one; what is unsupported in part is the reason."""
    problems = tuple(dict.fromkeys(problem for row in rows for problem in row.problems))
    calls = sum(row.calls for row in rows)
    reason = "; ".join(dict.fromkeys(row.reason for row in rows if row.reason))
    if problems:
        return replace(rows[0], status="wrong", calls=calls, problems=problems)
    status: Status = "works" if any(row.status == "works" for row in rows) else rows[0].status
    return replace(rows[0], status=status, calls=calls, reason=reason)


def _shutdown(program: _Program) -> Row:
    if program.finish():
        return Row(SHUTDOWN, "works")
    step = "exit when a request says shutdown, and when standard input ends"
    problem = Problem(f"the program did not exit within {END_SECONDS:.0f} s of shutdown", step)
    return Row(SHUTDOWN, "wrong", problems=(problem,))


def _tls(command: str, timeout: float, plane: Plane, folder: str) -> Row:
    """Return whether a program that verifies certificates trusts the one that it is given."""
    account = Account(plane, "adapter-check-tls")
    try:
        trust = account.trust(folder)
    except PlaneError as error:
        return Row(TLS, "unsupported", reason=f"not checked: {error}")
    probe = next(each for each in PROBES if each.verb == "list")
    program = _Program(command, timeout, trust_variables(trust))
    try:
        seen = _outcome(program, account, probe, account.request | trust)
    finally:
        program.finish()
        program.stop()
    if seen.reply.get("status") == "unsupported":
        return Row(TLS, "unsupported", reason="not checked: it needs the verb list")
    if any(call["tls"] and call["status"] for call in seen.calls):
        return Row(TLS, "works", len(seen.calls))
    problem = Problem(
        f"no call arrived over TLS: {seen.reply.get('error') or 'the handshake failed'}",
        "trust the certificates in caBundle; the environment of the program names the same file",
    )
    return Row(TLS, "wrong", len(seen.calls), (problem,))
