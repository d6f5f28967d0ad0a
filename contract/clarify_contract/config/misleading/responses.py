"""How requests and responses are read: paths that fit another format, templates without effect."""

from __future__ import annotations

from collections.abc import Iterator

from clarify_contract.config.columns import JSON_KINDS, has_columns
from clarify_contract.config.keys import AnalysisKeys
from clarify_contract.config.rules.rule import Problem, warning
from clarify_contract.config.rules.templates import request_type

_READS = (
    "dataset_type",
    "time_series_data_config?",
    "predictor.content_type",
    "predictor.accept_type",
)


def _response_type(config: AnalysisKeys) -> str | None:
    """Return the form of a table's responses, or None where there are none to read."""
    if config.predictor is None or not has_columns(config):
        return None
    return config.predictor.accept_type or request_type(config)


@warning("response-path-absent", *_READS, "predictor.label?", "predictor.probability?")
def json_responses_have_a_path(config: AnalysisKeys) -> Iterator[Problem]:
    """JSON responses need `label` or `probability` to be read."""
    predictor, form = config.predictor, _response_type(config)
    if predictor is None or form not in JSON_KINDS:
        return
    if predictor.label is None and predictor.probability is None:
        yield Problem(
            "$.predictor",
            f"neither label nor probability, with {form} responses",
            "the JMESPath of the predicted label or of the scores",
            "Add the one that the model's answer holds, for example "
            + ('"probability": "score".' if form == JSON_KINDS[0] else '"probability": "[*]".'),
        )


@warning("response-path-kind", *_READS, "predictor.label", "predictor.probability")
def response_paths_fit_the_format(config: AnalysisKeys) -> Iterator[Problem]:
    """CSV responses are addressed by index, JSON responses by JMESPath."""
    predictor, form = config.predictor, _response_type(config)
    if predictor is None or form is None:
        return
    wanted, words = (int, "an index") if form == "text/csv" else (str, "a JMESPath")
    for key in ("label", "probability"):
        address = getattr(predictor, key)
        if address is not None and not isinstance(address, wanted):
            yield Problem(
                f"$.predictor.{key}",
                "a text" if isinstance(address, str) else "an index",
                f"{words}, with {form} responses",
                f"Write {words}, or correct accept_type.",
            )


@warning("template-unused", *_READS, "predictor.content_template?", "predictor.record_template?")
def templates_have_an_effect(config: AnalysisKeys) -> Iterator[Problem]:
    """Templates have no effect on CSV requests, nor `record_template` on JSON Lines."""
    form = request_type(config)
    if config.predictor is None or form is None:
        return
    unused = {
        "text/csv": ("content_template", "record_template"),
        "application/jsonlines": ("record_template",),
    }
    for key in unused.get(form, ()):
        if getattr(config.predictor, key) is not None:
            yield Problem(
                f"$.predictor.{key}",
                f"a template, with {form} requests",
                "no such key: these requests do not use it",
                "Remove it, or set content_type to the form that the model reads.",
            )
