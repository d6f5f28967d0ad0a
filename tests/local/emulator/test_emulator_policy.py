"""Judging policies: IAM's rules for actions, resources and conditions."""

from __future__ import annotations

from typing import Any

import pytest

from clarify_local.emulator.policy import Request, condition_holds, judge, matches

KEY = "arn:aws:s3:::data/runs/a.csv"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", **elements}


def decide(*statements: dict[str, Any], **context: tuple[str, ...]) -> tuple[str, list[str]]:
    ignored: list[str] = []
    request = Request("s3:GetObject", KEY, {k.replace("__", ":"): v for k, v in context.items()})
    return judge(statements, request, ignored=ignored.append), ignored


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("arn:aws:s3:::data/*", "arn:aws:s3:::data/a/b", True),
        ("arn:aws:s3:::data", "arn:aws:s3:::data/a", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a.c", "abc", False),
        ("a[bc]", "ab", False),
        ("a[bc]", "a[bc]", True),
        ("*", "", True),
        ("a+", "aa", False),
    ],
)
def test_patterns_know_star_and_question_mark_only(
    pattern: str, value: str, expected: bool
) -> None:
    assert matches(pattern, value) is expected


def test_without_a_statement_nothing_is_said() -> None:
    assert decide() == ("silent", [])


def test_actions_do_not_mind_case_and_resources_do() -> None:
    assert decide(statement(Action="S3:getobject"))[0] == "allowed"
    assert decide(statement(Resource=KEY.upper()))[0] == "silent"


def test_a_deny_wins_wherever_it_stands() -> None:
    deny = statement("Deny")
    assert decide(statement(), deny)[0] == "denied"
    assert decide(deny, statement())[0] == "denied"


def test_not_action_and_not_resource_are_their_opposites() -> None:
    without = {"Effect": "Allow", "NotAction": "s3:Put*", "Resource": "*"}
    assert decide(without)[0] == "allowed"
    assert decide({**without, "NotAction": ["s3:*"]})[0] == "silent"
    elsewhere = {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::data/*"}
    assert decide(elsewhere)[0] == "silent"


def test_an_allow_whose_condition_fails_is_silent_and_not_a_denial() -> None:
    conditional = statement(Condition={"StringEquals": {"s3:prefix": "a"}})

    assert decide(conditional, s3__prefix=("b",)) == ("silent", [])
    assert decide(conditional, statement(), s3__prefix=("b",))[0] == "allowed"


@pytest.mark.parametrize(("effect", "expected"), [("Allow", "allowed"), ("Deny", "silent")])
def test_a_condition_that_cannot_be_told_never_denies_and_is_named(
    effect: str, expected: str
) -> None:
    unknown = statement(effect, Condition={"StringEquals": {"aws:ResourceTag/team": "a"}})

    assert decide(unknown) == (
        expected,
        ["condition StringEquals aws:ResourceTag/team of s3:GetObject"],
    )


@pytest.mark.parametrize(
    ("operator", "wanted", "values", "expected"),
    [
        ("StringEquals", ["a", "b"], ("b",), True),
        ("StringEquals", ["a"], (), False),
        ("StringEqualsIfExists", ["a"], (), True),
        ("StringNotEquals", ["a"], (), True),
        ("StringNotEquals", ["a", "b"], ("b",), False),
        ("StringEqualsIgnoreCase", ["A"], ("a",), True),
        ("StringLike", ["runs/*"], ("runs/1",), True),
        ("StringNotLike", ["runs/*"], ("runs/1",), False),
        ("ArnLike", ["arn:aws:iam::*:role/x"], ("arn:aws:iam::1:role/x",), True),
        ("Bool", ["false"], ("true",), False),
        ("Bool", [False], ("false",), True),
        ("NumericLessThanEquals", ["3600"], ("3600",), True),
        ("NumericLessThan", ["3600"], ("3600",), False),
        ("NumericGreaterThan", ["3600"], ("3601",), True),
        ("NumericGreaterThanEquals", ["3600"], ("3599",), False),
        ("Null", ["true"], (), True),
        ("Null", ["true"], ("a",), False),
        ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
        ("ForAllValues:StringEquals", ["a"], ("a", "b"), False),
        ("ForAllValues:StringEquals", ["a"], (), True),
        ("ForAnyValue:StringEquals", ["a"], ("a", "b"), True),
        ("ForAnyValue:StringEquals", ["c"], ("a", "b"), False),
        ("IpAddress", ["10.0.0.0/8"], ("10.1.1.1",), None),
    ],
)
def test_conditions(
    operator: str, wanted: list[Any], values: tuple[str, ...], expected: bool | None
) -> None:
    assert condition_holds(operator, "k:K", wanted, {"k:k": values}) is expected
