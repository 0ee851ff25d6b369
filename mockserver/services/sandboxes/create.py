"""Create and reset sandboxes, with their advertiser profiles and credentials.

Source of profile facts: campaign management reference 6 (documented and observed).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adsmock.contracts.contract_set import ContractSet, Marketplace
from adsmock.contracts.suggest import did_you_mean
from adsmock.mockserver.catalog.history import HISTORY
from adsmock.mockserver.core import seeded_random
from adsmock.mockserver.core.clock import Clock, Mode
from adsmock.mockserver.core.error import SetupError
from adsmock.mockserver.core.fault import FaultPlan
from adsmock.mockserver.core.ids import Mint
from adsmock.mockserver.core.journal import Journal
from adsmock.mockserver.core.journal import Mode as JournalMode
from adsmock.mockserver.core.redaction import Redactor
from adsmock.mockserver.core.sandbox import (
    Credentials,
    Profile,
    QuotaSetting,
    Sandbox,
    Throttle,
    Tokens,
)
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.core.shard import CLIENT_PREFIX
from adsmock.mockserver.services.sandboxes.quotas import default_quotas, quotas_with

DEFAULT_ID = "default"
DEFAULT_CREDENTIALS = Credentials(
    "amzn1.application-oa2-client.ad50000000000000000000000000c0de",
    "amzn1.oa2-cs.v1.ad50000000000000000000000000000000000000000000000000000000005ec7e7",
    "Atzr|adsmock-default-refresh-token",
)
"""Fixed credentials of the sandbox that exists at start."""

_ORDERED = 5
"""First letters of an account's code: the same for the same seed, so that the order is too."""

SCOPES = ("state", "journal", "faults", "throttle", "clock", "tokens", "jobs")


@dataclass(frozen=True, slots=True)
class ProfileRequest:
    """One advertiser to create."""

    region: str
    country: str
    kind: str = "seller"


DEFAULT_PROFILES = (
    ProfileRequest("NA", "US"),
    ProfileRequest("NA", "CA"),
    ProfileRequest("EU", "UK"),
    ProfileRequest("EU", "DE", "vendor"),
    ProfileRequest("FE", "JP"),
    ProfileRequest("FE", "AU", "vendor"),
)


@dataclass(frozen=True, slots=True)
class SandboxRequest:
    """Settings of a new sandbox. Times are in seconds; ``clock_start`` is since 1970."""

    id: str | None = None
    seed: int = 0
    clock_mode: Mode = "real"
    clock_start: float | None = None
    clock_rate: float = 1.0
    journal: JournalMode = "lean"
    quotas: dict[str, QuotaSetting] = field(default_factory=dict)
    retry_after: str = "family"
    profiles: tuple[ProfileRequest, ...] = DEFAULT_PROFILES
    token_lifetime: float | None = None
    choices: dict[str, str] = field(default_factory=dict)
    credentials: Credentials | None = None


def make_sandbox(
    sandboxes: Sandboxes, contract_set: ContractSet, request: SandboxRequest
) -> Sandbox:
    """Create a sandbox and register it.

    The same server seed, id and seed give the same credentials and ids, and with the same Faker
    version the same names. The same seed gives ids in the same order.

    Raises:
        SetupError: the id is taken (409), there are too many sandboxes (503), or a profile or
            quota class is unknown.
    """
    sandbox_id = _unused_id(sandboxes, request)
    _check_room(sandboxes)
    origin = (sandboxes.seed, sandbox_id, request.seed)
    mint = Mint(origin, request.seed)
    usual = Throttle(
        quotas_with(_check_classes(request.quotas, contract_set), contract_set),
        retry_after=request.retry_after,
    )
    sandbox = Sandbox(
        id=sandbox_id,
        seed=request.seed,
        clock=_clock(sandboxes, request),
        credentials=request.credentials or _credentials(sandboxes, sandbox_id, origin),
        profiles=_profiles(request, contract_set, mint, origin),
        throttle=usual.restarted(),
        usual=usual,
        journal=Journal(request.journal),
        faults=FaultPlan(origin),
        mint=mint,
        tokens=Tokens(request.token_lifetime or float(contract_set.lwa.access_lifetime)),
        choices=dict(request.choices),
        worker=sandboxes.worker,
        redactor=Redactor(sandboxes.redactor),
    )
    sandbox.store.log_changes(frozenset(HISTORY))
    sandboxes.add(sandbox)
    return sandbox


def _unused_id(sandboxes: Sandboxes, request: SandboxRequest) -> str:
    generated = seeded_random.hexadecimal(8, sandboxes.seed, "sandbox", sandboxes.made)
    sandbox_id = request.id or generated
    if sandboxes.get(sandbox_id) is not None:
        detail = f"sandbox {sandbox_id} exists already: choose another id, or delete it first"
        raise SetupError(detail, pointer="/id", status=409)
    return sandbox_id


