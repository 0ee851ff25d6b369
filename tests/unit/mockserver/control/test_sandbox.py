"""Sandboxes over the control plane: made the same each time, apart from each other, emptied."""

import json

import pytest

from adsmock.mockserver import app
from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.services.auth.token import mint_code
from adsmock.mockserver.services.sandboxes.create import SandboxRequest, make_sandbox
from tests.unit.mockserver.control.fixtures import URLS, make_control
from tests.unit.mockserver.control.test_job import poll
from tests.unit.mockserver.control.test_time import export
from tests.unit.mockserver.fixtures import campaign


def test_create_returns_all_that_a_client_needs(control):
    made = control.do("sandboxes.create", {"id": "t9", "seed": 42, "clock": {"mode": "frozen"}})
    assert made["urls"] == URLS
    assert [(row["region"], row["countryCode"], row["type"]) for row in made["profiles"]] == [
        ("NA", "US", "seller"),
        ("NA", "CA", "seller"),
        ("EU", "UK", "seller"),
        ("EU", "DE", "vendor"),
        ("FE", "JP", "seller"),
        ("FE", "AU", "vendor"),
    ]
    assert control.do("sandboxes.get", sandbox="t9") == made


def test_create_repeats_for_the_same_seed_and_differs_for_another():
    first, second = make_control(), make_control()
    body = {"id": "t9", "seed": 42}
    made = first.do("sandboxes.create", body)
    again = second.do("sandboxes.create", body)
    assert made["client"] == again["client"]
    assert made["profiles"] == again["profiles"]
    assert second.do("sandboxes.create", {"id": "t8", "seed": 42})["client"] != made["client"]


@pytest.mark.parametrize(
    ("given", "mode"), [({}, "full"), ({"journal": "lean"}, "lean"), ({"journal": "off"}, "off")]
)
def test_new_sandbox_has_the_journal_mode_of_the_server_unless_it_names_one(given, mode):
    runtime = app.build_runtime(app.Settings(journal="full"), "http://storage.test", None)
    application = create_application(runtime, Settings(urls=URLS, pause=lambda _: None))
    made = application.test_client().post("/_mock/v1/sandboxes", json={"id": "t9", **given})

    assert made.get_json()["journal"]["mode"] == mode


def test_create_takes_every_member(control):
    made = control.do(
        "sandboxes.create",
        {
            "id": "t9",
            "seed": -1,
            "clock": {"mode": "frozen", "start": "2026-07-01T12:00:00Z"},
            "journal": "full",
            "quotas": {"sp.read": {"rate": 100, "burst": 200, "retryAfter": "never"}},
            "retryAfter": "always",
            "profiles": [{"region": "EU", "country": "DE", "type": "vendor"}, {"country": "US"}],
            "tokenLifetime": 7,
            "choices": {"export.seconds": "90", "page.token": "plain"},
        },
    )
    assert made["clock"] == {
        "mode": "frozen",
        "now": "2026-07-01T12:00:00.000Z",
        "nowSeconds": 1782907200.0,
        "rate": 1.0,
    }
    assert [row["region"] for row in made["profiles"]] == ["EU", "NA"]
    sandbox = control.server.runtime.sandboxes.get("t9")
    assert sandbox.tokens.lifetime == 7
    assert sandbox.throttle.retry_after == "always"
    assert sandbox.throttle.quotas["sp.read"].burst == 200
    assert sandbox.journal.mode == "full"
    assert sandbox.choices == {"export.seconds": "90", "page.token": "plain"}


def test_create_gives_an_id_once_even_when_its_sandbox_was_deleted(control):
    made = [control.do("sandboxes.create", {}) for _ in range(3)]
    for row in made[:2]:
        control.do("sandboxes.delete", sandbox=row["id"])
    made += [control.do("sandboxes.create", {}) for _ in range(3)]
    assert len({row["id"] for row in made}) == len(made)
    assert len({row["client"]["clientId"] for row in made}) == len(made)


