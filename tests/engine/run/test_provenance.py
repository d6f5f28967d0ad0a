"""What `provenance.json` says of the data, and what it does where they cannot be read."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clarify_contract.findings import Finding
from clarify_contract.version import __version__
from clarify_engine.provenance import Hashes, provenance
from support_run import cases


def test_files_are_recorded_by_name_size_and_hash(tmp_path: Path) -> None:
    big = tmp_path / "big.csv"
    big.write_bytes(b"0123456789abcdef" * 200_000)
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert Hashes([(big, "s3://b/big.csv"), (empty, "empty.csv")]).result() == [
        {
            "name": "s3://b/big.csv",
            "bytes": 3_200_000,
            "sha256": hashlib.sha256(big.read_bytes()).hexdigest(),
        },
        {"name": "empty.csv", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()},
    ]


def test_a_file_that_went_away_is_no_hash_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="could not be read again"):
        Hashes([(tmp_path / "gone.csv", "gone.csv")]).result()


def test_the_document_holds_what_is_needed_to_run_it_again() -> None:
    config = cases.config(methods=cases.PRE_TRAINING)
    finding = Finding("a", "$.b", "c", "d", "E.", severity="warning")
    document = provenance(
        config=config,
        began=datetime(2026, 11, 21, 12, 30, tzinfo=UTC),
        data=[{"name": "rows.csv", "bytes": 3, "sha256": "00"}],
        facts={"rows": 60},
        seconds={"load": 1.23456},
        warnings=[finding],
    )
    assert document == {
        "engine": {"name": "clarify-cdk", "version": __version__},
        "began": "2026-11-21T12:30:00+00:00",
        "config_sha256": hashlib.sha256(config.to_json().encode()).hexdigest(),
        "data": [{"name": "rows.csv", "bytes": 3, "sha256": "00"}],
        "rows": 60,
        "seconds": {"load": 1.235},
        "warnings": [
            {
                "id": "a",
                "path": "$.b",
                "given": "c",
                "allowed": "d",
                "fix": "E.",
                "severity": "warning",
            }
        ],
    }
