"""A program may choose the lowest profile or account id: it is that of the same advertiser."""

from __future__ import annotations

from adsmock.contracts.loader import load
from adsmock.mockserver.core.sandbox import Sandbox
from adsmock.mockserver.core.sandboxes import Sandboxes
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox


def _made(seed: int) -> list[Sandbox]:
    sandboxes = Sandboxes()
    return [
        make_sandbox(sandboxes, load(), SandboxRequest(id=f"box-{number}", seed=seed))
        for number in range(20)
    ]


def _countries(sandbox: Sandbox, *, by: str) -> tuple[str, ...]:
    profiles = sorted(sandbox.profiles.values(), key=lambda each: str(getattr(each, by)))
    return tuple(each.country for each in profiles)


def test_profiles_and_accounts_have_the_same_order_in_all_sandboxes() -> None:
    made = _made(7)

    assert len({each for sandbox in made for each in sandbox.profiles}) == 20 * 6
    assert len({_countries(each, by="id") for each in made}) == 1
    assert len({_countries(each, by="account_id") for each in made}) == 1
