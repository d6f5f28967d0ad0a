"""Forecasting: what belongs together, and what is for tables only."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.asymmetric import ForecastBaseline
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.analyses import ANALYSES_ASKED, asked
from clarify_contract.config.rules.rule import Problem, rule

_TABLE_METHODS = ("pre_training_bias", "post_training_bias", "shap", "pdp")


@rule(
    "X11",
    "dataset_type",
    *ANALYSES_ASKED,
    "time_series_data_config?",
    "predictor.time_series_predictor_config?",
)
def time_series_have_asymmetric_values_alone(config: AnalysisKeys) -> Iterator[Problem]:
    """`asymmetric_shapley_value` and the time series keys need each other, and exclude the rest."""
    data = config.time_series_data_config is not None
    predictor = config.predictor
    forecast = predictor is not None and predictor.time_series_predictor_config is not None
    wanted = config.methods.asymmetric_shapley_value is not None
    if wanted and not data:
        yield Problem(
            "$.time_series_data_config",
            "nothing, with asymmetric_shapley_value",
            "where target, item and time are",
            "Add time_series_data_config.",
        )
    if wanted and predictor is not None and not forecast:
        yield Problem(
            "$.predictor.time_series_predictor_config",
            "nothing, with asymmetric_shapley_value",
            "where a response holds the forecasts",
            'Add it, for example {"forecast": "predictions[*].mean"}.',
        )
    others = asked(config, _TABLE_METHODS)
    if (data or forecast) and others:
        yield Problem(
            "$.methods",
            f"{', '.join(others)} with time series",
            "asymmetric_shapley_value",
            "Remove these methods: they are for tables, texts and images.",
        )
    if data and config.dataset_type != "application/json":
        yield Problem(
            "$.dataset_type",
            f'"{config.dataset_type}" with time_series_data_config',
            '"application/json"',
            "Turn the dataset into JSON: no other format holds time series.",
        )


@rule(
    "time-series-keys",
    "time_series_data_config?",
    "excluded_columns?",
    "predictor.label?",
    "predictor.probability?",
)
def time_series_have_no_label_and_no_columns(config: AnalysisKeys) -> Iterator[Problem]:
    """`excluded_columns` and the predictor's `label` and `probability` are not for time series."""
    if config.time_series_data_config is None:
        return
    given: dict[str, object] = {"$.excluded_columns": config.excluded_columns}
    if config.predictor is not None:
        given["$.predictor.label"] = config.predictor.label
        given["$.predictor.probability"] = config.predictor.probability
    for path, value in given.items():
        if value is not None:
            yield Problem(path, "a value, with time series", "no such key", "Remove it.")


@rule("time-series-addresses", "time_series_data_config")
def time_series_addresses_are_of_one_kind(config: AnalysisKeys) -> Iterator[Problem]:
    """Addresses of time series are all texts or all indices."""
    data = config.time_series_data_config
    if data is None:
        return
    addresses = [
        data.target_time_series,
        data.item_id,
        data.timestamp,
        *(data.related_time_series or ()),
        *(data.static_covariates or ()),
    ]
    if len({type(address) for address in addresses}) > 1:
        yield Problem(
            "$.time_series_data_config",
            "texts and indices",
            "all addresses as texts, or all as indices",
            "Write JMESPath texts throughout, as JSON datasets need them.",
        )


@rule("time-series-format", "time_series_data_config.dataset_format?")
def time_series_name_their_format(config: AnalysisKeys) -> Iterator[Problem]:
    """JSON time series need `dataset_format`."""
    data = config.time_series_data_config
    if data is not None and data.dataset_format is None:
        yield Problem(
            "$.time_series_data_config.dataset_format",
            "nothing",
            '"columns", "item_records" or "timestamp_records"',
            "Say how the JSON document is laid out.",
        )


@rule(
    "fine-grained",
    "methods.asymmetric_shapley_value.direction",
    "methods.asymmetric_shapley_value.granularity",
    "methods.asymmetric_shapley_value.num_samples?",
)
def fine_grained_is_chronological_and_sampled(config: AnalysisKeys) -> Iterator[Problem]:
    """`fine_grained` goes with `chronological` and `num_samples`; `timewise` has no samples."""
    method = config.methods.asymmetric_shapley_value
    if method is None:
        return
    fine = method.granularity == "fine_grained"
    if fine and method.direction != "chronological":
        yield Problem(
            "$.methods.asymmetric_shapley_value.direction",
            f'"{method.direction}" with fine_grained',
            '"chronological"',
            "Change the direction, or take timewise.",
        )
    if fine != (method.num_samples is not None):
        yield Problem(
            "$.methods.asymmetric_shapley_value.num_samples",
            "nothing, with fine_grained" if fine else "a number, with timewise",
            "a number with fine_grained, none with timewise",
            "Add it: (1 + the larger number of related series or static covariates) squared."
            if fine
            else "Remove it.",
        )


@rule(
    "static-baseline",
    "methods.asymmetric_shapley_value.baseline",
    "time_series_data_config.static_covariates",
)
def static_baselines_fit_the_static_covariates(config: AnalysisKeys) -> Iterator[Problem]:
    """Each item of the static baseline has one value for each static covariate."""
    method, data = config.methods.asymmetric_shapley_value, config.time_series_data_config
    if method is None or data is None or not isinstance(method.baseline, ForecastBaseline):
        return
    width = len(data.static_covariates or ())
    items = (method.baseline.static_covariates or {}).values()
    if wrong := sum(len(values) != width for values in items):
        yield Problem(
            "$.methods.asymmetric_shapley_value.baseline.static_covariates",
            f"{wrong} of {len(items)} items with another number of values",
            f"{width} for each item, as time_series_data_config.static_covariates names",
            "Give each item one value for each static covariate.",
        )
