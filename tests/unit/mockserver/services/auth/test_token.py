"""Login with Amazon and what a token is worth afterwards."""

from base64 import b64encode
from urllib.parse import urlencode

import pytest

from adsmock.mockserver.core.error import ApiError
from adsmock.mockserver.core.redaction import fingerprint
from adsmock.mockserver.services.auth.token import mint_code, revoke
from tests.unit.mockserver.fixtures import FORM, create_server, runtime, value


def test_grant_answers_the_refresh_token_again_and_whole_seconds():
    server = create_server(token_lifetime=None)

    body = value(server.grant())

    assert body["refresh_token"] == server.sandbox.credentials.refresh_token
    assert body["token_type"] == "bearer"
    assert body["expires_in"] == 3600
    assert body["access_token"].startswith("Atza|")


def test_expires_in_counts_the_seconds_of_the_client_when_the_clock_is_scaled():
    server = create_server(token_lifetime=7200)
    server.sandbox.clock.set("scaled", rate=60)

    assert value(server.grant())["expires_in"] == 120


def test_grant_takes_credentials_as_basic_authorization():
    server = create_server()
    own = server.sandbox.credentials
    basic = b64encode(f"{own.client_id}:{own.client_secret}".encode()).decode()
    form = {"grant_type": "refresh_token", "refresh_token": own.refresh_token}

    reply = server.send(
        "POST",
        "/auth/o2/token",
        urlencode(form).encode(),
        {"Content-Type": FORM, "Authorization": f"Basic {basic}"},
    )

    assert reply.status == 200


REFUSALS = {
    "unknown refresh token": ({"refresh_token": "Atzr|x"}, 400, "invalid_grant"),
    "wrong secret": ({"client_secret": "x"}, 401, "invalid_client"),
    "unknown client": ({"client_id": "x"}, 401, "invalid_client"),
    "unknown grant": ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    "missing grant": ({"grant_type": ""}, 400, "invalid_request"),
    "missing token": ({"refresh_token": ""}, 400, "invalid_request"),
    "unknown code": (
        {"grant_type": "authorization_code", "code": "x", "redirect_uri": "https://a"},
        400,
        "invalid_grant",
    ),
}


@pytest.mark.parametrize(("changes", "status", "error"), REFUSALS.values(), ids=REFUSALS)
def test_grant_refuses_in_the_words_of_the_token_endpoint(changes, status, error):
    reply = create_server().grant(**changes)

    assert (reply.status, value(reply)["error"]) == (status, error)


@pytest.mark.parametrize("body", [{}, [], {"grant_type": 1}, b"{"])
def test_grant_refuses_json_that_says_nothing(body):
    reply = create_server().send(
        "POST", "/auth/o2/token", body, {"Content-Type": "application/json"}
    )

    assert reply.status == 400
    assert value(reply)["error"] in {"invalid_request", "unsupported_grant_type"}


@pytest.mark.parametrize("media", ["application/json; charset=utf-8", FORM])
def test_grant_takes_the_form_as_json_whatever_it_is_called(media):
    server = create_server()
    own = server.sandbox.credentials
    form = {"grant_type": "refresh_token", "refresh_token": own.refresh_token}
    form |= {"client_id": own.client_id, "client_secret": own.client_secret}

    reply = server.send("POST", "/auth/o2/token", form, {"Content-Type": media})

    assert reply.status == 200
    assert own.client_secret not in str(server.entries()[-1].request)


def test_grant_refuses_the_refresh_token_of_another_client():
    home = runtime()
    one, two = create_server(home, "one"), create_server(home, "two")

    reply = one.grant(refresh_token=two.sandbox.credentials.refresh_token)

    assert (reply.status, value(reply)["error"]) == (400, "unauthorized_client")


def test_refresh_token_with_a_label_works_and_has_a_name_of_its_own_in_the_journal():
    server = create_server()
    plain = server.sandbox.credentials.refresh_token

    replies = [server.grant(refresh_token=plain + label) for label in ("", "~1.1", "~1.2")]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert value(replies[1])["refresh_token"] == f"{plain}~1.1"
    named = [entry.request["refresh_token"] for entry in server.entries()[-3:]]
    assert named == [fingerprint(plain + label) for label in ("", "~1.1", "~1.2")]
    assert plain not in str([entry.request for entry in server.entries()])


def test_grant_says_when_the_consent_was_revoked():
    server = create_server()
    revoke(server.sandbox, "refresh")

    assert "may have revoked" in value(server.grant())["error_description"]


def test_code_works_once_and_for_five_minutes():
    server = create_server()
    lwa = server.runtime.contract_set.lwa
    once = mint_code(server.sandbox, server.runtime.sandboxes, lwa)
    late = mint_code(server.sandbox, server.runtime.sandboxes, lwa)
    form = {"grant_type": "authorization_code", "redirect_uri": "https://a"}

    assert server.grant(code=once, **form).status == 200
    assert server.grant(code=once, **form).status == 400
    server.sandbox.clock.advance(300)
    assert server.grant(code=late, **form).status == 400


def test_token_ends_on_the_clock_of_the_sandbox():
    server = create_server(token_lifetime=3600.0)
    server.sandbox.clock.advance(3599.9)
    assert server.call("/sp/campaigns/list").status == 200

    server.sandbox.clock.advance(0.2)

    assert server.call("/sp/campaigns/list").status == 401
    assert server.entries()[-1].token_state == "expired"


def test_revocation_ends_tokens_issued_so_far_and_no_later_ones():
    server = create_server()
    revoke(server.sandbox, "access")
    assert server.call("/sp/campaigns/list").status == 401

    server.sign_in()

    assert server.call("/sp/campaigns/list").status == 200


def test_token_of_one_client_is_foreign_under_another_client_id():
    home = runtime()
    one, two = create_server(home, "one"), create_server(home, "two")
    other = two.sandbox.credentials.client_id

    reply = one.call("/sp/campaigns/list", Amazon_Advertising_API_ClientId=other)

    assert reply.status == 401
    assert one.entries()[-1].token_state == "foreign"


def test_authorization_without_scheme_is_a_403_that_does_not_echo_the_token():
    server = create_server()

    reply = server.call("/sp/campaigns/list", Authorization=server.token)

    assert reply.status == 403
    assert server.token not in reply.body.decode()


def test_token_works_in_every_region():
    server = create_server()

    for region in ("NA", "EU", "FE"):
        scope = server.profile(region).id
        headers = server.headers(Amazon_Advertising_API_Scope=scope)
        endpoint = type(server.endpoint)(region, 1, region)
        assert server.send("POST", "/sp/campaigns/list", b"{}", headers, endpoint).status == 200


def test_secrets_never_reach_the_journal():
    server = create_server()
    server.grant()
    own = server.sandbox.credentials

    text = repr(server.entries()) + repr(ApiError("unauthorized", 401))

    for secret in (own.client_secret, own.refresh_token, server.token):
        assert secret not in text
