"""Preflight looks at S3 once or twice, reads little, and says what it could not see."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from clarify_lambda.prepare.preflight import reading
from clarify_lambda.prepare.preflight.dataset import HEAD_BYTES, Dataset, Head
from clarify_lambda.prepare.preflight.findings import Seen, preflight
from support_lambda import DAY, MemoryS3


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> MemoryS3:
    memory = MemoryS3()
    monkeypatch.setattr(reading, "_s3", lambda: memory)
    return memory


def read(uri: str = "s3://lake/loans/") -> Dataset:
    return reading.read_data("dataset", uri)


def findings(dataset: Dataset, type_: str = "text/csv") -> list[tuple[str, str]]:
    config = {"dataset_type": type_, "methods": {}}
    return [(finding.id, finding.severity) for finding in preflight(config, Seen(dataset), DAY)]


def test_the_first_object_that_is_data_is_read(s3: MemoryS3) -> None:
    s3.objects |= {
        ("lake", "loans/"): b"",
        ("lake", "loans/.crc"): b"hidden",
        ("lake", "loans/_temporary/0"): b"hidden",
        ("lake", "loans/a.csv"): b"",
        ("lake", "loans/day/b.csv"): b"a,b\n1,2\n",
        ("lake", "loans/day/c.csv"): b"12345",
    }
    head = Head("dataset (day/b.csv)", b"a,b\n1,2\n", whole=True)
    assert read() == Dataset(objects=3, size=13, head=head)
    assert not read().whole
    del s3.objects["lake", "loans/day/c.csv"]
    assert read().whole
    assert read("s3://lake/loans/day/b").head == Head("dataset (b.csv)", head.body, whole=True)


def test_no_more_than_the_head_of_a_large_object_is_read(s3: MemoryS3) -> None:
    s3.objects["lake", "loans/a.csv"] = b"1,2,3\n" * 100_000
    dataset = read()
    assert dataset.head is not None
    assert (len(dataset.head.body), dataset.head.whole) == (HEAD_BYTES, False)
    assert s3.read == HEAD_BYTES == 262_144
    assert dataset.size == 600_000


def test_of_all_that_a_run_reads_no_more_than_the_heads_are_asked_for(s3: MemoryS3) -> None:
    """However many large objects there are: 256 KB of one object below each URI."""
    config = {
        "dataset_type": "text/csv",
        "facet_dataset_uri": "s3://lake/facets/",
        "predicted_label_dataset_uri": "s3://lake/said/",
        "methods": {"shap": {"baseline": "s3://lake/baseline.csv"}},
    }
    for folder in ("loans", "facets", "said"):
        s3.objects |= {("lake", f"{folder}/{i}.csv"): b"1,2,3\n" * 100_000 for i in range(3)}
    s3.objects["lake", "baseline.csv"] = b"1,2\n" * 100_000
    seen = reading.look(config, "s3://lake/loans/", manifest=False)
    assert s3.asked == 4 * 262_144
    assert [side.name for side in seen.sides] == [
        "facet_dataset_uri",
        "predicted_label_dataset_uri",
        "baseline",
    ]
    assert all(data.head and not data.head.whole for data in (seen.dataset, *seen.sides))


@pytest.mark.parametrize(
    "objects", [{}, {"loans/": b""}, {"loans/_SUCCESS": b"1"}, {"loans/a.csv": b""}]
)
def test_without_data_there_is_a_mistake(s3: MemoryS3, objects: dict[str, bytes]) -> None:
    s3.objects |= {("lake", key): body for key, body in objects.items()}
    assert findings(read()) == [("dataset-empty", "error")]


def test_more_objects_than_a_listing_holds_prove_nothing(s3: MemoryS3) -> None:
    s3.objects |= {("lake", f"loans/{i:04}.csv"): b"" for i in range(1001)}
    assert findings(read()) == [("dataset-not-checked", "warning")]
    s3.objects["lake", "loans/0000.csv"] = b"a,b\n"
    assert findings(read()) == []


@pytest.mark.parametrize("call", ["ListObjectsV2", "GetObject"])
def test_what_may_not_be_read_is_unchecked_and_stops_nothing(s3: MemoryS3, call: str) -> None:
    """A bucket's policy may let the job's network in only: that proves nothing of the job."""
    s3.objects["lake", "loans/a.csv"] = b"a,b\n1,2\n"
    s3.denied.add(call)
    assert read() == Dataset(unknown=f"AccessDenied for {call}")
    assert findings(read()) == [("dataset-not-checked", "warning")]


def test_silence_is_unchecked_too(s3: MemoryS3, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(**given: Any) -> None:
        raise ReadTimeoutError(endpoint_url="https://lake")

    monkeypatch.setattr(s3, "list_objects_v2", late)
    assert read() == Dataset(unknown="no answer in time (ReadTimeoutError)")


def test_a_manifest_is_not_looked_into(s3: MemoryS3) -> None:
    s3.denied = {"ListObjectsV2", "GetObject"}
    config = {"dataset_type": "text/csv", "methods": {}}
    seen = reading.look(config, "s3://lake/manifest.json", manifest=True)
    assert findings(seen.dataset) == [("dataset-not-checked", "warning")]


def test_no_call_is_repeated_and_all_end_within_ten_seconds() -> None:
    config = reading._QUICK
    calls = 2  # one after the other: a listing and a read, or a model and its subnets
    assert config.retries == {"total_max_attempts": 1}
    assert calls * (config.connect_timeout + config.read_timeout) < 10


def test_all_that_a_run_reads_is_looked_at_side_by_side(
    s3: MemoryS3, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each listing waits for the others: one after the other they would wait in vain."""
    all_listed, listing = threading.Barrier(4, timeout=5), s3.list_objects_v2

    def together(**given: Any) -> dict[str, Any]:
        all_listed.wait()
        return listing(**given)

    monkeypatch.setattr(s3, "list_objects_v2", together)
    config = {
        "dataset_type": "text/csv",
        "facet_dataset_uri": "s3://lake/facets/",
        "predicted_label_dataset_uri": "s3://lake/said/",
        "methods": {"shap": {"baseline": "s3://lake/baseline.csv"}},
    }
    seen = reading.look(config, "s3://lake/loans/", manifest=False)
    assert [data.unknown for data in (seen.dataset, *seen.sides)] == [None] * 4


@pytest.mark.parametrize(
    ("body", "type_", "expected"),
    [
        (b"PAR1....", "application/x-parquet", ("dataset-not-checked", "warning")),
        (b"a,b\n1,2\n", "application/x-parquet", ("dataset-unreadable", "error")),
        (b"\x1f\x8b\x08", "application/x-parquet", ("dataset-unreadable", "error")),
        (b"\x89PNG\r\n", "application/x-image", ("dataset-not-checked", "warning")),
        (b"PAR1....", "application/x-image", ("dataset-unreadable", "error")),
        (b"PAR1....", "application/jsonlines", ("dataset-unreadable", "error")),
        (b"PAR1....", "application/json", ("dataset-unreadable", "error")),
        (b"{}", "application/sagemakercapturejson", ("dataset-not-checked", "warning")),
    ],
)
def test_the_first_bytes_tell_another_format(
    body: bytes, type_: str, expected: tuple[str, str]
) -> None:
    head = Head("dataset (a)", body, whole=True)
    assert findings(Dataset(objects=1, size=len(body), head=head), type_) == [expected]