def test_sandboxes_without_an_id_are_distinguished_after_a_deletion(control):
    runtime = control.server.runtime
    made = [
        make_sandbox(runtime.sandboxes, runtime.contract_set, SandboxRequest()) for _ in range(3)
    ]
    runtime.sandboxes.remove(made[0].id)
    made.append(make_sandbox(runtime.sandboxes, runtime.contract_set, SandboxRequest()))
    assert len({sandbox.id for sandbox in made}) == len(made)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"id": "t1"}, 409, "/id"),
        ({"id": "a/b"}, 400, "/id"),
        ({"profiles": [{"country": "US"}, {"country": "ZZ"}]}, 400, "/profiles/1/country"),
        ({"profiles": [{"region": "EU", "country": "US"}]}, 400, "/profiles/0/country"),
        ({"quotas": {"sp.reed": {"rate": 1, "burst": 1}}}, 400, "/quotas/sp.reed"),
        ({"clock": {"start": "yesterday day"}}, 400, "/clock/start"),
        ({"clock": {"mode": "frozen", "strat": "x"}}, 400, "/clock/strat"),
        ({"tokenLifetime": 0}, 400, "/tokenLifetime"),
        ({"seed": 1 << 70}, 400, "/seed"),
        ([], 400, ""),
    ],
)
def test_create_refuses_with_the_pointer(control, body, status, pointer):
    refused = control.refuse("sandboxes.create", body)
    assert (refused["status"], refused["pointer"]) == (status, pointer)


def test_a_deleted_sandbox_is_gone_with_its_credentials(control):
    made = control.do("sandboxes.create", {"id": "t9"})
    control.do("sandboxes.delete", sandbox="t9")
    assert control.refuse("sandboxes.get", sandbox="t9")["near"] == ["t1"]
    assert control.server.runtime.sandboxes.by_client(made["client"]["clientId"]) is None


def test_reset_empties_the_named_parts_alone(control):
    control.server.call("/sp/campaigns", {"campaigns": [campaign()]})
    control.do("faults.put", {"effect": {"kind": "outage"}}, fault="dark")
    assert control.do("sandboxes.reset", {"scope": ["state"]}) == {"reset": ["state"]}
    shown = control.do("sandboxes.get")
    assert (shown["entities"], shown["faults"]) == (0, 1)
    assert shown["journal"]["entries"] == 2
    control.do("sandboxes.reset")
    shown = control.do("sandboxes.get")
    assert (shown["journal"]["entries"], shown["faults"]) == (0, 0)


def test_reset_gives_a_sandbox_its_own_quotas_back(control):
    own = {"sp.read": {"rate": 0.5, "burst": 3, "retryAfter": "never"}}
    control.do("sandboxes.create", {"id": "tight", "quotas": own, "retryAfter": "always"})
    before = control.do("throttle.get", sandbox="tight")
    assert before["quotas"]["sp.read"] == own["sp.read"]
    other = {"quotas": {"sp.read": {"rate": 9, "burst": 9}}, "pressure": {"NA": 0.1}}
    for scope in (["throttle"], ["throttle", "clock"]):
        control.do("throttle.put", other, sandbox="tight")
        control.do("sandboxes.reset", {"scope": scope}, sandbox="tight")
        assert control.do("throttle.get", sandbox="tight") == before


def test_reset_refuses_a_scope_it_does_not_know(control):
    assert control.refuse("sandboxes.reset", {"scope": ["stat"]})["pointer"] == "/scope/0"


def remake(control):
    """Delete the sandbox t9 and create it again; return clients of both."""
    first = control.another("t9")
    job = export(first)
    control.server.runtime.sandboxes.get("t9").clock.advance(6)
    url = json.loads(poll(first, job).body)["url"]
    lwa = control.server.runtime.contract_set.lwa
    code = mint_code(first.sandbox, control.server.runtime.sandboxes, lwa)
    control.do("sandboxes.delete", sandbox="t9")
    return first, control.another("t9"), "/_storage/" + url.partition("storage.test/")[2], code


def test_a_sandbox_with_a_used_id_accepts_no_old_token_code_or_url(control):
    old, new, target, code = remake(control)
    assert old.server.token != new.server.token
    assert new.server.call("/sp/campaigns/list", {}).status == 200
    assert old.server.call("/sp/campaigns/list", {}).status == 401
    assert new.sandbox.journal.last > 0
    assert new.server.send("GET", target).status == 403
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": "https://a.test"}
    assert new.server.grant(**grant).status == 400


def test_credentials_of_a_used_id_stay_the_same_for_the_same_seed(control):
    old, new, _, _ = remake(control)
    assert old.sandbox.credentials == new.sandbox.credentials
    assert new.server.grant().status == 200