def _check_room(sandboxes: Sandboxes) -> None:
    if not sandboxes.capacity.has_room(len(sandboxes)):
        raise SetupError(
            f"there are {len(sandboxes)} sandboxes already, which is the limit: delete some, or "
            "raise --max-sandboxes",
            status=503,
        )


def _clock(sandboxes: Sandboxes, request: SandboxRequest) -> Clock:
    return Clock(
        sandboxes.source,
        mode=request.clock_mode,
        start=request.clock_start,
        rate=request.clock_rate,
    )


def _check_classes(
    quotas: dict[str, QuotaSetting], contract_set: ContractSet
) -> dict[str, QuotaSetting]:
    for name in quotas:
        if name not in contract_set.quotas:
            advice = did_you_mean(name, contract_set.quotas)
            detail = f'unknown quota class "{name}": {advice}'
            raise SetupError(detail, pointer=f"/quotas/{name}")
    return quotas


def _credentials(sandboxes: Sandboxes, sandbox_id: str, origin: tuple[Any, ...]) -> Credentials:
    return Credentials(
        CLIENT_PREFIX + sandboxes.shard.marked(seeded_random.hexadecimal(32, origin, "client")),
        "amzn1.oa2-cs.v1." + seeded_random.hexadecimal(64, origin, "secret"),
        "Atzr|"
        + sandboxes.signer.sign("refresh", sandbox_id, seeded_random.hexadecimal(16, origin, "r")),
    )


def _profiles(
    wanted: SandboxRequest,
    contract_set: ContractSet,
    mint: Mint,
    origin: tuple[Any, ...],
) -> dict[str, Profile]:
    profiles: dict[str, Profile] = {}
    for place, request in enumerate(wanted.profiles):
        market = contract_set.marketplaces.get(request.country)
        if market is None or market.region != request.region:
            own = [
                each.country
                for each in contract_set.marketplaces.values()
                if each.region == request.region
            ]
            advice = did_you_mean(request.country, own)
            raise SetupError(
                f"region {request.region} has no marketplace {request.country}: {advice}",
                pointer=f"/profiles/{place}/country",
            )
        profile_id = mint.entity("profile")
        code = seeded_random.letters(_ORDERED, wanted.seed, "account", place)
        code += seeded_random.letters(13 - _ORDERED, origin, "account", profile_id)
        profile = _profile(request, market, profile_id, code)
        profiles[profile.id] = profile
    return profiles


def _profile(request: ProfileRequest, market: Marketplace, profile_id: str, code: str) -> Profile:
    is_seller = request.kind == "seller"
    return Profile(
        id=profile_id,
        region=request.region,
        country=request.country,
        currency=market.currency,
        timezone=market.timezone,
        marketplace_id=market.marketplace_id,
        kind=request.kind,
        account_id=f"A{code}" if is_seller else f"ENTITY{code}",
        daily_budget=999_999_999.0 if is_seller else None,
    )


def reset(sandbox: Sandbox, contract_set: ContractSet, scopes: tuple[str, ...] = SCOPES) -> None:
    """Reset parts of a sandbox to their initial state; credentials and profiles stay."""
    with sandbox.lock:
        for scope in scopes:
            _RESETS[scope](sandbox, contract_set)


def _reset_throttle(sandbox: Sandbox, contract_set: ContractSet) -> None:
    usual = sandbox.usual or Throttle(default_quotas(contract_set))
    sandbox.throttle = usual.restarted()


def _reset_clock(sandbox: Sandbox, _: ContractSet) -> None:
    sandbox.clock.set("real")


def _reset_tokens(sandbox: Sandbox, _: ContractSet) -> None:
    sandbox.tokens = Tokens(sandbox.tokens.lifetime, serial=sandbox.tokens.serial)


def _reset_state(sandbox: Sandbox, _: ContractSet) -> None:
    sandbox.store.drop()
    sandbox.queues.clear()
    sandbox.state_digest = None


def _reset_faults(sandbox: Sandbox, _: ContractSet) -> None:
    sandbox.faults.clear()
    sandbox.attempts.clear()
    sandbox.shut_off.clear()
    sandbox.scenarios.clear()


_RESETS: dict[str, Callable[[Sandbox, ContractSet], None]] = {
    "state": _reset_state,
    "journal": lambda sandbox, _: sandbox.journal.clear(),
    "faults": _reset_faults,
    "throttle": _reset_throttle,
    "clock": _reset_clock,
    "tokens": _reset_tokens,
    "jobs": lambda sandbox, _: sandbox.jobs.clear(),
}
