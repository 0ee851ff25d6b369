"""Intrinsic functions: evaluated where the template decides, else text with a reference."""

import pytest

from adsmock.harness.iac.intrinsic import Resolver, is_known

RESOLVER = Resolver(
    {"Name": "ads", "AWS::Partition": "aws"},
    {"Accounts": {"NA": {"id": "012345678901"}, "EU": {"id": "210987654321"}}},
    {
        "IsAds": {"Fn::Equals": [{"Ref": "Name"}, "ads"]},
        "IsOther": {"Fn::Not": [{"Condition": "IsAds"}]},
        "IsHere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "Both": {"Fn::And": [{"Condition": "IsAds"}, {"Condition": "IsHere"}]},
        "Either": {"Fn::Or": [{"Condition": "IsAds"}, {"Condition": "IsHere"}]},
        "Neither": {"Fn::And": [{"Condition": "IsOther"}, {"Condition": "IsHere"}]},
        "Itself": {"Condition": "Itself"},
        "Malformed": {"Fn::Not": 3},
    },
)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ({"Ref": "Name"}, "ads"),
        ({"Ref": "Queue"}, "${Queue}"),
        ({"Fn::GetAtt": ["Queue", "Arn"]}, "${Queue.Arn}"),
        ({"Fn::Sub": "arn:${AWS::Partition}:${Name}-${Queue.Arn}"}, "arn:aws:ads-${Queue.Arn}"),
        ({"Fn::Sub": ["${a}-${Name}", {"a": {"Ref": "Name"}}]}, "ads-ads"),
        ({"Fn::Join": ["-", [{"Ref": "Name"}, "x"]]}, "ads-x"),
        ({"Fn::FindInMap": ["Accounts", "NA", "id"]}, "012345678901"),
        ({"Fn::FindInMap": ["Accounts", {"Ref": "Realm"}, "id"]}, "${Fn::FindInMap}"),
        ({"Fn::Select": ["1", {"Fn::Split": ["-", "a-b"]}]}, "b"),
        ({"Fn::Select": ["5", ["a"]]}, "${Fn::Select}"),
        ({"Fn::If": ["IsAds", "yes", "no"]}, "yes"),
        ({"Fn::If": ["IsOther", "yes", "no"]}, "no"),
        ({"Fn::If": ["IsHere", "same", "same"]}, "same"),
        ({"Fn::If": ["IsHere", "yes", "no"]}, "${Fn::If}"),
        ({"a": {"Fn::If": ["IsAds", {"Ref": "AWS::NoValue"}, 1]}, "b": 2}, {"b": 2}),
        ({"Fn::ImportValue": "x"}, "${Fn::ImportValue}"),
        ({"Fn::Join": 3}, "${Fn::Join}"),
        ({"Fn::If": ["IsAds"]}, "${Fn::If}"),
    ],
)
def test_a_function_is_evaluated(part, value):
    assert RESOLVER.value(part) == value
    assert is_known(RESOLVER.value(part)) == ("${" not in str(value))


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("IsAds", True),
        ("IsOther", False),
        ("IsHere", None),
        ("Both", None),
        ("Either", True),
        ("Neither", False),
        ("Itself", None),
        ("Malformed", None),
        ("Absent", None),
    ],
)
def test_a_condition_holds_fails_or_is_open(name, holds):
    assert RESOLVER.holds(name) is holds
