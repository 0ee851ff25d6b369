"""Every limit is an option of ``serve`` with its default, and the docs name it."""

import argparse
from dataclasses import fields
from pathlib import Path

import pytest

from adsmock.mockserver.command.limit_options import OPTIONS, add_limit_options, limits_of
from adsmock.mockserver.core.limits import Limits

PAGE = Path(__file__).parents[4] / "docs" / "explanation" / "limits.md"


def parsed(*words):
    parser = argparse.ArgumentParser()
    add_limit_options(parser)
    return limits_of(parser.parse_args(words))


def test_every_limit_is_an_option():
    assert {option.member for option in OPTIONS} == {each.name for each in fields(Limits)}


def test_without_options_the_limits_are_the_defaults():
    assert parsed() == Limits()


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_an_option_sets_its_limit_and_no_other(option):
    before, after = parsed(), parsed(option.name, "7")
    changed = {
        each.name
        for each in fields(Limits)
        if getattr(before, each.name) != getattr(after, each.name)
    }
    assert changed == {option.member}
    assert getattr(after, option.member) == 7


def test_the_docs_name_every_option():
    text = PAGE.read_text(encoding="utf-8")
    assert [option.name for option in OPTIONS if f"`{option.name}`" not in text] == []
