"""What every Step Functions task renders, for tasks that are written in Python.

``TaskStateBase`` keeps its arguments to itself: aws-cdk-lib's own tasks render them by a method
that jsii does not export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_stepfunctions as sfn

from clarify_contract import Finding, Refused
from clarify_contract.tokens import is_token


@dataclass(frozen=True, kw_only=True)
class TaskBase:
    """The base arguments of one task; absent ones are not rendered."""

    assign: Mapping[str, Any] | None = None
    comment: str | None = None
    credentials: sfn.Credentials | None = None
    heartbeat: sfn.Timeout | None = None
    input_path: str | None = None
    output_path: str | None = None
    outputs: Any = None
    query_language: sfn.QueryLanguage | None = None
    result_path: str | None = None
    result_selector: Mapping[str, Any] | None = None
    timeout: sfn.Timeout | None = None

    def __post_init__(self) -> None:
        # Without a language of its own the task speaks the state machine's, which is known later.
        if self.query_language is not None:
            self._check(self.query_language)

    def render(
        self, top_level: sfn.QueryLanguage | None, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the state's keys, without its resource and its transitions.

        Parameters
        ----------
        top_level
            Query language of the state machine; None is JSONPath.
        parameters
            The request. Under JSONPath its paths become keys that end in ``.$``.

        Raises
        ------
        Refused
            If an argument belongs to the other query language.
        """
        machine = top_level or sfn.QueryLanguage.JSON_PATH
        language = self.query_language or machine
        self._check(language)
        values: dict[str, Any] = {
            "Type": "Task",
            "Comment": self.comment,
            **_seconds("Timeout", self.timeout),
            **_seconds("Heartbeat", self.heartbeat),
        }
        if self.credentials is not None:
            values["Credentials"] = {"RoleArn": self.credentials.role.role_arn}
        if language is sfn.QueryLanguage.JSONATA:
            values |= {
                "QueryLanguage": "JSONata" if language is not machine else None,
                "Arguments": dict(parameters),
                "Output": self.outputs,
                "Assign": self.assign,
            }
        else:
            values |= {
                "InputPath": self.input_path,
                "OutputPath": self.output_path,
                "ResultPath": self.result_path,
                "Parameters": sfn.FieldUtils.render_object(parameters),
                "ResultSelector": _rendered(self.result_selector),
                "Assign": _rendered(self.assign),
            }
        return {key: value for key, value in values.items() if value is not None}

    def _check(self, language: sfn.QueryLanguage) -> None:
        """Refuse arguments of the other language, which the service would refuse at creation."""
        paths = {
            "input_path": self.input_path,
            "output_path": self.output_path,
            "result_path": self.result_path,
        }
        if language is sfn.QueryLanguage.JSONATA:
            foreign = {**paths, "result_selector": self.result_selector}
            findings = [_foreign(name, "JSONPath") for name, arg in foreign.items() if arg]
        else:
            findings = [_foreign("outputs", "JSONata")] if self.outputs is not None else []
            findings += [
                _no_path(name, path)
                for name, path in paths.items()
                if path and not is_token(path) and not path.startswith("$")
            ]
        if findings:
            raise Refused(findings)


def _seconds(name: str, timeout: sfn.Timeout | None) -> dict[str, Any]:
    if timeout is None:
        return {}
    return {
        f"{name}Seconds": timeout.seconds
        if timeout.seconds is not None
        else timeout.jsonata_expression,
        f"{name}SecondsPath": timeout.path,
    }


def _rendered(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if values is None else sfn.FieldUtils.render_object(values)


def _foreign(name: str, language: str) -> Finding:
    return Finding(
        "query-language",
        name,
        f"an argument that only {language} has",
        "arguments of the language that the task speaks",
        f"Leave {name} out, or let the task speak {language}: query_language.",
    )


def _no_path(name: str, path: str) -> Finding:
    return Finding(
        "json-path", name, repr(path), "a JSON path, which starts with '$'", "Write '$.key'."
    )
