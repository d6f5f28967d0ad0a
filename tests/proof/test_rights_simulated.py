"""The same matrix, judged by `@cloud-copilot/iam-simulate`: an evaluator that is not ours.

Apart from the default tests: it comes from the npm registry.
"""

from __future__ import annotations

import pytest

from support_proof.requests import Request, all_requests
from support_proof.simulated import Answer, answers, install

pytestmark = pytest.mark.registry


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Request, Answer]]:
    folder = tmp_path_factory.mktemp("iam-simulate")
    install(folder)
    found = all_requests()
    return [*zip(found, answers(found, folder), strict=True)]


def test_its_own_calls_are_allowed_and_no_neighbour(judged: list[tuple[Request, Answer]]) -> None:
    wrong = [
        f"{request} {answer}"
        for request, answer in judged
        if answer.error is None and answer.allowed is not request.allowed
    ]
    assert wrong == []


def test_aws_tables_know_each_action_on_its_resource(judged: list[tuple[Request, Answer]]) -> None:
    """But for one: the registry's guide asks for it, the tables know it for models alone."""
    unknown = {
        (request.action, request.resource.split(":")[-1].partition("/")[0], answer.error)
        for request, answer in judged
        if answer.error is not None
    }
    assert unknown == {
        ("sagemaker:CreateModel", "model-package", '{"message":"no.resource.types"}')
    }


def test_aws_tables_know_each_key_of_a_condition(judged: list[tuple[Request, Answer]]) -> None:
    assert [str(request) for request, answer in judged if answer.ignored] == []
