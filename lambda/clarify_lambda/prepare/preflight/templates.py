"""Whether the request templates give JSON when they are filled with the dataset's first rows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from clarify_lambda.prepare.preflight.columns import Config
from clarify_lambda.prepare.preflight.finding import Finding
from clarify_lambda.prepare.preflight.table import Table

#: How many rows are rendered: each is parsed as JSON, in a small function.
ROWS = 50
_JSON = ("application/json", "application/jsonlines")
_NAMED = r'"\$\{(?P<name>.+?)\}"'
_PLACEHOLDER = re.compile(rf"{_NAMED}|\$(?P<word>features_kvp|features|feature_names)\b")
_BODY = re.compile(r"\$(?P<word>records|record|feature_names)\b")


def template_findings(config: Config, table: Table) -> Iterator[Finding]:
    """Yield the templates that give no JSON.

    When the config was loaded they were filled with sample values; here it is the dataset's own,
    whose types they may not bear: `1"${age}"` is JSON as long as an age is a number without sign.
    Requests for time series hold one kind of value at each place, and were seen then.

    Parameters
    ----------
    config
        A valid config.
    table
        The dataset's first rows.
    """
    predictor = config.get("predictor") or {}
    kind = predictor.get("content_type") or config["dataset_type"]
    if kind not in _JSON:
        return
    content, record = predictor.get("content_template"), predictor.get("record_template")
    columns = {name: table.json(name, ROWS) for name in table.features}
    lines, key = kind == "application/jsonlines", "record_template"
    if lines:
        record, key = content, "content_template"
    if not isinstance(record, str) or not isinstance(content, str):
        return
    records = _records(record, columns)
    if wrong := sum(not _parses(text) for text in records):
        yield _no_json(key, f"no JSON with {wrong} of the first {len(records)} rows")
    elif records and not lines and not _parses(_body(content, records, table.features)):
        yield _no_json("content_template", "no JSON with the first rows")


def _records(template: str, columns: Mapping[str, Sequence[str]]) -> list[str]:
    names = json.dumps(list(columns), ensure_ascii=False)

    def filled(row: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
        words = {
            "features": f"[{','.join(row.values())}]",
            "features_kvp": f"{{{','.join(f'{json.dumps(k)}:{v}' for k, v in row.items())}}}",
            "feature_names": names,
        }
        return lambda found: words[found["word"]] if found["word"] else row[found["name"]]

    rows = zip(*columns.values(), strict=False)  # a row may be short, which was said
    return [
        _PLACEHOLDER.sub(filled(dict(zip(columns, row, strict=True))), template) for row in rows
    ]


def _body(template: str, records: Sequence[str], names: Sequence[str]) -> str:
    words = {
        "record": records[0],
        "records": f"[{','.join(records)}]",
        "feature_names": json.dumps(list(names), ensure_ascii=False),
    }
    return _BODY.sub(lambda found: words[found["word"]], template)


def _parses(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _no_json(key: str, given: str) -> Finding:
    return Finding(
        "template-json",
        f"$.predictor.{key}",
        f"a template that is {given}",
        "JSON with placeholders",
        "Check brackets, commas and quotes: $features stands without quotes, "
        '"${Name}" is the whole value and has them.',
    )
