"""A client that changes entities and asks for their history."""

from functools import cache
from itertools import count

import jsonschema_rs

from adsmock.contracts.schema import form_body
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import NOON, campaign, contract_set, value

NUMBERS = count()
home = cache(fixtures.runtime)
PLAIN = "application/json"
VERSION = "application/vnd.historyresponse.v1.1+json"
MEDIA = {
    "/sp/campaigns": "application/vnd.spCampaign.v3+json",
    "/sp/adGroups": "application/vnd.spAdGroup.v3+json",
    "/sp/keywords": "application/vnd.spKeyword.v3+json",
    "/sp/campaignNegativeKeywords": "application/vnd.spCampaignNegativeKeyword.v3+json",
    "/sb/v4/campaigns": "application/vnd.sbcampaignresource.v4+json",
}
DAY = 86_400
MS = 1000
NOW = int(NOON * MS)
MINE = {"parents": [{"useProfileIdAdvertiser": True}]}


def create_server():
    return fixtures.create_server(home(), f"history{next(NUMBERS)}")


def ask(own, accept=PLAIN, **body):
    plain = {
        "eventTypes": {"CAMPAIGN": MINE},
        "fromDate": NOW - 7 * DAY * MS,
        "toDate": NOW + DAY * MS,
    }
    return own.call("/history", plain | body, media=PLAIN, Accept=accept)


def events_of(own, *kinds, accept=PLAIN, **body):
    types = dict.fromkeys(kinds or ("CAMPAIGN",), MINE)
    body = {"eventTypes": types, "sort": {"key": "DATE", "direction": "ASC"}} | body
    reply = ask(own, accept, **body)
    assert reply.status == 200, reply.body
    answer = value(reply)
    schema = form_body(contract_set().by_name["history"], "reply")
    assert jsonschema_rs.validator_for(schema).is_valid(answer), answer
    return answer["events"]


def write(own, path, items, method="POST"):
    key = path.rpartition("/")[2]
    rows = value(own.call(path, {key: items}, method, media=MEDIA[path]))[key]
    assert rows["error"] == []
    return rows["success"]


def made(own, name="Shoes", **more):
    (row,) = write(own, "/sp/campaigns", [campaign(name, **more)])
    return row["campaignId"]


def change(own, campaign_id, **members):
    write(own, "/sp/campaigns", [{"campaignId": campaign_id, **members}], "PUT")


def brief(events):
    return [(row["changeType"], row["previousValue"], row["newValue"]) for row in events]
