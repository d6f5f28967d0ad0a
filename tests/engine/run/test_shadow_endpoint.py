"""A shadow endpoint is named as the service names it, and is gone in every way out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from clarify_contract.config.predictor import Predictor
from clarify_engine.errors import AnalysisError
from clarify_engine.interruption import Interrupted
from clarify_engine.predict import ShadowEndpoint, check_in_service, endpoint_names, hosting
from support_run.fakes import FakeSageMaker, FakeTime, client_error

KEYS = {"model_name": "loan", "initial_instance_count": 2, "instance_type": "ml.m5.large"}
PREDICTOR = Predictor.model_validate(KEYS)


def endpoint(
    sagemaker: FakeSageMaker, predictor: Predictor = PREDICTOR, **limits: float
) -> ShadowEndpoint:
    return ShadowEndpoint(sagemaker, predictor, patience=FakeTime().patience(**limits))


def serve(shadow: ShadowEndpoint) -> str:
    def use() -> str:
        shadow.create()
        shadow.wait()
        return "served"

    return hosting(shadow, use)


def assert_all_gone(sagemaker: FakeSageMaker) -> None:
    assert sagemaker.endpoints == {}
    assert sagemaker.configs == {}


def test_names_are_those_of_the_service() -> None:
    # The two names of spec 6.2, seen in a public log and a public notebook.
    assert endpoint_names("sm-clarify", "x", 1746251067, "14e5")[0] == (
        "sm-clarify-config-1746251067-14e5"
    )
    assert endpoint_names("sm-clarify", "fraud-detect-xgb-model", 1694657821, "5fe3")[1] == (
        "sm-clarify-fraud-detect-xgb-model-1694657821-5fe3"
    )


@pytest.mark.parametrize("model", ["m", "m" * 63, "m" * 22 + "-" * 19 + "m" * 22])
def test_names_fit_whatever_the_model_is_called(model: str) -> None:
    pattern = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
    for name in endpoint_names("p" * 23, model, 1694657821, "5fe3"):
        assert pattern.fullmatch(name)
        assert name.endswith("-1694657821-5fe3")


def test_two_names_of_a_moment_differ() -> None:
    sagemaker = FakeSageMaker()
    assert len({endpoint(sagemaker).name for _ in range(5)}) > 1


def test_an_endpoint_serves_and_is_gone_afterwards() -> None:
    sagemaker = FakeSageMaker()
    assert serve(endpoint(sagemaker)) == "served"
    assert_all_gone(sagemaker)
    assert sagemaker.calls[:3] == ["describe_model", "create_endpoint_config", "create_endpoint"]
    assert sagemaker.calls[-2:] == ["delete_endpoint", "delete_endpoint_config"]


def test_the_production_variant_is_the_config_s() -> None:
    sagemaker = FakeSageMaker()
    accelerated = Predictor.model_validate(KEYS | {"accelerator_type": "ml.eia2.medium"})
    shadow = ShadowEndpoint(
        sagemaker,
        accelerated,
        [{"Key": "team", "Value": "risk"}],
        patience=FakeTime().patience(),
    )
    serve(shadow)
    requests = dict(sagemaker.requests)
    assert requests["create_endpoint_config"] == {
        "EndpointConfigName": shadow.config_name,
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": "loan",
                "InitialInstanceCount": 2,
                "InstanceType": "ml.m5.large",
                "InitialVariantWeight": 1.0,
                "AcceleratorType": "ml.eia2.medium",
            }
        ],
        "Tags": [{"Key": "team", "Value": "risk"}],
    }
    assert requests["create_endpoint"] == {
        "EndpointName": shadow.name,
        "EndpointConfigName": shadow.config_name,
        "Tags": [{"Key": "team", "Value": "risk"}],
    }


def test_no_tags_are_asked_for_where_the_job_has_none() -> None:
    sagemaker = FakeSageMaker()
    serve(endpoint(sagemaker))
    assert "Tags" not in dict(sagemaker.requests)["create_endpoint"]


def test_a_failed_endpoint_is_told_with_its_reason() -> None:
    sagemaker = FakeSageMaker(ends_as="Failed")
    shadow = endpoint(sagemaker)
    with pytest.raises(AnalysisError) as caught:
        serve(shadow)
    assert caught.value.message == (
        f"Error hosting endpoint {shadow.name}: Failed. "
        "Reason: The container did not pass the ping health check."
    )
    assert_all_gone(sagemaker)


def test_an_endpoint_that_never_serves_is_given_up_and_reported() -> None:
    sagemaker = FakeSageMaker(looks_creating=10**9)
    with pytest.raises(AnalysisError, match="still not in service after 600 seconds"):
        serve(endpoint(sagemaker, limit=600))
    # It cannot be deleted while it is Creating: tried as long, then at least its config is gone.
    assert sagemaker.configs == {}


def test_an_endpoint_that_is_still_being_created_is_waited_for_and_deleted() -> None:
    sagemaker = FakeSageMaker(looks_creating=5)
    shadow = endpoint(sagemaker)

    def use() -> None:
        shadow.create()
        raise Interrupted(15)

    with pytest.raises(Interrupted, match="Signal 15 received, cleaning up"):
        hosting(shadow, use)
    assert_all_gone(sagemaker)
    assert sagemaker.calls.count("delete_endpoint") > 1


def test_an_endpoint_in_creation_is_tried_often_once_the_job_is_stopped() -> None:
    sagemaker, time = FakeSageMaker(looks_creating=12), FakeTime()
    shadow = ShadowEndpoint(sagemaker, PREDICTOR, patience=time.patience())

    def use() -> None:
        shadow.create()
        raise Interrupted(15)

    with pytest.raises(Interrupted):
        hosting(shadow, use)
    assert_all_gone(sagemaker)
    # SageMaker kills a stopped job after 120 seconds.
    assert time.now < 60


OPERATIONS = [
    "describe_model",
    "create_endpoint_config",
    "create_endpoint",
    "describe_endpoint",
    "delete_endpoint",
    "delete_endpoint_config",
]


def once(error: BaseException) -> Callable[[], None]:
    errors = [error]

    def raise_it() -> None:
        if errors:
            raise errors.pop()

    return raise_it


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("error", [Interrupted(15), Interrupted(2)], ids=["SIGTERM", "SIGINT"])
def test_a_signal_at_any_call_leaves_nothing(
    operation: str, moment: str, error: Interrupted
) -> None:
    sagemaker = FakeSageMaker()
    getattr(sagemaker, moment)[operation] = once(error)
    with pytest.raises(Interrupted):
        serve(endpoint(sagemaker))
    assert_all_gone(sagemaker)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ZeroDivisionError(), MemoryError()])
def test_whatever_ends_the_use_leaves_nothing(error: BaseException) -> None:
    sagemaker = FakeSageMaker()
    shadow = endpoint(sagemaker)

    def use() -> None:
        shadow.create()
        shadow.wait()
        raise error

    with pytest.raises(type(error)):
        hosting(shadow, use)
    assert_all_gone(sagemaker)


@pytest.mark.parametrize("operation", OPERATIONS[:3])
def test_a_refused_step_is_told_by_its_name_and_leaves_nothing(operation: str) -> None:
    sagemaker = FakeSageMaker()
    pascal = "".join(word.capitalize() for word in operation.split("_"))
    sagemaker.before[operation] = once(client_error(pascal, "AccessDeniedException", "No rights."))
    with pytest.raises(AnalysisError, match=f"{pascal} was refused with AccessDeniedException"):
        serve(endpoint(sagemaker))
    assert_all_gone(sagemaker)


def test_an_answer_that_got_lost_leaves_nothing() -> None:
    sagemaker = FakeSageMaker()
    sagemaker.after["create_endpoint"] = once(client_error("CreateEndpoint", "500"))
    with pytest.raises(AnalysisError, match="Could not create the endpoint"):
        serve(endpoint(sagemaker))
    assert_all_gone(sagemaker)


def test_an_endpoint_that_may_not_be_deleted_is_told_and_its_config_goes() -> None:
    sagemaker = FakeSageMaker()
    denied = client_error("DeleteEndpoint", "AccessDeniedException")

    def deny() -> None:
        raise denied

    sagemaker.before["delete_endpoint"] = deny
    shadow = endpoint(sagemaker)
    with pytest.raises(AnalysisError, match=f"Could not delete the endpoint {shadow.name}"):
        serve(shadow)
    assert sagemaker.configs == {}


def test_the_first_error_is_told_and_not_the_clean_up_s() -> None:
    sagemaker = FakeSageMaker(ends_as="Failed")
    sagemaker.before["delete_endpoint"] = once(
        client_error("DeleteEndpoint", "AccessDeniedException")
    )
    with pytest.raises(AnalysisError, match="Error hosting endpoint"):
        serve(endpoint(sagemaker))


def test_an_existing_endpoint_must_be_in_service() -> None:
    sagemaker = FakeSageMaker(looks_creating=0)
    sagemaker.create_endpoint(EndpointName="live", EndpointConfigName="c")
    check_in_service(sagemaker, "live")
    assert "live" in sagemaker.endpoints

    sagemaker.looks_creating = 10
    with pytest.raises(AnalysisError, match="live must be InService, but is Creating"):
        check_in_service(sagemaker, "live")
    with pytest.raises(AnalysisError, match="Could not find the endpoint other"):
        check_in_service(sagemaker, "other")
