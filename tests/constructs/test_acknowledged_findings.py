"""What cdk-nag's packs find is mended, or acknowledged with a reason that holds."""

from __future__ import annotations

import pytest

from support_constructs.acknowledged import ACKNOWLEDGED, Acknowledged
from support_constructs.findings_page import COMMAND, PAGE, page
from support_constructs.nag import Found, findings
from support_constructs.reviewed import STACKS, reviewed
from support_constructs.templates import Template

ENTRIES = [entry for part in ACKNOWLEDGED.values() for entry in part]


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return findings(reviewed())


@pytest.fixture(scope="module")
def templates() -> list[Template]:
    return [reviewed().template(stack) for stack in STACKS]


def test_every_finding_is_answered_by_one_entry(found: list[Found]) -> None:
    assert found
    answers = {each: [entry for entry in ENTRIES if entry.answers(each)] for each in found}
    assert [each for each, entries in answers.items() if len(entries) != 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.rules[-1]} {e.at} {e.shown}")
def test_no_entry_answers_what_is_not_found(entry: Acknowledged, found: list[Found]) -> None:
    assert {each.rule for each in found if entry.answers(each)} == set(entry.rules)


@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.setting], ids=lambda e: e.setting)
def test_a_setting_does_away_with_its_finding(entry: Acknowledged, found: list[Found]) -> None:
    answered = {each.stack for each in found if entry.answers(each)}
    assert "Default" in answered
    assert "Hardened" not in answered


def test_the_page_says_what_is_so_now(found: list[Found]) -> None:
    assert PAGE.read_text("utf-8") == page(found), f"write it anew: {COMMAND}"


# --- what the reasons rest on ---------------------------------------------------------------------


def test_nothing_but_state_machines_is_let_call_a_function(templates: list[Template]) -> None:
    for template in templates:
        kinds = {resource["Type"] for resource in template.document["Resources"].values()}
        assert not kinds & {
            "AWS::Lambda::EventInvokeConfig",
            "AWS::Lambda::EventSourceMapping",
            "AWS::Lambda::Permission",
            "AWS::Lambda::Url",
        }
        callers = {
            role
            for policy in template.of_type("IAM::Policy").values()
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]
            if "lambda:InvokeFunction" in statement["Action"]
            for role in policy["Properties"]["Roles"]
        }
        (caller,) = callers
        assert "StateMachineRole" in caller


def test_every_inline_policy_is_of_one_role(templates: list[Template]) -> None:
    for template in templates:
        for policy in template.of_type("IAM::Policy").values():
            assert len(policy["Properties"]["Roles"]) == 1
            assert policy["Properties"].keys() == {"PolicyDocument", "PolicyName", "Roles"}


def test_nothing_is_in_the_default_group_of_a_vpc(templates: list[Template]) -> None:
    seen = set()
    for template in templates:
        endpoints = [
            endpoint["Properties"]
            for endpoint in template.of_type("EC2::VPCEndpoint").values()
            if endpoint["Properties"]["VpcEndpointType"] == "Interface"
        ]
        functions = [
            function["Properties"]["VpcConfig"]
            for function in template.of_type("Lambda::Function").values()
            if "VpcConfig" in function["Properties"]
        ]
        assert all(place["SecurityGroupIds"] for place in (*endpoints, *functions))
        for machine in template.of_type("StepFunctions::StateMachine").values():
            for state in machine["Properties"]["DefinitionString"]["States"].values():
                if "createProcessingJob" not in str(state.get("Resource")):
                    continue
                network = state["Parameters"].get("NetworkConfig", {}).get("VpcConfig")
                assert (network is None) == (template.of_type("EC2::SecurityGroup") == {})
                if network is not None:
                    assert network["SecurityGroupIds"]
                    seen.add("job")
        seen |= {"endpoint" for _ in endpoints} | {"function" for _ in functions}
    assert seen == {"job", "function", "endpoint"}


def test_no_role_reads_logs(templates: list[Template]) -> None:
    allowed = {
        action
        for template in templates
        for _, statement in template.all_statements()
        for action in statement["Action"]
        if action.startswith("logs:")
    }
    assert not {action for action in allowed if action.startswith(("logs:Get", "logs:Filter"))} - {
        "logs:GetLogDelivery"
    }


def test_no_role_deletes_objects(templates: list[Template]) -> None:
    statements = [s for each in templates for _, s in each.all_statements()]
    allowed = {a for s in statements if s["Effect"] == "Allow" for a in s["Action"]}
    assert {action for action in allowed if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
    }
