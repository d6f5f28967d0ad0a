"""The reference of the constructs: what each makes, and the rights that come with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

import clarify_cdk
from clarify_cdk import ClarifyMonitoring, ClarifyStack, ModelPackageApproval
from clarify_contract import AnalysisConfig
from support_docs.markdown import table

_CONFIG: Final = {
    "dataset_type": "text/csv",
    "label": "approved",
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "sex", "value_or_threshold": [0]}],
    "methods": {"post_training_bias": {"methods": ["DPPL"]}},
    "predictor": {
        "model_name": "loans",
        "initial_instance_count": 1,
        "instance_type": "ml.m5.large",
    },
}
_INTRODUCTION: Final = """\
# Constructs

Each is usable alone; `ClarifyStack` puts them together. What a construct makes, and what its roles
may do, is read here from a template that is synthesised with this page: a config that names a
model, in a VPC of its own, with nothing else asked for. Another config needs other rights, and each
is derived from it. Rights of a construct inside of another stand with the inner one. Names in
braces are resources of the stack. Where a resource is `*`, AWS takes no other for that action.
[Who may do what](../rights.md) holds that against each call that is made, and its neighbours.
"""
#: In the order in which somebody meets them; what is not here has no resources of its own.
_ORDER: Final = (
    "ClarifyStack",
    "ClarifyPipeline",
    "ClarifyNetwork",
    "AnalysisPreparation",
    "ResultsCheck",
    "ClarifyRole",
    "ShadowEndpointCleanup",
    "ModelPackageApproval",
    "ClarifyMonitoring",
)

Template = Mapping[str, Any]


def constructs_page() -> str:
    """Return the page."""
    app = cdk.App(context={"@aws-cdk/aws-iam:minimizePolicies": True})
    made = {type(each).__name__: each for each in _examples(app)}
    templates = {stack.stack_name: stack.template["Resources"] for stack in app.synth().stacks}
    lines = [_INTRODUCTION]
    for name in (*_ORDER, *sorted(set(clarify_cdk.__all__) - set(_ORDER))):
        lines += [f"## {name} {{#{name}}}", ""]
        if name in made:
            inner = [each for other, each in made.items() if other != name]
            resources = templates[cdk.Stack.of(made[name]).stack_name]
            lines += _made(made[name], inner, resources)
        lines += [f"::: clarify_cdk.{name}", "    options: {show_root_toc_entry: false}", ""]
    return "\n".join(lines)


def _examples(app: cdk.App) -> Iterator[IConstruct]:
    """Yield one of each construct; the last of a kind is the one that nothing was added to."""
    more = _stack(app, "More", allowed_models=["clarify-candidate-*"])
    role = iam.Role.from_role_arn(more, "Model", "arn:aws:iam::111122223333:role/loans")
    yield ModelPackageApproval(
        more,
        "Approval",
        pipeline=more.pipeline,
        model_package_group_name="loans",
        model_role=role,
    )
    yield ClarifyMonitoring(more, "Monitoring", pipeline=more.pipeline)
    yield from _stack(app, "Loans").node.find_all()


def _stack(app: cdk.App, name: str, **settings: Any) -> ClarifyStack:
    return ClarifyStack(
        app,
        name,
        config=AnalysisConfig(**_CONFIG),
        env=cdk.Environment(account="111122223333", region="eu-central-1"),
        # That of eu-central-1: nothing is looked up for a page.
        s3_prefix_list="pl-6ea54007",
        **settings,
    )


def _made(
    construct: IConstruct, others: Sequence[IConstruct], resources: Template
) -> Iterator[str]:
    below = _resources(construct)
    types = Counter(resources[name]["Type"] for name in below)
    words = (f"`{name}`" + (f" ({n})" if n > 1 else "") for name, n in sorted(types.items()))
    if types:
        yield f"Makes {', '.join(words)}."
    yield ""
    path = f"{construct.node.path}/"
    inner = [each for each in others if f"{each.node.path}/".startswith(path)]
    elsewhere = {name for each in inner if _is_documented(each) for name in _resources(each)}
    for name in below:
        if resources[name]["Type"] != "AWS::IAM::Role" or name in elsewhere:
            continue
        if rows := list(rights(resources, name)):
            yield f"`{short({'Ref': name})}` may"
            yield ""
            yield from table(["do", "to", "on condition of"], rows)


def _is_documented(construct: IConstruct) -> bool:
    return type(construct).__name__ in clarify_cdk.__all__


def _resources(construct: IConstruct) -> list[str]:
    """Return the logical ids of a construct's resources."""
    stack = cdk.Stack.of(construct)
    return [
        stack.resolve(each.logical_id)  # type: ignore[attr-defined]
        for each in construct.node.find_all()
        if cdk.CfnResource.is_cfn_resource(each)
    ]


def rights(resources: Template, role: str) -> Iterator[Sequence[str]]:
    """Yield what a role of a template may do: actions, their resources, and condition keys."""
    for resource in resources.values():
        properties = resource["Properties"] if resource["Type"] == "AWS::IAM::Policy" else None
        if properties is None or {"Ref": role} not in properties["Roles"]:
            continue
        for statement in properties["PolicyDocument"]["Statement"]:
            tests = statement.get("Condition", {}).values()
            keys = sorted({key for test in tests for key in test})
            yield [_lines(statement["Action"]), _lines(statement["Resource"]), _lines(keys)]


def short(value: Any) -> str:
    """Return an ARN or a reference so that a reader knows what it is."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return "{" + _name(name) + "}"
        case {"Fn::GetAtt": [name, "Arn"]}:
            return "{" + _name(name) + "}"
        case {"Fn::GetAtt": [name, attribute]}:
            return "{" + f"{_name(name)}.{attribute}" + "}"
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(short, parts))
        case {"Fn::Select": [_, {"Fn::Split": [_, whole]}]}:
            # CDK takes a name out of an ARN.
            return short(whole)
    raise ValueError(f"no way to shorten {value}")


def _name(logical_id: str) -> str:
    return re.sub(r"[0-9A-F]{8}$", "", logical_id).removeprefix("AWS::")


def _lines(values: Any) -> str:
    some = values if isinstance(values, list) else [values]
    return "<br>".join(f"`{short(value)}`" for value in some)
