"""The commands of the report run: the case again, and the call as curl."""

import argparse
import json
import shlex
import subprocess

import pytest

from adsmock.harness.command import conform
from adsmock.harness.suite.report.html.reproduce import CURL_CHARACTERS, curl, named, rerun, token

VARIABLES = {
    "PATH": "/usr/bin:/bin",
    "ADS_NA": "http://127.0.0.1:1",
    "LWA_NA": "http://127.0.0.1:2",
    "ACCESS_TOKEN": "Atza|one",
    "CLIENT_ID": "client",
    "CLIENT_SECRET": "secret",
    "REFRESH_TOKEN": "Atzr|two",
    "PROFILE_ID_NA": "27",
}


def parsed(command):
    words = shlex.split(command)
    assert words[:2] == ["adsmock", "conform"]
    parser = argparse.ArgumentParser()
    conform.configure(parser)
    return vars(parser.parse_args(words[2:]))


def sent(command):
    """Return the arguments that curl would get from a shell."""
    script = f"curl() {{ printf '%s\\n' \"$@\"; }}\n{command}"
    done = subprocess.run(
        ["sh", "-c", script], env=VARIABLES, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("client", "option", "value"),
    [
        (("command", "python", "python a.py --name 'a b'"), "cmd", "python a.py --name 'a b'"),
        (("adapter", "node", "node adapter.mjs"), "adapter", "node adapter.mjs"),
        (("free", "python", "python nightly.py"), "free", "python nightly.py"),
        (("mutant", "no-retry", None), "client", "mutant:no-retry"),
        (("benign", "cautious", None), "client", "benign:cautious"),
        (("reference", "reference", None), "client", "reference"),
    ],
)
def test_the_command_runs_the_case_again(run, client, option, value):
    client = dict(zip(("driver", "name", "command"), client, strict=True))
    arguments = parsed(rerun(run([]) | {"client": client}, ["T01"]))
    assert arguments[option] == value
    assert (arguments["cases"], arguments["seed"]) == ("T01", 42)


def test_the_command_repeats_manifest_and_proxy(run):
    document = {"file": "my client.toml", "values": {}, "lines": {}}
    made = run([]) | {"manifest": document, "throughProxy": True}
    arguments = parsed(rerun(made, ["T01"]))
    assert str(arguments["manifest"]) == "my client.toml"
    assert arguments["through_proxy"] is True


@pytest.mark.parametrize("driver", ["load", "pytest", "journal"])
def test_traffic_of_another_origin_is_judged_again(run, driver):
    client = {"driver": driver, "name": "x", "command": None}
    assert rerun(run([]) | {"client": client}, ["I13"]) == "adsmock judge journal.ndjson"


def test_an_invariant_runs_again_with_the_cases_of_its_evidence(case, check):
    rows = [{"seq": 1, "case": "B01"}, {"seq": 2, "case": "A01"}, {"seq": 3, "case": "B01"}]
    assert named(case("I13", "FAIL", [check("I13.a", "FAIL", "x", rows=rows)])) == [
        "A01",
        "B01",
        "I13",
    ]


def test_a_call_as_curl_sends_the_same_request_with_variables(entry):
    body = {"name": "it's $HOME & `date`"}
    row = entry(1, 0.0, route="/sp/campaigns", query="a=1&b=2", request=body)
    words = sent(curl(row))
    assert "http://127.0.0.1:1/sp/campaigns?a=1&b=2" in words
    assert words[words.index("-X") + 1] == "POST"
    assert json.loads(words[words.index("--data") + 1]) == body
    headers = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
    assert headers == [
        "Authorization: Bearer Atza|one",
        "Amazon-Advertising-API-ClientId: client",
        "Amazon-Advertising-API-Scope: 27",
        "accept: application/vnd.spCampaign.v3+json",
    ]


def test_a_token_call_as_curl_uses_the_variables(entry):
    row = entry(1, 0.0, operation="lwa.token", route="/auth/o2/token", request={"x": "secret"})
    words = sent(curl(row))
    assert "http://127.0.0.1:2/auth/o2/token" in words
    assert "client_secret=secret" in words
    assert "refresh_token=Atzr|two" in words


@pytest.mark.parametrize(
    "more",
    [
        {"operation": "storage.get"},
        {"region": None},
        {"request": {"items": ["x" * CURL_CHARACTERS]}},
    ],
    ids=["signed", "no region", "long"],
)
def test_a_call_that_cannot_be_repeated_has_no_curl(entry, more):
    assert curl(entry(1, 0.0, **more)) == ""


@pytest.mark.parametrize("space", ["", " "])
def test_the_token_command_sets_the_variable_that_curl_needs(entry, space):
    reply = f'{{{space}"token_type":{space}"bearer","access_token":{space}"Atza|x.y", "z": 1}}'
    script = f"curl() {{ printf '%s' '{reply}'; }}\n{token(entry(1, 0.0))}\necho \"$ACCESS_TOKEN\""
    done = subprocess.run(
        ["sh", "-c", script], env=VARIABLES, capture_output=True, text=True, check=True
    )
    assert done.stdout == "Atza|x.y\n"
