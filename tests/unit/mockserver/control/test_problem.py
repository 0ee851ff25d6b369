"""Bad requests: always a problem with a place and a reason, never a defect."""

import ast
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.mockserver.control import create_control
from adsmock.mockserver.control.access import AccessRules
from adsmock.mockserver.control.application import Settings, create_application
from adsmock.mockserver.control.routes import BY_ID, JSON, ROUTES
from adsmock.mockserver.control.schema import components
from adsmock.mockserver.core.limits import Limits
from tests.unit.mockserver.control.fixtures import make_control, problem
from tests.unit.mockserver.fixtures import runtime

SANDBOXES = "/_mock/v1/sandboxes"
SERVER = make_control()


QUOTA = {"rate": 1, "burst": 1}


def post(control, raw, **rest):
    return control.client.post(SANDBOXES, data=raw, **{"content_type": JSON, **rest})


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b'{"id": }', "line 1, column 8"),
        (b'{\n  "id": "a"\n  "seed": 1}', "line 3, column 3"),
        (b"{", "line 1"),
        (b"\xff\xfe", "line 1"),
        (b'{"seed": NaN}', "line 1, column"),
    ],
)
def test_malformed_json_is_reported_with_its_place(control, raw, place):
    refused = problem(post(control, raw))
    assert refused["status"] == 400
    assert place in refused["detail"]


def test_deep_nesting_is_refused(control):
    assert problem(post(control, b"[" * 100_000))["status"] == 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_another_type_is_refused(control, kind):
    assert problem(post(control, b"{}", content_type=kind))["status"] == 415


def test_a_charset_is_no_other_type(control):
    assert post(control, b"{}", content_type="application/json; charset=utf-8").status_code == 201


def test_a_giant_body_is_refused_unread(control):
    reply = control.client.post(
        SANDBOXES,
        content_type=JSON,
        environ_overrides={"CONTENT_LENGTH": str(Limits().control_body_bytes + 1)},
    )
    assert problem(reply)["status"] == 413


def test_a_body_where_none_is_taken_is_refused(control):
    assert control.refuse("jobs.complete", {"a": 1}, job="x")["status"] == 400
    assert control.refuse("clock.put")["status"] in (400, 415)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9090", "127.0.0.1.evil.example", "10.1.2.3", ""]
)
def test_another_machine_s_name_is_refused(control, host):
    reply = control.client.get(SANDBOXES, headers={"Host": host})
    assert problem(reply)["status"] == 403


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:9090", "127.0.0.1:9", "127.8.8.8", "[::1]:9090"]
)
def test_this_machine_s_names_pass(control, host):
    assert control.client.get(SANDBOXES, headers={"Host": host}).status_code == 200


def test_pages_of_other_sites_are_refused(control):
    def ask(origin):
        return control.client.get(SANDBOXES, headers={"Origin": origin}).status_code

    assert [ask("https://evil.example"), ask("null"), ask("http://localhost:9090")] == [
        403,
        403,
        200,
    ]


def test_remote_control_and_bound_names_can_be_allowed():
    home = runtime()
    for allows_remote in (True, False):
        rules = AccessRules(allows_remote=allows_remote, hosts=("mock.lan",))
        client = create_application(home, Settings(access=rules)).test_client()
        assert client.get(SANDBOXES, headers={"Host": "mock.lan:9090"}).status_code == 200


def test_create_control_takes_urls_and_folder(tmp_path):
    client = create_control(runtime(), snapshot_dir=tmp_path).test_client()
    made = client.post(SANDBOXES, json={"id": "a"}).get_json()
    assert made["urls"]["EU"]["ads"] == "http://localhost/eu"
    client.post(f"{SANDBOXES}/a/snapshots", json={"name": "x"})
    assert (tmp_path / "a" / "x.json").is_file()


def test_a_rule_that_the_interpreter_fails_to_compile_is_compiled_again(monkeypatch):
    """CPython before 3.11.8 fails now and then while another thread compiles."""
    parse, failures = ast.parse, ["first", "second"]

    def failing(*words, **options):
        if failures:
            raise SystemError(failures.pop())
        return parse(*words, **options)

    monkeypatch.setattr(ast, "parse", failing)
    client = create_control(runtime()).test_client()
    assert failures == []
    assert client.post(SANDBOXES, json={"id": "a"}).status_code == 201
    assert client.get(f"{SANDBOXES}/a/clock").status_code == 200


def test_a_rule_that_never_compiles_is_an_error(monkeypatch):
    def failing(*_words, **_options):
        raise SystemError("always")

    monkeypatch.setattr(ast, "parse", failing)
    with pytest.raises(SystemError, match="always"):
        create_control(runtime())


def test_a_defect_is_a_problem_without_a_traceback(control, monkeypatch, caplog):
    monkeypatch.setattr("adsmock.mockserver.control.handler.clock.clock_row", lambda _: 1 / 0)
    reply = control.client.get(f"{SANDBOXES}/t1/clock")
    assert problem(reply)["status"] == 500
    assert "Traceback" not in reply.get_data(as_text=True)
    assert "ZeroDivisionError" in caplog.text


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


