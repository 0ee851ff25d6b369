"""Targets, negative targets and themes of Sponsored Brands: rows in two arrays, typed filters."""

import jsonschema_rs
import pytest

from adsmock.contracts.schema import record
from adsmock.mockserver.services.sandboxes.import_state import put_state
from tests.unit.mockserver.fixtures import contract_set, create_server, value
from tests.unit.mockserver.services.verbs.test_brands import PLAIN, Brands, exported

JSON = {"Content_Type": "application/json", "Accept": "*/*"}
PRODUCT = [{"type": "asinSameAs", "value": "B000000001"}]
BRAND = "KEYWORDS_RELATED_TO_YOUR_BRAND"
LANDING = "KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"


class Clauses(Brands):
    """A client of the targets of version 3 in one ad group of version 4."""

    def __init__(self, kind="targets", **request):
        super().__init__(**request)
        self.kind = kind
        self.campaign, self.group = self.tree()

    def send(self, items, method="POST"):
        reply = self.server.call(f"/sb/{self.kind}", {self.kind: items}, method, **JSON)
        assert reply.status == 200, reply.body
        return value(reply)

    def make(self, expressions=PRODUCT, **more):
        item = {"adGroupId": int(self.group), "expressions": expressions, **more}
        (row,) = self.send([item])["createTargetSuccessResults"]
        return row["targetId"]

    def listed(self, *filters, status=200):
        body = {"filters": [{"filterType": kind, "values": wanted} for kind, wanted in filters]}
        reply = self.server.call(f"/sb/{self.kind}/list", body, **JSON)
        assert reply.status == status, reply.body
        return value(reply)


@pytest.mark.parametrize("kind", ["targets", "negativeTargets"])
def test_done_and_refused_rows_stand_in_arrays_of_their_own_and_name_their_item(kind):
    brands = Clauses(kind)
    good = {"adGroupId": int(brands.group), "expressions": PRODUCT}
    reply = brands.send([good, good, {"adGroupId": 9, "expressions": PRODUCT}])
    (done,) = reply["createTargetSuccessResults"]
    assert done["targetRequestIndex"] == 0
    assert isinstance(done["targetId"], int)
    refused = reply["createTargetErrorResults"]
    assert [row["targetRequestIndex"] for row in refused] == [1, 2]
    assert {row["code"] for row in refused} == {"INVALID_ARGUMENT"}
    assert all(row["details"] for row in refused)


@pytest.mark.parametrize("kind", ["targets", "negativeTargets"])
def test_a_target_is_read_updated_and_archived_by_its_integer_id(kind):
    brands = Clauses(kind)
    made = brands.make()
    update = brands.send([{"targetId": made, "state": "archived"}, {"targetId": 7}], "PUT")
    (done,) = update["updateTargetSuccessResults"]
    shown = done.pop("target", None)
    assert done == {"targetId": made, "targetRequestIndex": 0}
    assert (shown is not None) is (kind == "targets")
    (gone,) = update["updateTargetErrorResults"]
    assert (gone["code"], gone["targetRequestIndex"]) == ("NOT_FOUND", 1)
    other = brands.make()
    archived = brands.server.call(f"/sb/{kind}/{other}", b"", "DELETE", **JSON)
    assert value(archived) == {"targetId": other, "code": "SUCCESS"}
    shown = value(brands.server.call(f"/sb/{kind}/{other}", b"", "GET", **JSON))
    assert shown["state"] == "archived"
    assert shown["resolvedExpressions"] == shown["expressions"] == PRODUCT
    assert shown["campaignId"] == int(brands.campaign)


def test_an_updated_target_is_shown_as_a_list_shows_it():
    brands = Clauses()
    made = brands.make()
    (row,) = brands.send([{"targetId": made, "bid": 1.5}], "PUT")["updateTargetSuccessResults"]
    assert row["target"]["bid"] == 1.5
    assert row["target"] == brands.listed()["targets"][0]


def test_a_target_that_is_not_there_is_refused_in_the_type_of_the_document():
    reply = Clauses().server.call("/sb/targets/7", b"", "GET", **JSON)
    assert reply.status == 404
    assert reply.content_type == "application/vnd.sberror.v3.0+json"
    assert value(reply)["code"] == "NOT_FOUND"


def test_filters_are_rows_of_a_type_and_values_one_of_each():
    brands = Clauses()
    live = brands.make()
    gone = brands.make([{"type": "asinCategorySameAs", "value": "1"}])
    brands.server.call(f"/sb/targets/{gone}", b"", "DELETE", **JSON)

    def ids(*filters):
        return [row["targetId"] for row in brands.listed(*filters)["targets"]]

    assert ids() == [live, gone]
    assert ids(("TARGETING_STATE", ["archived"])) == [gone]
    assert ids(("AD_GROUP_ID", [brands.group]), ("TARGETING_STATE", ["enabled"])) == [live]
    assert ids(("CAMPAIGN_ID", ["7"])) == []
    assert ids(("CREATIVE_TYPE", ["video"])) == [live, gone]
    twice = ("TARGETING_STATE", ["enabled"])
    assert brands.listed(twice, twice, status=400)["code"] == "INVALID_ARGUMENT"


