"""CDK constructs that deploy a Clarify analysis."""

from clarify_cdk.analysis import Analysis
from clarify_cdk.approval import ModelPackageApproval
from clarify_cdk.check import ResultsCheck
from clarify_cdk.cleanup import ShadowEndpointCleanup
from clarify_cdk.existing import Existing
from clarify_cdk.image import ClarifyImage
from clarify_cdk.log_encryption import encrypt_logs
from clarify_cdk.monitoring import ClarifyMonitoring
from clarify_cdk.network import ClarifyNetwork
from clarify_cdk.pipeline import ClarifyPipeline
from clarify_cdk.preparation import AnalysisPreparation
from clarify_cdk.role import ClarifyRole
from clarify_cdk.stack import ClarifyStack
from clarify_cdk.task import ClarifyProcessingJobTask
from clarify_cdk.triggers import NewObjectTrigger, ScheduleTrigger

__all__ = [
    "Analysis",
    "AnalysisPreparation",
    "ClarifyImage",
    "ClarifyMonitoring",
    "ClarifyNetwork",
    "ClarifyPipeline",
    "ClarifyProcessingJobTask",
    "ClarifyRole",
    "ClarifyStack",
    "Existing",
    "ModelPackageApproval",
    "NewObjectTrigger",
    "ResultsCheck",
    "ScheduleTrigger",
    "ShadowEndpointCleanup",
    "encrypt_logs",
]