numbers = st.integers(-5, 1000) | st.floats(-1, 2) | st.integers()
words = st.sampled_from(["*", "", "sp.*", "NA", "+PT5M", "2026-09-01", "t2", "f"]) | st.text(
    max_size=9
)
BY_TYPE = {"integer": numbers, "number": numbers, "string": words, "boolean": st.booleans()}


def _fitting(schema):
    """Return values near a schema: the right members, often valid values."""
    if "$ref" in schema:
        schema = components()[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        rows = {
            name: st.deferred(lambda row=row: _fitting(row))
            for name, row in schema["properties"].items()
        }
        must = set(schema.get("required", ()))
        return st.fixed_dictionaries(
            {name: row for name, row in rows.items() if name in must},
            optional={name: row for name, row in rows.items() if name not in must},
        )
    if isinstance(schema.get("additionalProperties"), dict):
        return st.dictionaries(words, _fitting(schema["additionalProperties"]), max_size=3)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "array" in kinds and "items" in schema:
        return st.lists(_fitting(schema["items"]), max_size=3)
    return st.one_of([BY_TYPE.get(kind, anything) for kind in kinds] or [anything])


BODIES = {route.id: _fitting(components()[route.body]) for route in ROUTES if route.body}


@given(st.data())
def test_no_body_ever_makes_a_defect(data):
    operation = data.draw(st.sampled_from(sorted(BODIES)))
    body = data.draw(BODIES[operation] | anything)
    route = BY_ID[operation]
    reply = SERVER.send(operation, body, fault="f", job="j", snapshot="s")
    # In process there are no listeners to open: that refusal is planned.
    planned = {501} if operation.startswith("listeners.") else set()
    ok = {route.success, *range(400, 500), *planned}
    assert reply.status_code in ok, reply.data
    if reply.status_code >= 400:
        problem(reply)


@given(
    operation=st.sampled_from(sorted(BY_ID)),
    raw=st.binary(max_size=60),
    query=st.dictionaries(
        st.sampled_from(["cursor", "limit", "status", "format", "x"]), st.text(max_size=9)
    ),
    name=st.text(min_size=1, max_size=9),
)
def test_no_bytes_query_or_name_ever_makes_a_defect(operation, raw, query, name):
    route = BY_ID[operation]
    path = route.path
    for each in route.parameters[1:]:
        path = path.replace("{" + each + "}", quote(name, safe=""))
    reply = SERVER.client.open(
        path.replace("{sandbox}", "t1"),
        method=route.method,
        data=raw,
        content_type=JSON,
        query_string=query,
    )
    lacking = {("listeners.create", 501)}  # an application in process has no listeners
    assert reply.status_code < 500 or (operation, reply.status_code) in lacking, reply.data


@given(
    operation=st.sampled_from(sorted(BODIES)), name=st.from_regex(r"x-[a-z]{1,9}", fullmatch=True)
)
def test_an_unknown_field_is_named_with_those_that_are_known(operation, name):
    refused = SERVER.refuse(operation, {name: 1}, fault="f", job="j", snapshot="s")
    assert (refused["status"], refused["pointer"]) == (400, f"/{name}")
    assert name in refused["detail"]
    schema = components()[BY_ID[operation].body]
    for known in schema["properties"]:
        assert known in refused["detail"]


@pytest.mark.parametrize(
    ("operation", "sent", "detail"),
    [
        (
            "sandboxes.get",
            (None, None, {"sandbox": "t2"}),
            'unknown sandbox "t2": did you mean t1?',
        ),
        ("scenarios.apply", ({"name": "prime-dya"}, None, {}), "did you mean prime-day?"),
        ("throttle.put", ({"quotas": {"sp.wirte": QUOTA}}, None, {}), "did you mean sp.write?"),
        ("versions.put", ({"families": {"spp": {"shutOff": None}}}, None, {}), "did you mean sp?"),
        ("journal.get", (None, {"oparation": "x"}, {}), "did you mean operation?"),
        ("journal.get", (None, {"region": "NAA"}, {}), 'unknown region "NAA": did you mean NA?'),
        ("journal.get", (None, {"limit": "x"}, {}), 'limit is "x": use an integer'),
        ("journal.get", (None, {"limit": "0"}, {}), "limit is 0: use 1 to 10000"),
        (
            "clock.advance",
            ({"secnds": 1}, None, {}),
            'unknown field "secnds": did you mean seconds?',
        ),
        ("clock.advance", ({}, None, {}), 'required field "seconds" is missing: add it'),
        (
            "faults.create",
            ({"effect": {"kind": "outtage"}}, None, {}),
            'unknown value "outtage": did you mean outage?',
        ),
        ("snapshots.restore", (None, None, {"snapshot": "x"}), 'snapshot "x": there is none yet'),
        ("sandboxes.create", ({"profiles": [{"country": "QQ"}]}, None, {}), "known: AE, AU, BE"),
        ("state.invent", ({"profiles": ["7"]}, None, {}), 'unknown profile "7": '),
        ("clock.put", ({"mode": "scaled"}, None, {}), 'needs a "rate": add one'),
        ("verify.run", ({"match": {}, "min": 2, "max": 1}, None, {}), "less than min 2: use"),
    ],
)
def test_a_refusal_says_what_was_expected_and_what_to_do(control, operation, sent, detail):
    body, query, names = sent
    assert detail in control.refuse(operation, body, query, **names)["detail"]
