"""Advertiser accounts of the unified API name the same accounts as the ads accounts."""

from functools import cache
from itertools import count

import jsonschema_rs

from adsmock.contracts.schema import form_body
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
LIST = "application/vnd.listaccountsresource.v1+json"


def create_server():
    return fixtures.create_server(home(), f"advertisers{next(NUMBERS)}")


def query(own, **body):
    reply = own.call("/adsApi/v1/query/advertiserAccounts", body, media="application/json")
    assert reply.status == 200, reply.body
    schema = form_body(contract_set().by_name["advertiserAccounts"], "query.reply")
    jsonschema_rs.validate(schema, value(reply))
    return value(reply)


def rows_of(own, **body):
    return query(own, **body)["advertiserAccounts"]


def test_accounts_have_the_ids_and_profiles_of_ads_accounts():
    own = create_server()
    listed = value(own.call("/adsAccounts/list", {}, media=LIST, Accept="*/*"))["adsAccounts"]
    rows = rows_of(own)
    assert [row["advertiserAccountId"] for row in rows] == [row["adsAccountId"] for row in listed]
    named = {each["profileId"] for row in rows for each in row["alternateIds"]}
    assert named == set(own.sandbox.profiles)
    assert {row["status"]["statusCode"] for row in rows} == {"APPROVED"}


def test_the_country_and_region_of_a_profile_are_named():
    own = create_server()
    found = {
        each["profileId"]: (each["countryCode"], each["region"])
        for row in rows_of(own)
        for each in row["alternateIds"]
    }
    wanted = {
        each.id: ("GB" if each.country == "UK" else each.country, each.region)
        for each in own.sandbox.profiles.values()
    }
    assert found == wanted


def test_accounts_are_filtered():
    own = create_server()
    rows = rows_of(own)
    one = rows[0]["advertiserAccountId"]
    assert rows_of(own, advertiserAccountIdFilter={"include": [one]}) == rows[:1]
    parts = [rows_of(own, isGlobalAccountFilter={"include": [each]}) for each in (True, False)]
    assert len(parts[0]) + len(parts[1]) == len(rows)
    assert all(row["isGlobalAccount"] for row in parts[0])


def test_a_token_of_another_query_is_refused():
    own = create_server()
    path, body = "/adsApi/v1/query/advertiserAccounts", {"nextToken": "1"}
    assert own.call(path, body, media="application/json").status == 400


def test_a_new_account_is_being_registered():
    own = create_server()
    media = "application/vnd.registeradsaccountresource.v1+json"
    own.call(
        "/adsAccounts", {"accountName": "New", "countryCodes": ["??"]}, media=media, Accept="*/*"
    )
    assert rows_of(own)[-1]["status"]["statusCode"] == "REGISTRATION_IN_PROGRESS"
    own.sandbox.clock.advance(60)
    assert rows_of(own)[-1]["status"]["statusCode"] == "APPROVED"
