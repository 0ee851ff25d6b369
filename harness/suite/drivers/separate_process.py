"""A client of this package in its own process, so that it can be killed and started again.

``SeparateProcess`` starts it and provides its clock over a socket: the client asks
before it sleeps, so the moment of the kill is exact, in virtual time too. The other side and the
protocol are in ``harness.restarted_client``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tempfile
from pathlib import Path
from threading import Event
from typing import Any

from adsmock.harness.client.encryption import KEY_VARIABLE
from adsmock.harness.suite.case_setup import CaseSetup
from adsmock.harness.suite.control import Plane
from adsmock.harness.suite.drivers.command import Watch
from adsmock.harness.suite.drivers.forked_client import ForkedClient
from adsmock.harness.suite.journal import Ending


class SeparateProcess:
    """Runs one case with a client in its own process."""

    def __init__(
        self, kind: str, name: str, setup: CaseSetup, plane: Plane, stopped: Event
    ) -> None:
        self._who = (kind, name)
        self._setup = setup
        self._plane = plane
        self._stopped = stopped
        self._watch = Watch(setup, plane)

    def play(self) -> Ending:
        """Run the client; kill it at the case's moment and run it again with its store."""
        with tempfile.TemporaryDirectory(prefix="adsmock-") as folder:
            (Path(folder) / "task.json").write_text(json.dumps(self._setup.task), "utf-8")
            last = self._live(folder)
            if self._watch.is_hit:
                self._watch.note()
                last = self._live(folder)
        said: list[dict[str, Any]] = last.get("results", [])
        return Ending(
            error=last.get("error")
            or next((each["error"] for each in said if "error" in each), None),
            output="\n".join(json.dumps(each) for each in said),
            claims=tuple({"task": number, **each} for number, each in enumerate(said)),
            restarts=self._watch.restarts,
        )

    def _live(self, folder: str) -> dict[str, Any]:
        """Return the last words of one life of the client, none of one that was killed."""
        key = hashlib.blake2b(self._setup.sandbox.encode(), digest_size=32).digest()
        environment = {KEY_VARIABLE: base64.urlsafe_b64encode(key).decode()}
        with ForkedClient([*self._who, folder, repr(self._now())], environment) as client:
            return self._talk(client)

    def _talk(self, client: ForkedClient) -> dict[str, Any]:
        for line in client.lines:
            words: dict[str, Any] = json.loads(line)
            if "sleep" not in words:
                return words
            if self._watch.is_due() or self._stopped.is_set():
                return {}
            client.write(json.dumps({"now": self._sleep(words["sleep"])}))
        return {"error": f"the client ended with exit code {client.end()}"}

    def _sleep(self, seconds: float) -> float:
        if self._setup.clock == "frozen":
            return self._plane.advance(self._setup.sandbox, seconds)
        self._stopped.wait(seconds)
        return self._now()

    def _now(self) -> float:
        return self._plane.now(self._setup.sandbox)
