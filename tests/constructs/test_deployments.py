"""The context key `clarify`: one entry for each stack, and everything wrong with it at once."""

from __future__ import annotations

import inspect
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from clarify_cdk import ClarifyStack, Existing
from clarify_cdk.deployments import SETTINGS, read_deployments
from clarify_contract import Limit, Refused, load_rules
from support_constructs.configs import BIAS

CONFIG = {**BIAS, "methods": {"pre_training_bias": {"methods": ["CI", "DPL"]}}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return tmp_path


def findings(context: object, root: Path) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        read_deployments(context, root)
    return [(finding.id, finding.path) for finding in refused.value.findings]


def test_every_setting_is_read(root: Path) -> None:
    settings = {
        "account": "111122223333",
        "region": "eu-central-1",
        "dataset": "loans/",
        "vpc": False,
        "zones": 1,
        "fips": True,
        "functions_in_vpc": True,
        "image": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/engine:1",
        "instance_type": "ml.c5.xlarge",
        "instance_count": 1,
        "volume_gib": 50,
        "max_runtime_minutes": 90,
        "allowed_models": ["next"],
        "allowed_endpoints": [],
        "allowed_datasets": ["s3://lake/"],
        "termination_protection": True,
        "publish_metrics": True,
        "schedule": "rate(1 day)",
        "time_zone": "Europe/Berlin",
    }
    given = {field.name for field in fields(Existing)}
    assert settings.keys() | {"config", "limits", "rules"} | given == SETTINGS.keys()
    (deployment,) = read_deployments({"Loans": {"config": "config.json", **settings}}, root)
    assert deployment.stack_name == "Loans"
    assert deployment.config.to_dict() == CONFIG
    assert deployment.settings == settings
    assert deployment.limits == {}
    assert deployment.rules is None


def test_settings_that_are_passed_on_by_name_are_arguments_of_the_stack() -> None:
    converted = {"account", "region", "image", "volume_gib", "max_runtime_minutes", "time_zone"}
    converted |= {field.name for field in fields(Existing)}
    arguments = inspect.signature(ClarifyStack.__init__).parameters
    assert SETTINGS.keys() - converted <= arguments.keys()


def test_what_the_account_has_is_read_as_such(root: Path) -> None:
    key = "arn:aws:kms:eu-central-1:111122223333:key/1"
    given = {
        "vpc_id": "vpc-0a1b",
        "subnet_ids": ["subnet-0a1b"],
        "s3_prefix_list": "pl-0a1b",
        "s3_endpoint": False,
        "sagemaker_endpoints": True,
        "endpoint_clients": ["sg-0a1b"],
        "nat": True,
        "reachable_security_groups": ["sg-0a1b"],
        "reachable_addresses": ["10.0.1.0/24"],
        "model_data_buckets": ["models"],
        "job_role": "arn:aws:iam::111122223333:role/team/job",
        "permissions_boundary": "team-boundary",
        "access_log_bucket": "audit-111122223333",
        "bucket_key": key,
        "data_keys": [key],
        "volume_key": key,
        "log_key": key,
        "notify_topic": "arn:aws-cn:sns:cn-north-1:111122223333:verdicts",
        "notify_topic_key": key,
        "notify_bus": "arn:aws-us-gov:events:us-gov-west-1:111122223333:event-bus/verdicts",
    }
    assert given.keys() == {field.name for field in fields(Existing)}
    place = {"account": "111122223333", "region": "eu-central-1"}
    entry = {"config": "config.json", **place, **given}
    (deployment,) = read_deployments({"Loans": entry}, root)
    assert deployment.existing == Existing(**given)
    assert deployment.settings == place


def test_one_entry_for_each_account(root: Path) -> None:
    entries = {
        f"Loans{stage}": {"config": "config.json", "account": account}
        for stage, account in (("Test", "111122223333"), ("Live", "444455556666"))
    }
    found = read_deployments(entries, root)
    assert [deployment.settings["account"] for deployment in found] == [
        "111122223333",
        "444455556666",
    ]


def test_limits_stand_in_the_entry_or_in_a_file(root: Path) -> None:
    limits = {"CI": {"min": -1, "max": 0.5}, "DPL": [{"max": 0.1, "facet": "sex"}, {"min": -0.2}]}
    (root / "limits.json").write_text(json.dumps(limits), encoding="utf-8")
    expected = {
        "CI": [Limit(minimum=-1, maximum=0.5)],
        "DPL": [Limit(maximum=0.1, facet="sex"), Limit(minimum=-0.2)],
    }
    for given in (limits, "limits.json"):
        entry = {"config": "config.json", "limits": given}
        (deployment,) = read_deployments({"Loans": entry}, root)
        assert deployment.limits == expected


def test_rules_stand_in_the_entry_or_in_a_file(root: Path) -> None:
    rules = {"presets": ["four_fifths"], "accepted_zeros": ["sex"]}
    (root / "rules.json").write_text(json.dumps(rules), encoding="utf-8")
    for given in (rules, "rules.json"):
        (found,) = read_deployments({"Loans": {"config": "config.json", "rules": given}}, root)
        assert found.rules == load_rules(rules)


@pytest.mark.parametrize("context", [None, {}, [], "Loans", 3])
def test_a_context_without_entries_is_refused(context: object, root: Path) -> None:
    assert findings(context, root) == [("context-missing", "clarify")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("config.json", [("entry-not-an-object", "clarify.Loans")]),
        ({}, [("config-missing", "clarify.Loans.config")]),
        ({"config": "config.json", "Vpc": True}, [("setting-unknown", "clarify.Loans.Vpc")]),
        ({"config": 3}, [("setting-wrong", "clarify.Loans.config")]),
        ({"config": "config.json", "vpc": "yes"}, [("setting-wrong", "clarify.Loans.vpc")]),
        (
            {"config": "config.json", "account": 111122223333},
            [("setting-wrong", "clarify.Loans.account")],
        ),
        (
            {"config": "config.json", "region": "Frankfurt"},
            [("setting-wrong", "clarify.Loans.region")],
        ),
        (
            {"config": "config.json", "instance_count": True},
            [("setting-wrong", "clarify.Loans.instance_count")],
        ),
        (
            {"config": "config.json", "allowed_models": "next"},
            [("setting-wrong", "clarify.Loans.allowed_models")],
        ),
        (
            {"config": "config.json", "limits": "absent.json"},
            [("limits-unreadable", "clarify.Loans.limits")],
        ),
        (
            {"config": "config.json", "limits": {"CI": {"maximum": 1}}},
            [("limit-wrong", "clarify.Loans.limits.CI")],
        ),
        (
            {"config": "config.json", "limits": {"CI": 0.1}},
            [("limit-wrong", "clarify.Loans.limits.CI")],
        ),
        ({"config": "config.json", "rules": "absent.json"}, [("rules-unreadable", "rules")]),
        ({"config": "config.json", "rules": 3}, [("setting-wrong", "clarify.Loans.rules")]),
        (
            {"config": "config.json", "rules": {"limit": {}}},
            [("rules-unknown-key", "rules.limit")],
        ),
        ({"config": "absent.json"}, [("config-unreadable", "absent.json")]),
        *(
            ({"config": "config.json", name: wrong}, [("setting-wrong", f"clarify.Loans.{name}")])
            for name, wrong in (
                ("zones", 0),
                ("fips", "yes"),
                ("functions_in_vpc", 1),
                ("model_data_buckets", "models"),
                ("model_data_buckets", ["s3://models"]),
            )
        ),
        (
            {"config": "config.json", "vpc_id": "vpc-0a1b", "reachable_addresses": ["10.0.1.0"]},
            [
                ("setting-alone", "clarify.Loans.vpc_id"),
                ("setting-wrong", "clarify.Loans.reachable_addresses"),
            ],
        ),
        (
            {"config": "config.json", "access_log_bucket": "arn:aws:s3:::audit"},
            [("setting-wrong", "clarify.Loans.access_log_bucket")],
        ),
        (
            {"config": "config.json", "bucket_key": "alias/lake"},
            [("setting-wrong", "clarify.Loans.bucket_key")],
        ),
        (
            {"config": "config.json", "schedule": "every day"},
            [("setting-wrong", "clarify.Loans.schedule")],
        ),
        (
            {"config": "config.json", "time_zone": "Europe/Berlin"},
            [("setting-alone", "clarify.Loans.time_zone")],
        ),
        (
            {"config": "config.json", "vpc_id": "vpc-0a1b", "vpc": True},
            [("setting-alone", "clarify.Loans.vpc_id"), ("setting-twice", "clarify.Loans.vpc")],
        ),
        (
            {"config": "config.json", "subnet_ids": ["subnet-0a1b"]},
            [("setting-alone", "clarify.Loans.subnet_ids")],
        ),
    ],
)
def test_a_wrong_entry_is_refused_by_name(
    entry: Any, expected: list[tuple[str, str]], root: Path
) -> None:
    found = findings({"Loans": entry}, root)
    assert [(identifier, Path(path).name) for identifier, path in found] == expected


@pytest.mark.parametrize("name", ["2Loans", "my loans", "a_b", "a" * 129])
def test_a_stack_name_is_one_that_cloudformation_takes(name: str, root: Path) -> None:
    assert findings({name: {"config": "config.json"}}, root) == [("stack-name", f"clarify.{name}")]


def test_all_entries_are_judged_at_once(root: Path) -> None:
    (root / "wrong.json").write_text('{"dataset_type": "text/csv"}', encoding="utf-8")
    found = findings(
        {"A": {"config": "wrong.json", "limits": "absent.json"}, "B": {"vpc": 1}, "C": 3}, root
    )
    identifiers = [identifier for identifier, _ in found]
    assert "limits-unreadable" in identifiers
    assert identifiers[-3:] == ["config-missing", "setting-wrong", "entry-not-an-object"]
    assert len(found) > 4, "the findings of the wrong config are missing"
