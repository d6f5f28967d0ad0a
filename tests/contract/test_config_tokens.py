"""CDK tokens: where a name or an S3 URI stands, and nowhere else."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from clarify_contract import AnalysisConfig
from clarify_contract.tokens import is_list_token, is_number_token, is_token
from support_config.judge import errors, places
from support_config.valid import (
    GONE,
    bias,
    changed,
    json_document,
    json_lines,
    model,
    series,
    shap,
)

TOKEN = "${Token[TOKEN.123]}"
BUCKET = f"s3://{TOKEN}/data"

ACCEPTED = [
    (bias, {"predictor.model_name": TOKEN}),
    (bias, {"predictor.model_name": f"prefix-{TOKEN}"}),
    (bias, {"predictor": {"endpoint_name": TOKEN}}),
    (bias, {"predictor": model(endpoint_name_prefix=TOKEN)}),
    (bias, {"predictor": model(target_model=TOKEN)}),
    (bias, {"dataset_uri": BUCKET}),
    (bias, {"dataset_uri": TOKEN}),
    (bias, {"facet_dataset_uri": BUCKET}),
    (bias, {"predicted_label_dataset_uri": TOKEN}),
    (shap, {"methods.shap.baseline": TOKEN}),
    (series, {"methods.asymmetric_shapley_value.baseline": BUCKET}),
]


@pytest.mark.parametrize(("valid", "change"), ACCEPTED)
def test_a_token_stands_for_a_name_or_an_s3_uri(valid: Any, change: dict[str, Any]) -> None:
    config = changed(valid(), change)
    assert errors(config) == ()
    assert AnalysisConfig.load(config).to_dict() == config


REFUSED = [
    (bias, "headers.0"),
    (bias, "label"),
    (bias, "label_values_or_threshold.0"),
    (bias, "facet.0.name_or_index"),
    (bias, "facet.0.value_or_threshold.0"),
    (bias, "group_variable"),
    (bias, "dataset_type"),
    (bias, "predictor.instance_type"),
    (bias, "predictor.custom_attributes"),
    (bias, "methods.pre_training_bias.methods"),
    (json_lines, "features"),
    (json_lines, "predictor.content_template"),
    (json_document, "predictor.record_template"),
    (json_document, "predictor.label"),
    (series, "time_series_data_config.item_id"),
    (series, "predictor.time_series_predictor_config.forecast"),
]


@pytest.mark.parametrize(("valid", "path"), REFUSED)
def test_a_token_is_refused_where_the_value_decides_something(valid: Any, path: str) -> None:
    (finding,) = errors(changed(valid(), {path: f"a {TOKEN}"}))
    assert finding.id == "cdk-token"
    assert TOKEN not in str(finding)


def test_a_token_in_a_baseline_row_or_a_key_is_refused() -> None:
    row = changed(shap(), {"methods.shap.baseline.0.0": TOKEN})
    assert places(errors(row)) == [("cdk-token", "$.methods.shap.baseline")]
    key = changed(
        series(), {"methods.asymmetric_shapley_value.baseline.static_covariates": {TOKEN: [1]}}
    )
    path = "$.methods.asymmetric_shapley_value.baseline.static_covariates"
    assert places(errors(key)) == [("cdk-token", path)]
    template = changed(json_lines(), {"predictor.content_template": {TOKEN: "$features"}})
    assert places(errors(template)) == [("cdk-token", "$.predictor.content_template")]


def test_encoded_numbers_and_lists_are_refused_everywhere() -> None:
    number, listed = -1.8881545897087503e289, ["#{Token[TOKEN.5]}"]
    assert places(errors(changed(bias(), {"probability_threshold": number}))) == [
        ("cdk-token", "$.probability_threshold")
    ]
    assert places(errors(changed(bias(), {"headers": listed, "group_variable": GONE}))) >= [
        ("cdk-token", "$.headers[0]")
    ]
    assert ("cdk-token", "$.methods.shap.baseline") in places(
        errors(changed(shap(), {"methods.shap.baseline": [[number, 1, 2]]}))
    )


def test_a_token_is_found_anywhere_in_a_text() -> None:
    assert is_token(TOKEN)
    assert is_token(f"s3://{TOKEN}/x")
    assert is_token("${Token[AWS.Region.4]}")
    assert not is_token("${Name}")
    assert not is_token("$record")
    assert not is_token("#{Token[TOKEN.5]}")
    assert not is_token(5)
    assert is_list_token("#{Token[TOKEN.5]}")
    assert not is_list_token(TOKEN)


def test_a_number_token_is_told_by_its_upper_bits() -> None:
    (first,) = struct.unpack(">d", bytes.fromhex("fbff000000000000"))
    (last,) = struct.unpack(">d", bytes.fromhex("fbffffffffffffff"))
    assert is_number_token(first)
    assert is_number_token(last)
    assert is_number_token(-1.8881545897087e289)
    assert not is_number_token(-1.8881545897087503e288)
    assert not is_number_token(-first)
    assert not is_number_token(10**400)
    assert not is_number_token(True)
    assert not is_number_token("-1.8881545897087503e289")


def test_encodings_are_those_of_the_installed_cdk() -> None:
    cdk = pytest.importorskip("aws_cdk", reason="the constructs are not installed")
    assert is_token(cdk.Aws.REGION)
    assert is_token(cdk.Token.as_string(cdk.Fn.ref("Thing")))
    assert is_number_token(cdk.Token.as_number(cdk.Fn.ref("Thing")))
    assert is_list_token(cdk.Token.as_list(cdk.Fn.ref("Thing"))[0])
