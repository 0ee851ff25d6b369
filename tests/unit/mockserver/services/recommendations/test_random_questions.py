"""Random questions: none breaks a recommendation, and a valid one gets a valid answer."""

from functools import cache
from urllib.parse import urlencode

import jsonschema_rs
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from adsmock.contracts.schema import form_body
from tests.unit.mockserver.services.recommendations.questions import ASKED, BODIES, account

REFUSALS = {400, 404, 415, 422}
WORDS = ({"message"}, {"code", "details"}, {"errors"})
home = cache(account)
WITH_BODY = [row for row in ASKED if row[2].request]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["B0AAAAAAAA", "{campaign}", "20261101", "0", "{item}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["asin", "type", "value", "keyword", "x"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for name, each in value.items():
            yield from places(each, (*path, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from places(each, (*path, index))


def put(value, path, new):
    if not path:
        return new
    copied = value.copy()
    copied[path[0]] = put(value[path[0]], path[1:], new)
    return copied


@st.composite
def asked(draw):
    """A question with one part of its body replaced by anything."""
    row = draw(st.sampled_from(WITH_BODY))
    body = BODIES[row[1].id]
    path = draw(st.sampled_from(list(places(body))))
    return row, put(body, path, draw(VALUES))


@settings(max_examples=400, deadline=None)
@given(question=asked())
def test_a_body_is_answered_in_form_or_refused_in_the_familys_words(question):
    (contract, operation, version), body = question
    reply = home().ask(operation, version, body)
    found = orjson.loads(reply.body)
    if reply.status == operation.success:
        jsonschema_rs.validate(form_body(contract, version.gives), found)
        assert home().ask(operation, version, body).body == reply.body
    else:
        assert reply.status in REFUSALS
        assert any(words <= set(found) for words in WORDS)


@settings(max_examples=150, deadline=None)
@given(
    row=st.sampled_from([row for row in ASKED if row[1].parameters]),
    name=st.sampled_from(["maxNumSuggestions", "nextToken", "maxResults", "locale", "campaignIds"]),
    value=st.text(max_size=20),
)
def test_a_query_is_answered_or_refused(row, name, value):
    _, operation, version = row
    own = home()
    headers = own.server.headers(media=version.request or "application/json", Accept=version.reply)
    path = operation.path.replace("{adGroupId}", own.ids["group"])
    body = own.filled(BODIES[operation.id]) if version.request else b""
    query = urlencode({"supplySource": "AMAZON", name: value})
    reply = own.server.send(operation.method, f"{path}?{query}", body, headers)
    assert reply.status in REFUSALS | {operation.success}
