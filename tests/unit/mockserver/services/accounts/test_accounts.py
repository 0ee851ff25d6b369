"""Accounts besides profiles: ads accounts, managers, test accounts, opt-outs."""

from functools import cache
from itertools import count

from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value

NUMBERS = count()
home = cache(fixtures.runtime)


def create_server():
    return fixtures.create_server(home(), f"accounts{next(NUMBERS)}")


def send(own, method, path, body=b"", media="application/json"):
    return value(own.call(path, body, method, media=media, Accept="*/*"))


def accounts(own, **body):
    return send(
        own, "POST", "/adsAccounts/list", body, "application/vnd.listaccountsresource.v1+json"
    )


def consent(own):
    media = "application/vnd.GlobalRegistrationService.TermsTokenResource.v1.0+json"
    return send(own, "POST", "/termsTokens", {"termsType": "ADVERTISING"}, media)["termsToken"]


def register(own, token):
    media = "application/vnd.registeradsaccountresource.v1+json"
    body = {"accountName": "New", "countryCodes": ["US"], "termsToken": token}
    return own.call("/adsAccounts", body, "POST", media=media, Accept="*/*")


def manage(own, manager, verb, *ids):
    media = "application/vnd.updateadvertisingaccountsinmanageraccountrequest.v1+json"
    rows = [{"id": each, "type": "ACCOUNT_ID", "roles": ["ENTITY_OWNER"]} for each in ids]
    return send(own, "POST", f"/managerAccounts/{manager}/{verb}", {"accounts": rows}, media)


def test_ads_accounts_name_every_profile_once_page_by_page():
    own = create_server()
    first = accounts(own, maxResults=1)
    rest = accounts(own, nextToken=first["nextToken"])
    rows = first["adsAccounts"] + rest["adsAccounts"]

    named = [str(each["profileId"]) for row in rows for each in row["alternateIds"]]
    one = send(own, "GET", f"/adsAccounts/{rows[1]['adsAccountId']}")

    assert sorted(named) == sorted(own.sandbox.profiles)
    assert "nextToken" not in rest
    assert one["adsAccount"] == rows[1]


def test_an_account_is_registered_under_accepted_terms_once():
    own = create_server()
    token = consent(own)

    early = register(own, token)
    own.sandbox.clock.advance(60)
    made = register(own, token)
    again = register(own, token)

    assert (early.status, made.status, again.status) == (400, 201, 400)
    account = value(made)["adsAccount"]
    assert account["status"] == "PENDING"
    own.sandbox.clock.advance(60)
    assert (
        send(own, "GET", f"/adsAccounts/{account['adsAccountId']}")["adsAccount"]["status"]
        == "CREATED"
    )
    assert send(own, "GET", f"/termsTokens/{token}")["termsTokenStatus"] == "REDEEMED"


def test_an_account_is_registered_without_terms_but_not_without_a_name():
    own, media = create_server(), "application/vnd.registeradsaccountresource.v1+json"
    made = own.call("/adsAccounts", {"accountName": "New"}, media=media, Accept="*/*")
    bare = own.call("/adsAccounts", {}, media=media, Accept="*/*")
    assert (made.status, bare.status) == (201, 400)


def test_refusals_have_the_form_that_the_document_gives_the_operation():
    own = create_server()
    media = "application/vnd.listaccountsresource.v1+json"
    listed = own.call("/adsAccounts/list", {"nextToken": "x"}, media=media, Accept="*/*")
    unknown = own.call("/adsAccounts/a.b", b"", "GET", Accept="*/*")
    manager = own.call(
        "/managerAccounts",
        {},
        media="application/vnd.createmanageraccountrequest.v1+json",
        Accept="*/*",
    )
    flags = own.call(
        "/accountBudgets/featureFlags",
        {},
        media="application/vnd.accountBudgetFeatureFlags.v1+json",
        Accept="*/*",
    )

    error = {"errorCode": "BAD_REQUEST", "errorMessage": "Invalid nextToken"}
    assert (listed.status, value(listed)) == (400, {"errors": [error]})
    assert (unknown.status, list(value(unknown))) == (404, ["message"])
    assert (manager.status, value(manager)["code"]) == (400, "BAD_REQUEST")
    assert manager.content_type == "application/vnd.manageraccount.v1+json"
    assert (flags.status, value(flags)["code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert flags.content_type == "application/vnd.accountBudgetFeatureFlagsError.v1+json"


def test_a_page_token_is_signed_and_good_for_its_list_alone():
    own, other = create_server(), create_server()
    token = accounts(own, maxResults=1)["nextToken"]
    assert not token.isdecimal()
    assert "errors" in accounts(other, nextToken=token)
    assert "errors" in accounts(own, nextToken="1")
    assert len(accounts(own, nextToken=token)["adsAccounts"]) == 1


def test_accounts_are_linked_to_a_manager_and_unlinked():
    own = create_server()
    media = "application/vnd.createmanageraccountrequest.v1+json"
    body = {"managerAccountName": "All", "managerAccountType": "Agency"}
    manager = send(own, "POST", "/managerAccounts", body, media)["managerAccountId"]
    held = own.profile().account_id

    reported = manage(own, manager, "associate", held, "strange")
    manage(own, manager, "associate", held)
    (row,) = send(own, "GET", "/managerAccounts")["managerAccounts"]
    manage(own, manager, "disassociate", held)
    (bare,) = send(own, "GET", "/managerAccounts")["managerAccounts"]

    assert [each["id"] for each in reported["succeedAccounts"]] == [held]
    assert [each["account"]["id"] for each in reported["failedAccounts"]] == ["strange"]
    assert [each["profileId"] for each in row["linkedAccounts"]] == [own.profile().id]
    assert bare["linkedAccounts"] == []


def test_a_test_account_is_made_after_a_while():
    own = create_server()
    body = {"accountType": "VENDOR", "countryCode": "US"}
    asked = send(own, "POST", "/testAccounts", body)["requestId"]

    (early,) = send(own, "GET", f"/testAccounts?requestId={asked}")
    own.sandbox.clock.advance(60)
    (made,) = send(own, "GET", "/testAccounts")

    again = own.call("/testAccounts", body, media="application/json")
    elsewhere = own.call("/testAccounts", body | {"countryCode": "CA"}, media="application/json")
    assert (again.status, elsewhere.status) == (422, 200)
    assert early == {**body, "status": "IN_PROGRESS"}
    assert (made["status"], len(set(made["asins"]))) == ("COMPLETED", 3)
    assert own.call("/testAccounts?requestId=x", b"", "GET", Accept="*/*").status == 404


def test_a_profile_opts_out_for_itself():
    own, media = create_server(), "application/vnd.accountBudgetFeatureFlags.v1+json"
    name = "isOptedOutForAverageDailyBudgetIncrease"
    other = own.profile("EU").id
    send(own, "POST", "/accountBudgets/featureFlags", {"featureFlags": {name: True}}, media)

    mine = send(own, "GET", "/accountBudgets/featureFlags")
    endpoint = fixtures.ENDPOINTS["EU"]
    headers = own.headers(Amazon_Advertising_API_Scope=other, Accept="*/*")
    theirs = value(own.send("GET", "/accountBudgets/featureFlags", b"", headers, endpoint))

    assert mine["featureFlags"] == {name: True}
    assert theirs["featureFlags"] == {name: False}
