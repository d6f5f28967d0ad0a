"""Register a model as a data scientist does, and wait for what is decided about it."""

import sys
import time
from pathlib import Path

import boto3

GROUP = "hiring"


def register(artifact: Path) -> str:
    """Upload a model.tar.gz and register it; return the package's ARN."""
    (stack,) = boto3.client("cloudformation").describe_stacks(StackName="Hiring")["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    bucket, key = outputs["ArtifactsBucket"], f"{int(time.time())}/{artifact.name}"
    boto3.client("s3").upload_file(str(artifact), bucket, key)
    container = {"Image": outputs["ServingImage"], "ModelDataUrl": f"s3://{bucket}/{key}"}
    package = boto3.client("sagemaker").create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    return package["ModelPackageArn"]


def decision(package: str) -> str:
    """Return what was decided and why, once it is."""
    while True:
        found = boto3.client("sagemaker").describe_model_package(ModelPackageName=package)
        metadata = found.get("CustomerMetadataProperties", {})
        if found["ModelApprovalStatus"] != "PendingManualApproval":
            return f"{found['ModelApprovalStatus']}\n{found['ApprovalDescription']}"
        if metadata.get("ClarifyOutcome") == "failed":
            return f"Not analysed: {metadata['ClarifyExecution']} says why"
        time.sleep(2)


print(decision(register(Path(sys.argv[1]))))
