"""What every Step Functions task renders, for tasks that are written in Python.

``TaskStateBase`` keeps its arguments to itself: aws-cdk-lib's own tasks render them by a method
that jsii does not export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_cdk import Token
from aws_cdk import aws_stepfunctions as sfn

from clarify_contract import Finding, Refused


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
        if language is sfn.QueryLanguage.JSONATA:
            specific = self._jsonata(parameters)
        else:
            specific = self._json_path(parameters)
        common = {
            "Type": "Task",
            "Comment": self.comment,
            "QueryLanguage": "JSONata" if language is not machine else None,
            **_seconds("Timeout", self.timeout),
            **_seconds("Heartbeat", self.heartbeat),
            **(
                {"Credentials": {"RoleArn": self.credentials.role.role_arn}}
                if self.credentials is not None
                else {}
            ),
        }
        return {key: value for key, value in (common | specific).items() if value is not None}

    def _json_path(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        _refuse_other("JSONata", "JSONPath", outputs=self.outputs)
        for name, path in (
            ("input_path", self.input_path),
            ("output_path", self.output_path),
            ("result_path", self.result_path),
        ):
            if path is not None and not Token.is_unresolved(path) and not path.startswith("$"):
                raise Refused([_no_path(name, path)])
        return {
            "InputPath": self.input_path,
            "OutputPath": self.output_path,
            "ResultPath": self.result_path,
            "Parameters": sfn.FieldUtils.render_object(parameters),
            "ResultSelector": _rendered(self.result_selector),
            "Assign": _rendered(self.assign),
        }

    def _jsonata(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        _refuse_other(
            "JSONPath",
            "JSONata",
            input_path=self.input_path,
            output_path=self.output_path,
            result_path=self.result_path,
            result_selector=self.result_selector,
        )
        return {"Arguments": dict(parameters), "Output": self.outputs, "Assign": self.assign}


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


def _refuse_other(theirs: str, ours: str, **arguments: object) -> None:
    findings = [
        Finding(
            "query-language",
            name,
            f"an argument of {theirs} in a task that speaks {ours}",
            f"arguments of {ours} only",
            f"Leave {name} out, or pass query_language=QueryLanguage."
            + ("JSONATA." if theirs == "JSONata" else "JSON_PATH."),
        )
        for name, value in arguments.items()
        if value is not None
    ]
    if findings:
        raise Refused(findings)


def _no_path(name: str, path: str) -> Finding:
    return Finding(
        "json-path", name, repr(path), "a JSON path, which starts with '$'", "Write '$.key'."
    )
