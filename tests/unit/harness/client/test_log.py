"""The log is JSON a line, says what happened, and never a secret."""

import io
import json
import logging
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsmock.harness.client import Settings
from adsmock.harness.client.log import MASK, JsonFormatter, MaskFilter, log_to
from tests.unit.harness.client.fake_service import NA, TASK, ClientFixture, campaigns, throttled

LETTERS = string.ascii_letters + string.digits + "-._|/+=$^(["
SECRETS = st.text(LETTERS, min_size=8, max_size=60)
TEXTS = st.text(max_size=40)
PLAIN = TEXTS.filter(
    lambda text: not re.search("atz|amzn1|bearer|basic|secret|token", text, re.IGNORECASE)
)
"""Texts that hold nothing which is masked by its look alone."""
NAMES = st.sampled_from(["detail", "row", "authorization", "refresh_token", "Client-Secret"])
TOKENS = st.builds(
    "{}{}".format,
    st.sampled_from(["Atza|", "Atzr|", "amzn1.oa2-cs.v1."]),
    st.text(string.ascii_letters + string.digits, min_size=8, max_size=40),
)


def line_of(record, secrets=()):
    MaskFilter(secrets).filter(record)
    return JsonFormatter().format(record)


def record_of(message, *args, **extra):
    record = logging.LogRecord("adsmock.harness.client", logging.INFO, "p", 1, message, args, None)
    vars(record).update(extra)
    return record


def nest(value):
    return st.recursive(
        value,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=2)
            | st.dictionaries(NAMES, inner, min_size=1, max_size=2)
        ),
        max_leaves=4,
    )


@given(secret=SECRETS, before=TEXTS, after=TEXTS, data=st.data())
def test_known_secret_never_reaches_a_line_anywhere(secret, before, after, data):
    dirty = before + secret + after
    extra = data.draw(nest(st.just(dirty)))
    record = record_of("got %s", dirty, detail=extra, other={dirty: [secret]})
    line = line_of(record, [secret])
    assert secret not in line
    assert json.dumps(secret, ensure_ascii=False)[1:-1] not in line
    assert "\n" not in line


@given(token=TOKENS, before=st.text(" abc:\"'", max_size=9), data=st.data())
def test_what_looks_like_a_token_is_masked_though_nobody_knows_it(token, before, data):
    extra = data.draw(nest(st.just(before + token)))
    line = line_of(record_of(f"got {before}{token}", detail=extra))
    assert token.partition("|")[2] not in line if "|" in token else token not in line


@given(value=SECRETS, name=NAMES.filter(lambda name: name not in {"detail", "row"}))
def test_member_with_the_name_of_a_secret_is_masked_whatever_it_holds(value, name):
    line = json.loads(line_of(record_of("x", detail={name: value, "row": 1})))
    assert line["detail"] == {name: MASK, "row": 1}


@given(message=PLAIN, number=st.integers(), flag=st.booleans())
def test_line_without_secrets_is_unchanged(message, number, flag):
    line = json.loads(line_of(record_of("%s", message, number=number, flag=flag, none=None)))
    assert (line["event"], line["number"], line["flag"], line["none"]) == (
        message,
        number,
        flag,
        None,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def-123",
        "https://s3.test/f?X-Amz-Signature=abcdef123&X-Amz-Expires=3600",
        "grant_type=refresh_token&refresh_token=abcdef123&client_secret=abcdef123",
    ],
)
def test_secret_inside_a_text_is_masked_and_the_rest_stays(text):
    event = json.loads(line_of(record_of(text)))["event"]
    assert "abc" not in event
    assert MASK in event
    assert event.split("=")[0].split(MASK)[0] == text.split("=")[0].split("abc")[0]


def test_traceback_is_masked():
    stream, logger = io.StringIO(), logging.getLogger("adsmock.harness.client.test")
    handler = log_to(stream, Settings.from_task(TASK))
    try:
        int("hush refresh Atza|abcdef")
    except ValueError:
        logger.exception("it broke: %s", "hush")
    finally:
        logging.getLogger("adsmock.harness.client").removeHandler(handler)
    line = json.loads(stream.getvalue())
    assert "ValueError" in line["trace"]
    for secret in ("hush", "refresh", "abcdef"):
        assert secret not in line["trace"] + line["event"]


def test_wrong_format_string_costs_no_event():
    assert json.loads(line_of(record_of("%d items", "many")))["event"] == "%d items"


def test_calls_are_logged_with_place_and_result_and_no_secret():
    stream = io.StringIO()
    fixture = ClientFixture()
    handler = log_to(stream, Settings.from_task(TASK))
    try:
        fixture.plan("/sp/campaigns", throttled())
        fixture.client.create("sp.campaigns", NA, campaigns("a"))
    finally:
        logging.getLogger("adsmock.harness.client").removeHandler(handler)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    seen = [(line["operation"], line["result"], line["level"]) for line in lines]
    assert seen == [
        ("lwa.token", "200", "INFO"),
        ("sp.campaigns.create", "429", "WARNING"),
        ("sp.campaigns.create", "207", "INFO"),
    ]
    assert {line["region"] for line in lines} == {"NA"}
    for secret in ("hush", "token-1"):
        assert secret not in stream.getvalue()