def test_a_bid_of_a_target_stays_in_the_bounds_of_the_campaign():
    brands = Clauses()
    item = {"adGroupId": int(brands.group), "expressions": PRODUCT, "bid": 1000}
    (row,) = brands.send([item])["createTargetErrorResults"]
    assert row["code"] == "INVALID_ARGUMENT"


def theme(group, kind=BRAND, **more):
    return {"adGroupId": group, "themeType": kind, "bid": 1.0, **more}


def test_themes_have_ids_that_are_texts_and_rows_with_an_index():
    brands = Clauses("themes")
    reply = brands.send([theme(brands.group), theme("404"), theme(brands.group, "NONE")])
    (done,) = reply["success"]
    assert done["index"] == 0
    assert isinstance(done["themeId"], str)
    stranger, unknown = reply["error"]
    assert stranger["index"] == 1
    assert stranger["code"] == "INVALID_ARGUMENT"
    assert stranger["details"] == "Adgroup identifier should be provided. : 404"
    assert unknown["index"] == 2
    changed = {"themeId": done["themeId"], "adGroupId": brands.group, "bid": 2.0}
    assert brands.send([changed], "PUT") == {
        "error": [],
        "success": [{"index": 0, "themeId": done["themeId"]}],
    }


def test_archived_themes_are_listed_only_where_they_are_asked_for():
    brands = Clauses("themes")
    (done,) = brands.send([theme(brands.group)])["success"]
    change = {"themeId": done["themeId"], "adGroupId": brands.group, "state": "archived"}
    brands.send([change], "PUT")

    def listed(**body):
        return value(brands.server.call("/sb/themes/list", body, **JSON))["themes"]

    assert listed() == []
    (row,) = listed(stateFilter={"include": ["archived"]})
    assert row["themeId"] == done["themeId"]
    assert row["campaignId"] == brands.campaign


def test_an_ad_group_of_a_campaign_with_a_goal_is_born_with_themes():
    brands = Clauses("themes")
    goal = {**PLAIN, "name": "Goal", "goal": "PAGE_VISIT", "costType": "CPC"}
    campaign = brands.one("campaigns", goal)["campaignId"]
    group = {"campaignId": campaign, "name": "Red", "state": "ENABLED"}
    made = brands.one("adGroups", group)["adGroupId"]
    rows = value(brands.server.call("/sb/themes/list", {}, **JSON))["themes"]
    assert {row["themeType"] for row in rows} == {BRAND, LANDING}
    assert {row["adGroupId"] for row in rows} == {made}


def test_exports_show_targets_and_themes():
    brands = Clauses()
    made = {"targets": brands.make()}
    brands.kind = "negativeTargets"
    made["negativeTargets"] = brands.make()
    brands.kind = "themes"
    (done,) = brands.send([theme(brands.group)])["success"]
    rows = {row["targetId"]: row for row in exported(brands.server, "targets")}
    assert set(rows) == {*map(str, made.values()), done["themeId"]}
    assert rows[done["themeId"]]["targetDetails"] == {"matchType": BRAND}
    detail = {"matchType": "PRODUCT_EXACT", "asin": "B000000001"}
    assert [rows[str(found)]["targetDetails"] for found in made.values()] == [detail, detail]
    validator = jsonschema_rs.validator_for(record(contract_set().by_name["exports"], "targets"))
    wrong = [str(error) for row in rows.values() for error in validator.iter_errors(row)]
    assert not [text for text in wrong if "LANDING" not in text]


PEOPLE = {
    "type": "views",
    "value": [{"type": "exactProduct"}, {"type": "lookback", "value": "30"}],
}
DISPLAY = {"name": "C", "state": "enabled", "budgetType": "daily", "startDate": "20260701"}
GROUP = {"name": "G", "state": "enabled", "defaultBid": 1.0}
AUDIENCE = {"type": "audience", "value": [{"type": "audienceSameAs", "value": "77"}]}


@pytest.mark.parametrize(
    ("part", "kind", "details"),
    [
        (PEOPLE, "PRODUCT_AUDIENCE", {"event": "VIEWS", "lookback": "30"}),
        (AUDIENCE, "AUDIENCE", {"audienceId": "77"}),
        (PRODUCT[0], "PRODUCT", {"matchType": "PRODUCT_EXACT", "asin": "B000000001"}),
    ],
)
def test_targets_of_display_are_exported_with_what_they_say(part, kind, details):
    server = create_server()
    tactic = "T00020" if kind == "PRODUCT" else "T00030"
    state = {
        "sd.campaigns": [{**DISPLAY, "tactic": tactic, "campaignId": 1}],
        "sd.adGroups": [{**GROUP, "campaignId": 1, "adGroupId": 2}],
        "sd.targets": [
            {"adGroupId": 2, "expressionType": "manual", "expression": [part], "state": "enabled"}
        ],
    }
    found = {"profiles": {server.profile().id: state}}
    put_state(server.sandbox, server.runtime.resources, found, replace=True)
    (row,) = exported(server, "targets", "SPONSORED_DISPLAY")
    assert row["targetType"] == kind
    assert row["targetDetails"] == details
    assert isinstance(row["targetId"], str)
