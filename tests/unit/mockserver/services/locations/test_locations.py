"""Locations are found by id, name and category, page by page."""

from functools import cache
from itertools import count

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from adsmock.mockserver.services.locations.gazetteer import locations_of
from adsmock.mockserver.services.sandboxes.create import ProfileRequest
from tests.unit.mockserver import fixtures
from tests.unit.mockserver.fixtures import value

NUMBERS = count()
home = cache(fixtures.runtime)


def create_server(country="US"):
    profiles = (ProfileRequest("NA", country),)
    return fixtures.create_server(home(), f"locations{next(NUMBERS)}", profiles=profiles)


server = cache(create_server)


def ask(own, filters, query=""):
    body = {"filters": [{"field": name, "values": list(values)} for name, values in filters]}
    return own.call(f"/locations/list{query}", body, media="application/json")


def found(filters, query="?maxResults=2000"):
    return value(ask(server(), filters, query))["locations"]


def test_a_part_of_a_name_finds_the_state():
    rows = found([("name", ["new yor"]), ("category", ["STATE"])])
    assert [row["name"] for row in rows] == ["New York, US"]
    assert rows[0]["locationId"].startswith("amzn1.ad-geo.G")


def test_the_id_of_a_postal_code_contains_the_code():
    rows = found([("name", ["9800"]), ("category", ["POSTAL_CODE"])])
    ids = [f"amzn1.ad-geo.GP-US-9800{number}" for number in range(1, 10)]
    assert [row["locationId"] for row in rows] == ids
    assert all("Washington, US - 9800" in row["name"] for row in rows)


def test_values_of_a_filter_are_alternatives():
    states = found([("category", ["STATE"])])
    both = found([("category", ["STATE", "COUNTRY"])])
    assert (len(states), len(both)) == (51, 52)


def test_pages_are_of_ten_and_bound_to_their_filters():
    filters = [("category", ["STATE"])]
    names, token = [], ""
    while token is not None:
        page = value(ask(server(), filters, f"?nextToken={token}" if token else ""))
        names += [row["name"] for row in page["locations"]]
        assert len(page["locations"]) <= 10
        token = page.get("nextToken")
    assert len(set(names)) == len(names) == 51
    token = value(ask(server(), filters))["nextToken"]
    assert ask(server(), [("category", ["CITY"])], f"?nextToken={token}").status == 400


@pytest.mark.parametrize("query", ["?maxResults=0", "?maxResults=2001", "?maxResults=x"])
def test_a_page_size_out_of_range_is_refused(query):
    refused = ask(server(), [("category", ["STATE"])], query)
    assert refused.status == 400
    assert "2000" in value(refused)["errors"][0]["message"]
    assert value(refused)["requestId"]


def test_a_filter_needs_values():
    refused = ask(server(), [("name", [])])
    assert refused.status == 400
    assert "values" in value(refused)["message"]


def test_all_locations_are_listed_without_a_filter():
    assert len(found([])) == len(locations_of("US"))


def test_only_profiles_of_the_united_states_find_locations():
    assert value(ask(create_server("CA"), [("category", ["STATE"])])) == {"locations": []}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["name", "category", "locationId"]),
            st.lists(st.sampled_from(["a", "CITY", "STATE", "ork", "0", "zz"]), min_size=1),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_more_filters_never_find_more(filters):
    every = found(filters)
    assert {row["locationId"] for row in every} <= {row["locationId"] for row in found(filters[:1])}


def test_ids_and_replies_are_well_formed():
    contract = home().contract_set.by_name["locations"]
    jsonschema_rs.validate(
        form_body(contract, "list.reply"), value(ask(server(), [("name", ["a"])]))
    )
    rows = locations_of("US")
    assert len({row.id for row in rows}) == len(rows)
