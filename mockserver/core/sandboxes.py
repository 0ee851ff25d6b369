"""All sandboxes of one process, indexed by credentials and profiles, and the orphan journal.

``mockserver.services.sandboxes.create`` makes sandboxes.
"""

from __future__ import annotations

from threading import RLock
from typing import NamedTuple

from adsmock.mockserver.core.capacity import Capacity
from adsmock.mockserver.core.clock import TimeSource
from adsmock.mockserver.core.job import Worker, at_once
from adsmock.mockserver.core.journal import Journal
from adsmock.mockserver.core.journal import Mode as JournalMode
from adsmock.mockserver.core.metrics import Metrics
from adsmock.mockserver.core.push import Pushes
from adsmock.mockserver.core.redaction import Redactor, fingerprint
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.shard import Shard
from adsmock.mockserver.core.signed_token import TokenSigner

_KNOWN_TOKENS = 20_000

LABEL = "~"
"""Separates a refresh token from a label. A label gives a user of the token a name of its own in
the journal: the fingerprint of the whole."""

MAX_GENERATIONS = 100_000
"""Ids of deleted sandboxes that are remembered; the oldest are forgotten first."""


class Access(NamedTuple):
    """The content of an access token; ``name`` is its fingerprint."""

    sandbox: str
    serial: int
    expiry: float
    name: str
    generation: int = 0


def generation_of(fields: tuple[str, ...], place: int) -> int:
    """Return the generation in the fields of a signed string, 0 where it has none."""
    return int(fields[place]) if len(fields) > place else 0


class Sandboxes:
    """The sandboxes of one process.

    ``seed`` makes ids and tokens repeatable; ``worker`` makes large files outside the event loop.
    ``capacity`` limits how many there are. ``journal_mode`` is that of new ones that name none.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        source: TimeSource | None = None,
        worker: Worker = at_once,
        shard: Shard | None = None,
        capacity: Capacity | None = None,
        journal_mode: JournalMode = "lean",
    ) -> None:
        self.journal_mode = journal_mode
        self.capacity = capacity or Capacity()
        self.seed = seed
        self.source = source or TimeSource()
        self.worker = worker
        self.shard = shard or Shard()
        self.signer = TokenSigner(f"adsmock:{seed}".encode(), self.shard.name)
        self.orphans = Journal("lean", max_entries=5_000)
        self.metrics = Metrics()
        self.aws_url = ""
        """The base URL of SQS and SNS; empty where the mock has no port for them."""
        self.pushes = Pushes()
        """Where messages of Marketing Stream go outside this process."""
        self.redactor = Redactor()
        """Replaces the secrets of all sandboxes in the orphan journal."""
        self.lock = RLock()
        self._all: dict[str, Sandbox] = {}
        self._made = 0
        self._by_client: dict[str, Sandbox] = {}
        self._by_refresh: dict[str, Sandbox] = {}
        self._by_profile: dict[str, Sandbox] = {}
        self._tokens: dict[str, Access] = {}
        self.generations: dict[str, int] = {}
        """How often a sandbox of an id was deleted."""

    def __len__(self) -> int:
        return len(self._all)

    @property
    def made(self) -> int:
        """How many sandboxes were ever added, deleted ones included."""
        return self._made

    def all(self) -> list[Sandbox]:
        """Return every sandbox, oldest first."""
        return list(self._all.values())

    def get(self, sandbox_id: str) -> Sandbox | None:
        """Return the sandbox of that id."""
        return self._all.get(sandbox_id)

    def add(self, sandbox: Sandbox) -> None:
        """Add a new sandbox.

        Raises:
            KeyError: its id is taken.
        """
        with self.lock:
            if sandbox.id in self._all:
                raise KeyError(sandbox.id)
            sandbox.generation = self.generations.get(sandbox.id, 0)
            self._all[sandbox.id] = sandbox
            self._made += 1
            self._by_client[sandbox.credentials.client_id] = sandbox
            self._by_refresh[sandbox.credentials.refresh_token] = sandbox
            for profile_id in sandbox.profiles:
                self._by_profile[profile_id] = sandbox

    def restore(self, sandbox: Sandbox) -> None:
        """Add a sandbox of a stored state, with its generation."""
        self.generations[sandbox.id] = sandbox.generation
        self.add(sandbox)

    def resume(self, made: int, generations: dict[str, int]) -> None:
        """Continue after the counts of a stored state."""
        self._made, self.generations = made, dict(generations)

    def remove(self, sandbox_id: str) -> bool:
        """Remove a sandbox and return whether it existed."""
        with self.lock:
            sandbox = self._all.pop(sandbox_id, None)
            if sandbox is None:
                return False
            self.generations[sandbox_id] = sandbox.generation + 1
            if len(self.generations) > MAX_GENERATIONS:
                del self.generations[next(iter(self.generations))]
            self._by_client.pop(sandbox.credentials.client_id, None)
            self._by_refresh.pop(sandbox.credentials.refresh_token, None)
            for profile_id in sandbox.profiles:
                self._by_profile.pop(profile_id, None)
            return True

    def open_token(self, token: str) -> Access | None:
        """Return the content of an access token issued here, else None.

        The content is cached: a client sends the same token for an hour.
        """
        known = self._tokens.get(token)
        if known is None:
            opened = self.signer.verify("access", token.removeprefix("Atza|"))
            if opened is None:
                return None
            if len(self._tokens) >= _KNOWN_TOKENS:
                self._tokens.clear()
            expiry, name = float(opened[2]), fingerprint(token)
            known = Access(opened[0], int(opened[1]), expiry, name, generation_of(opened, 3))
            self._tokens[token] = known
        return known

    def by_client(self, client_id: str) -> Sandbox | None:
        """Return the sandbox that owns a client id."""
        return self._by_client.get(client_id)

    def by_refresh(self, refresh_token: str) -> Sandbox | None:
        """Return the sandbox that owns a refresh token, or one with a label: ``TOKEN~LABEL``."""
        plain = refresh_token.partition(LABEL)[0]
        return self._by_refresh.get(refresh_token) or self._by_refresh.get(plain)

    def by_profile(self, profile_id: str) -> Sandbox | None:
        """Return the sandbox that owns a profile."""
        return self._by_profile.get(profile_id)
