"""A client under test may call what only an OpenAPI document describes."""

import json
import shlex
import sys

import pytest

from tests.conformance.test_exit import adsmock, conform

PROGRAM = """
import json, os, sys
import requests
form = {
    "grant_type": "refresh_token",
    "refresh_token": os.environ["REFRESH_TOKEN"],
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
}
token = requests.post(os.environ["LWA_NA"] + "/auth/o2/token", data=form, timeout=60).json()
headers = {
    "Authorization": "Bearer " + token["access_token"],
    "Amazon-Advertising-API-ClientId": os.environ["CLIENT_ID"],
}
reply = requests.get(os.environ["ADS_NA"] + "/widgets/5", headers=headers, timeout=60)
open(sys.argv[1], "w").write(str(reply.status_code) + reply.text)
"""
WIDGET = {"type": "object", "properties": {"widgetId": {"type": "string"}}}
WIDGET["required"] = ["widgetId"]
ANSWERS = {"200": {"description": "", "content": {"application/json": {"schema": WIDGET}}}}


@pytest.fixture
def described(tmp_path):
    value = {"openapi": "3.0.1", "paths": {"/widgets/{widgetId}": {"get": {"responses": ANSWERS}}}}
    file = tmp_path / "widgets.json"
    file.write_text(json.dumps(value), "utf-8")
    return file


def test_what_a_document_describes_is_served_to_the_client(tmp_path, described):
    program, output = tmp_path / "program.py", tmp_path / "output"
    program.write_text(PROGRAM, "utf-8")
    command = shlex.join([sys.executable, str(program), str(output)])

    done = conform(
        tmp_path / "report", "--cmd", command, "--openapi", str(described), "--cases", "A01"
    )

    assert output.read_text() == '200{"widgetId":"5"}', done.stderr


@pytest.mark.parametrize("text", ["{", '{"openapi": "2.0"}'])
def test_a_file_that_is_no_document_is_reported_in_one_line(tmp_path, text):
    (tmp_path / "bad.json").write_text(text, "utf-8")
    done = conform(tmp_path / "report", "--openapi", str(tmp_path / "bad.json"), "--cases", "A01")
    assert done.returncode == 2
    assert "bad.json" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_mock_that_runs_already_is_given_no_documents(tmp_path, described):
    done = adsmock(
        *("conform", "--report-dir", str(tmp_path), "--server", "http://127.0.0.1:9"),
        *("--openapi", str(described)),
    )
    assert (done.returncode, "--openapi" in done.stderr) == (2, True)
