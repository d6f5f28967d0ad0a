"""CloudWatch alarms in CloudFormation, which moto does not know. None goes off: nothing counts."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import Alarm, cloudwatch_backends
from moto.core.common_models import CloudFormationModel

from clarify_local.emulator.world import World


class AlarmOfStack(CloudFormationModel):
    """``AWS::CloudWatch::Alarm`` on one metric; the metrics of an expression are not kept."""

    def __init__(self, alarm: Alarm) -> None:
        self.alarm = alarm

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that holds the resource's name."""
        return "AlarmName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::CloudWatch::Alarm"

    @property
    def physical_resource_id(self) -> str:
        """The alarm's name."""
        return str(self.alarm.name)

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Tell whether `Fn::GetAtt` knows the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return the ARN."""
        return str(self.alarm.alarm_arn)

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> AlarmOfStack:
        """Make the alarm."""
        properties = cloudformation_json["Properties"]
        alarm = cloudwatch_backends[account_id][region_name].put_metric_alarm(
            name=resource_name,
            namespace=properties.get("Namespace"),
            metric_name=properties.get("MetricName"),
            comparison_operator=properties["ComparisonOperator"],
            evaluation_periods=int(properties["EvaluationPeriods"]),
            period=properties.get("Period"),
            threshold=float(properties["Threshold"]),
            statistic=properties.get("Statistic"),
            description=properties.get("AlarmDescription"),
            dimensions=properties.get("Dimensions", []),
            alarm_actions=properties.get("AlarmActions", []),
            ok_actions=properties.get("OKActions"),
            insufficient_data_actions=properties.get("InsufficientDataActions"),
            treat_missing_data=properties.get("TreatMissingData"),
        )
        return cls(alarm)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> AlarmOfStack:
        """Replace the alarm."""
        name = original_resource.physical_resource_id
        return cls.create_from_cloudformation_json(
            name, cloudformation_json, account_id, region_name
        )

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: Any,
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the alarm."""
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])


def install(world: World) -> None:
    """Be loaded: moto finds the class by itself."""
