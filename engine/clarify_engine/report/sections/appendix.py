"""What stands behind the results: warnings, provenance, and the config itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from clarify_contract.findings import Finding
from clarify_engine.report.blocks import Block, Code, Column, Name, Section, Table, Text
from clarify_engine.report.data import ReportData
from clarify_engine.report.wording import NONE, plain

#: Characters of the config that are shown: one with rows of data in it may be much longer.
_CONFIG_SHOWN: Final = 20_000

#: Entries of the provenance that are shown.
_ENTRIES_SHOWN: Final = 200

#: Warnings are told above; the list of files has the report itself in it, which is made before it.
_LEFT_OUT: Final = frozenset({"warnings", "files"})


def appendix(data: ReportData, provenance: Mapping[str, Any] | None) -> Section:
    """Return the section."""
    parts = [Section("Findings and warnings", (_findings(data.warnings),))]
    if provenance:
        parts.append(Section("Provenance", (_provenance(provenance),)))
    parts.append(Section("Config", (_config(data.config),)))
    return Section("Appendix", (), tuple(parts))


def _findings(findings: Sequence[Finding]) -> Block:
    if not findings:
        return Text("There are none.")
    columns = (
        Column("Finding", "name"),
        Column("Found", "prose"),
        Column("Expected", "prose"),
        Column("What to do", "prose"),
    )
    rows = tuple((Name(f.id, f.path), f.given, f.allowed, f.fix) for f in findings)
    return Table("What may mislead in these results", columns, rows)


def _provenance(provenance: Mapping[str, Any]) -> Table:
    columns = (Column("Entry", "name"), Column("Value", "prose"))
    told = {key: entry for key, entry in provenance.items() if key not in _LEFT_OUT}
    entries = list(_entries(told, ""))
    rows = entries[:_ENTRIES_SHOWN]
    if more := len(entries) - len(rows):
        rows.append(("…", f"{more} more stand in provenance.json"))
    return Table("Where these results come from", columns, tuple(rows))


def _entries(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield each leaf of a JSON document with its path."""
    if isinstance(node, Mapping) and node:
        for key, child in node.items():
            yield from _entries(child, f"{path}.{key}" if path else str(key))
    elif isinstance(node, list) and any(isinstance(child, Mapping | list) for child in node):
        for index, child in enumerate(node):
            yield from _entries(child, f"{path}[{index}]")
    else:
        yield path, NONE if node is None or node in ({}, []) else plain(node)


def _config(config: Mapping[str, Any]) -> Code:
    text = json.dumps(config, indent=2, ensure_ascii=False)
    if len(text) > _CONFIG_SHOWN:
        text = f"{text[:_CONFIG_SHOWN]}\n… {len(text) - _CONFIG_SHOWN:,} more characters"
    return Code("analysis_config.json", text)
