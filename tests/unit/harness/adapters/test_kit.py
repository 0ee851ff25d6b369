"""Both adapter kits speak the protocol, so that an adapter is verbs only."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import jsonschema_rs
import pytest

from adsmock.harness import adapters
from adsmock.harness.adapters import Adapter, Result
from adsmock.harness.suite.case.model import VERBS

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[3]
META = ROOT / "contracts" / "meta"
KITS = {"python": sys.executable, "node": shutil.which("node")}
SUFFIX = {"python": "py", "node": "mjs"}


@pytest.fixture(params=KITS)
def ask(request):
    program = KITS[request.param]
    if program is None:
        pytest.skip("THE NODE KIT IS NOT TESTED: node is not installed")

    def run(*asked, shutdown=True):
        lines = [
            wire(number, verb, args, more) for number, (verb, args, *more) in enumerate(asked, 1)
        ]
        if shutdown:
            lines.append({"id": len(lines) + 1, "verb": "shutdown", "args": {}})
        done = subprocess.run(
            [program, str(FOLDER / f"kit_adapter.{SUFFIX[request.param]}")],
            input="".join(json.dumps(line) + "\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        replies = [json.loads(line) for line in done.stdout.splitlines()]
        assert [one for one in replies if not form("reply").is_valid(one)] == []
        return {one.pop("id"): one for one in replies}, done.stderr

    return run


def form(name):
    schemas = [json.loads((META / f"{one}.schema.json").read_text()) for one in ("task", "adapter")]
    registry = jsonschema_rs.Registry([(one["$id"], one) for one in schemas])
    return jsonschema_rs.validator_for(
        {"$ref": f"adsmock:adapter/1#/$defs/{name}"}, registry=registry
    )


def wire(number, verb, args, more):
    request = {
        "id": number,
        "verb": verb,
        "args": args,
        "case": "A01",
        "seed": 7,
        "regions": {"EU": {"ads": "http://127.0.0.1:1/eu", "lwa": "http://127.0.0.1:1/lwa"}},
        "profiles": [{"profileId": "12", "region": "EU", "countryCode": "DE"}],
        "credentials": {"clientId": "one", "clientSecret": "two", "refreshToken": "three"},
    }
    request |= more[0] if more else {}
    assert form("request").is_valid(request)
    return request


PLACE = {"resource": "sp.campaigns", "profile": "12"}
ITEMS = PLACE | {"items": [{"name": "a"}, {"name": "b"}]}


def test_counts_become_the_status_of_the_reply(ask):
    replies, _ = ask(("list_profiles", {}), ("create", ITEMS), ("archive", PLACE | {"ids": ["1"]}))

    assert replies[1] == {"status": "done", "done": 3, "failed": 0}
    assert replies[2] == {"status": "partial", "done": 1, "failed": 1, "error": "item 1: duplicate"}
    assert replies[3] == {"status": "failed", "done": 0, "failed": 2}


def test_an_exception_is_a_failed_reply_and_ends_nothing(ask):
    replies, _ = ask(("update", ITEMS), ("list_profiles", {}))

    assert replies[1] == {"status": "failed", "error": "ValueError: no such id"}
    assert replies[2]["status"] == "done"


def test_missing_verbs_and_refused_resources_are_unsupported(ask):
    replies, _ = ask(
        ("export", {"kind": "ads", "profile": "12"}),
        ("create", ITEMS | {"resource": "sp.keywords"}),
    )

    assert replies[1] == {"status": "unsupported", "error": "not supported: export"}
    assert replies[2] == {"status": "unsupported", "error": "not supported: sp.keywords"}


def test_what_the_program_prints_does_not_break_the_protocol(ask):
    replies, noise = ask(("list_profiles", {}))

    assert set(replies) == {1, 2}
    assert "a stray print" in noise
    assert "a stray child" in noise


def test_requests_are_worked_on_side_by_side(ask):
    replies, _ = ask(("idle", {"seconds": 1}), ("idle", {"seconds": 1}))

    assert replies[1] == replies[2] == {"status": "done"}


def test_one_instance_serves_one_set_of_credentials_with_its_typed_connection(ask):
    other = {"credentials": {"clientId": "other", "clientSecret": "two", "refreshToken": "three"}}
    tls = other | {"caBundle": "/tmp/ca.pem", "proxy": "http://127.0.0.1:2"}
    replies, _ = ask(("list", PLACE), ("list", PLACE), ("list", PLACE, tls))

    assert sorted(replies[number]["done"] for number in (1, 2, 3)) == [1, 1, 2]
    assert replies[1]["error"] == "http://127.0.0.1:1/eu None None"
    assert replies[3]["error"] == "http://127.0.0.1:1/eu /tmp/ca.pem http://127.0.0.1:2"


def test_sums_of_a_queue_are_in_the_reply(ask):
    aws = {
        "sqs": "http://127.0.0.1:3",
        "sns": "http://127.0.0.1:3",
        "region": "us-east-1",
        "accessKeyId": "one",
        "secretAccessKey": "two",
    }
    args = {"queueUrl": aws["sqs"] + "/1/ads", "seconds": 1, "datasets": ["sp-traffic"]}
    replies, _ = ask(("consume_stream", args | {"metrics": ["clicks"]}, {"aws": aws}))

    wanted = {"status": "done", "done": 1, "failed": 0, "sums": {"sp-traffic": {"clicks": 0}}}
    assert replies[1] == wanted


def test_the_program_ends_with_its_input_after_the_work_is_done(ask):
    replies, _ = ask(("list", PLACE), ("list", PLACE), shutdown=False)

    assert set(replies) == {1, 2}


def test_both_kits_offer_every_verb_and_each_of_its_arguments():
    schema = json.loads((META / "task.schema.json").read_text("utf-8"))
    types = (ROOT / "harness/adapters/node/adsmock-adapter.d.mts").read_text("utf-8")
    interface = types.partition("export interface Adapter {")[2].partition("\n}")[0]

    assert set(re.findall(r"^  (\w+)\?: Verb", interface, re.MULTILINE)) == VERBS
    for verb in VERBS:
        hints = get_type_hints(getattr(Adapter, verb), vars(adapters.adapter))
        assert set(hints["args"].__annotations__) == members_of(schema, verb), verb


def members_of(schema, verb):
    for rule in schema["$defs"]["task"]["allOf"]:
        wanted = rule["if"]["properties"]["verb"]
        if verb in wanted.get("enum", [wanted.get("const")]):
            reference = rule["then"]["properties"]["args"].get("$ref", "")
            return set(schema["$defs"].get(reference.rpartition("/")[2], {}).get("properties", ()))
    raise AssertionError(verb)


def test_an_error_without_counts_is_not_done():
    assert Result(error="no token").status == "failed"
    assert Result(done=2, error="page 3 missing").status == "partial"


def test_the_python_kit_needs_the_standard_library_only():
    for path in (ROOT / "harness" / "adapters").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                top = str(node.module)
                is_own = top.startswith("adsmock.harness.adapters")
                assert is_own or top.partition(".")[0] in sys.stdlib_module_names, path
