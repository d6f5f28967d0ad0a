"""The container's side of a Clarify job: paths, input and output names, limits of the request.

Each fact stands here once. Sources: SageMaker developer guide ("Configure a Clarify processing
job") and the service model of `CreateProcessingJob`.
"""

from __future__ import annotations

from typing import Final

# --- where things are inside the container ------------------------------------------------------
CONFIG_DIR: Final = "/opt/ml/processing/input/config"
CONFIG_NAME: Final = "analysis_config.json"
DATA_DIR: Final = "/opt/ml/processing/input/data"
OUTPUT_DIR: Final = "/opt/ml/processing/output"
ANALYSIS_FILE: Final = "analysis.json"
LOCAL_SHAP_FILE: Final = "explanations_shap/out.csv"
BASELINE_FILE: Final = "explanations_shap/baseline.csv"
# Written by the open engine only, beside the managed image's files.
PROVENANCE_FILE: Final = "provenance.json"
REPORT_DATA_FILE: Final = "report_data.json"
INTERVALS_FILE: Final = "intervals.json"
# The container's last words: SageMaker shows this file as `ExitMessage`.
MESSAGE_FILE: Final = "/opt/ml/output/message"
JOB_CONFIG_FILE: Final = "/opt/ml/config/processingjobconfig.json"
RESOURCE_CONFIG_FILE: Final = "/opt/ml/config/resourceconfig.json"

# --- names that the container matches exactly ----------------------------------------------------
CONFIG_INPUT: Final = "analysis_config"
DATASET_INPUT: Final = "dataset"
RESULT_OUTPUT: Final = "analysis_result"
LOG_GROUP: Final = "/aws/sagemaker/ProcessingJobs"

# --- environment variables that the open engine reads, and the managed image does not ----------
WORKERS_VARIABLE: Final = "CLARIFY_WORKERS"
ESTIMATOR_VARIABLE: Final = "CLARIFY_ESTIMATOR"

# --- names that are made for a run ---------------------------------------------------------------
JOB_NAME_MAX: Final = 63
JOB_NAME_PATTERN: Final = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
# An endpoint's name is `<prefix>-<model>-<epoch>-<4 hex>` in 63 characters: (63 - 15) / 2 - 1.
ENDPOINT_PREFIX_MAX: Final = 23
ENDPOINT_NAME_MAX: Final = 63
ENDPOINT_NAME_PATTERN: Final = r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
DEFAULT_ENDPOINT_PREFIX: Final = "sm-clarify"

# --- time ----------------------------------------------------------------------------------------
# Clarify's own ceiling (7 days); the API takes up to 777600.
MAX_RUNTIME_SECONDS: Final = 604_800
# What the service takes where the request has no StoppingCondition.
DEFAULT_RUNTIME_SECONDS: Final = 86_400

# --- machines ------------------------------------------------------------------------------------
# What the constructs ask for unless told otherwise.
INSTANCE_TYPE_DEFAULT: Final = "ml.m5.xlarge"
INSTANCE_COUNT_MAX: Final = 100
VOLUME_GB_MAX: Final = 16_384
VOLUME_GB_DEFAULT: Final = 30

# --- sizes and counts of the request -------------------------------------------------------------
EXIT_MESSAGE_MAX: Final = 1024
IMAGE_URI_MAX: Final = 255
INPUTS_MAX: Final = 10
S3_URI_MAX: Final = 1024
LOCAL_PATH_MAX: Final = 256
ENVIRONMENT_MAX: Final = 100
ENVIRONMENT_KEY_MAX: Final = 256
ENVIRONMENT_KEY_PATTERN: Final = r"[a-zA-Z_][a-zA-Z0-9_]*"
ENVIRONMENT_VALUE_MAX: Final = 256
TAGS_MAX: Final = 50
TAG_KEY_MAX: Final = 128
TAG_VALUE_MAX: Final = 256
KMS_KEY_ID_MAX: Final = 2048
SECURITY_GROUPS_MAX: Final = 5
SUBNETS_MAX: Final = 16

# --- the model's side ----------------------------------------------------------------------------
# Body of one InvokeEndpoint call. Newer endpoints take more; this much is taken by all.
INVOKE_BODY_MAX_BYTES: Final = 6 * 1024 * 1024
CUSTOM_ATTRIBUTES_MAX: Final = 1024
