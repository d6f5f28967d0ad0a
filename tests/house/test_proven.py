"""docs/proven.md says what the tests say, and names places that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_aws.facts import CLAIMS, FACTS
from support_aws.proven import COMMAND, PAGE, Proof, page, proofs

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_that_of_the_tests() -> None:
    stale = page(proofs()) != PAGE.read_text(encoding="utf-8")
    assert not stale, f"out of date: {COMMAND}"


@pytest.mark.parametrize("key", [*CLAIMS, *FACTS])
def test_the_product_has_the_place_that_a_fact_names(key: str) -> None:
    fact = (CLAIMS | FACTS)[key]
    assert fact.name in (ROOT / fact.place).read_text(encoding="utf-8")


def test_a_marker_is_read_with_its_names_and_what_runs_on_aws_alone(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "aws"
    folder.mkdir(parents=True)
    (folder / "test_it.py").write_text(
        'COST = "nothing"\n'
        "@only_on_aws\n"
        '@pytest.mark.proves("one", cost=COST, ran="2027")\n'
        "def test_one(): ...\n"
        '@pytest.mark.proves("two")\n'
        "def test_two(): ...\n"
    )
    assert proofs(tmp_path) == [
        Proof("one", "tests/aws/test_it.py", "test_one", "nothing", "2027", tried=False),
        Proof("two", "tests/aws/test_it.py", "test_two", "", "", tried=True),
    ]


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        (Proof("none", "tests/aws/test_it.py", "test_it", "1 USD", "", True), "no fact is called"),
        (Proof("sync-cause", "tests/aws/test_it.py", "test_it", "", "", True), "what it costs"),
        (Proof("sync-cause", "tests/local/test_it.py", "test_it", "1", "", True), "tests/aws"),
        (Proof("capacity-text", "tests/aws/test_it.py", "test_it", "1", "", True), "either a test"),
    ],
)
def test_what_does_not_fit_together_is_refused(proof: Proof, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        page([*proofs(), proof])


def test_a_fact_without_a_test_is_refused() -> None:
    with pytest.raises(ValueError, match="'sync-cause' needs either a test"):
        page([proof for proof in proofs() if proof.fact != "sync-cause"])
