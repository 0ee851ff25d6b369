"""Which calls a recording may send: reads, unless the profile is proved to be a test account."""

from __future__ import annotations

import threading
from typing import Any

import orjson

from adsmock.contracts.loader import load
from adsmock.contracts.operation_index import operations
from adsmock.contracts.reads import is_read
from adsmock.mockserver.recorder.message import Answer, Message, header

SCOPE = "amazon-advertising-api-scope"
TOKEN_PATH = "/auth/o2/token"
SUCCESS = 200


class Policy:
    """Decides call by call, and remembers which profiles are test accounts.

    A profile is a test account when both ``GET /testAccounts`` and ``GET /v2/profiles`` of this
    recording name its account. Both lists must come through the recorder.
    """

    def __init__(self, *, allow_writes: bool = False) -> None:
        regions = load().regions.values()
        self._tokens = {region.lwa_host for region in regions}
        self._ads = {region.ads_host for region in regions}
        self._storage = {region.storage_host for region in regions}
        self._allow_writes = allow_writes
        self._lock = threading.Lock()
        self._tests: set[str] = set()
        self._accounts: dict[str, str] = {}

    @property
    def hosts(self) -> frozenset[str]:
        """Every host that a recording may call."""
        return frozenset(self._tokens | self._ads | self._storage)

    def refusal(self, message: Message) -> str:
        """Return why a call is not sent; empty if it is."""
        if message.host not in self.hosts:
            return f"{message.host} is not one of Amazon's hosts"
        if self._only_reads(message):
            return ""
        if not self._allow_writes:
            return (
                f"{message.method} {message.path} could change the account: a recording only "
                "reads; use --allow-writes with the profile of a test account"
            )
        if not self.is_test(header(message.headers, SCOPE)):
            return (
                f"{message.method} {message.path} could change the account, and the profile is "
                "not proved to be a test account: list /testAccounts and /v2/profiles first"
            )
        return ""

    def _only_reads(self, message: Message) -> bool:
        if message.method in {"GET", "HEAD"}:
            return True
        if message.host in self._tokens and message.path == TOKEN_PATH:
            return True
        return message.host in self._ads and _is_query(message)

    def is_test(self, profile: str) -> bool:
        """Say whether a profile was proved to be a test account."""
        with self._lock:
            return self._accounts.get(profile, "") in self._tests

    def note(self, message: Message, answer: Answer) -> None:
        """Learn from the two lists that prove a test account."""
        if answer.status != SUCCESS or message.path not in {"/testAccounts", "/v2/profiles"}:
            return
        rows = _rows(answer)
        with self._lock:
            if message.path == "/testAccounts":
                self._tests |= {str(row["id"]) for row in rows if row.get("id")}
            for row in rows:
                account = row.get("accountInfo")
                if isinstance(account, dict) and "profileId" in row and account.get("id"):
                    self._accounts[str(row["profileId"])] = str(account["id"])


def _is_query(message: Message) -> bool:
    """Say whether a call that is no GET only reads."""
    operation = operations().find(message.method, message.path)
    if operation is not None:
        return is_read(operation)
    path = message.path.rstrip("/")
    return message.method == "POST" and (path.endswith("/list") or "/query/" in path)


def _rows(answer: Answer) -> list[dict[str, Any]]:
    plain = answer.plain()
    try:
        value = orjson.loads(plain or b"")
    except ValueError:
        return []
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
