"""Recordings of other programs: the same exchange comes out of each format."""

import base64
import gzip
import json
from typing import Any

import pytest

from adsmock.harness.fidelity.formats import FormatError, read

URL = "https://advertising-api-eu.amazon.com/sp/campaigns/list?locale=de_DE"
SENT = '{"maxResults":1}'
BODY = '{"campaigns":[{"campaignId":"4711"}],"totalResults":1}'
SECONDS = 1_772_795_030.0

HAR = {
    "log": {
        "entries": [
            {
                "startedDateTime": "2026-03-06T11:03:50.000Z",
                "request": {
                    "method": "post",
                    "url": URL,
                    "headers": [{"name": "Accept", "value": "application/json"}],
                    "postData": {"mimeType": "application/json", "text": SENT},
                },
                "response": {
                    "status": 200,
                    "headers": [{"name": "Content-Type", "value": "application/json"}],
                    "content": {
                        "encoding": "base64",
                        "text": base64.b64encode(BODY.encode()).decode(),
                    },
                },
            },
            {
                "request": {"method": "GET", "url": "https://example.com/a.css", "headers": []},
                "response": {"status": 200, "headers": [], "content": {}},
            },
        ]
    }
}

RUBY = f"""
http_interactions:
- request:
    method: post
    uri: {URL}
    body: {{encoding: UTF-8, string: '{SENT}'}}
    headers: {{Accept: [application/json]}}
  response:
    status: {{code: 200, message: OK}}
    headers: {{Content-Type: [application/json]}}
    body: {{encoding: UTF-8, base64_string: {base64.b64encode(BODY.encode()).decode()}}}
  recorded_at: Fri, 06 Mar 2026 11:03:50 GMT
recorded_with: VCR 6.4.0
"""

PYTHON = f"""
interactions:
- request:
    method: POST
    uri: {URL}
    body: '{SENT}'
    headers: {{Accept: [application/json]}}
  response:
    status: {{code: 200, message: OK}}
    headers:
      Content-Type: [application/json]
      Date: ['Fri, 06 Mar 2026 11:03:50 GMT']
    body:
      string: !!binary |
        {base64.b64encode(gzip.compress(BODY.encode())).decode()}
version: 1
"""

POSTMAN = {
    "info": {"name": "x", "schema": "v2"},
    "variable": [{"key": "api_url", "value": "https://advertising-api-eu.amazon.com"}],
    "item": [
        {
            "name": "Campaigns",
            "item": [
                {
                    "name": "List",
                    "request": {"method": "POST", "url": "{{api_url}}/never"},
                    "response": [
                        {
                            "name": "Success",
                            "code": 200,
                            "originalRequest": {
                                "method": "POST",
                                "url": {"raw": "{{api_url}}/sp/campaigns/list?locale=de_DE"},
                                "header": [
                                    {"key": "Accept", "value": "application/json"},
                                    {"key": "X", "value": "y", "disabled": True},
                                ],
                                "body": {"mode": "raw", "raw": SENT},
                            },
                            "header": [
                                {"key": "Content-Type", "value": "application/json"},
                                {"key": "Date", "value": "Fri, 06 Mar 2026 11:03:50 GMT"},
                            ],
                            "body": BODY,
                        }
                    ],
                }
            ],
        }
    ],
}

FILES = {
    "a.har": json.dumps(HAR),
    "ruby.yml": RUBY,
    "python.yaml": PYTHON,
    "collection.json": json.dumps(POSTMAN),
}


@pytest.mark.parametrize("name", FILES)
def test_each_format_gives_the_same_exchange(name, tmp_path) -> None:
    path = tmp_path / name
    path.write_text(FILES[name])

    recording = read(path)

    (one,) = recording.exchanges
    assert (one.method, one.host) == ("POST", "advertising-api-eu.amazon.com")
    assert (one.path, one.query) == ("/sp/campaigns/list", (("locale", "de_DE"),))
    assert one.request == {"maxResults": 1}
    assert one.request_headers == {"accept": "application/json"}
    assert (one.status, one.media) == (200, "application/json")
    assert one.body == {"campaigns": [{"campaignId": "4711"}], "totalResults": 1}
    assert one.started == SECONDS
    assert recording.ignored == (1 if name == "a.har" else 0)


def test_variables_of_a_collection_take_the_values_of_the_reply(tmp_path) -> None:
    """The saved request has ``{{reportId}}``; only the reply shows what it was."""
    saved: dict[str, Any] = {
        "code": 200,
        "originalRequest": {
            "method": "POST",
            "url": "{{base_url}}/sp/campaigns/{{campaignId}}/budgetRules",
            "body": {"mode": "raw", "raw": '{"id": "{{other}}", "campaignId": {{campaignId}}}'},
        },
        "body": '{"responses": [{"campaignId": 815}]}',
    }
    document = {"info": {}, "item": [{"name": "a", "request": {}, "response": [saved]}]}
    path = tmp_path / "c.json"
    path.write_text(json.dumps(document))

    (one,) = read(path).exchanges

    assert one.host == "advertising-api.amazon.com"
    assert one.path == "/sp/campaigns/815/budgetRules"
    assert one.request == {"id": "1", "campaignId": 815}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not JSON"),
        ('{"a": 1}', "unknown format"),
        ("just words", "unknown format"),
        ("a: [", "not YAML"),
        ('{"log": {"entries": [{}]}}', "damaged HAR"),
        ("interactions: [{}]", "damaged VCR"),
    ],
)
def test_other_files_are_refused_with_what_was_expected(text, reason, tmp_path) -> None:
    path = tmp_path / "x"
    path.write_text(text)

    with pytest.raises(FormatError, match=reason) as error:
        read(path)

    assert "expected a HAR file" in str(error.value)
