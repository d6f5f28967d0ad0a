"""The last step of a run: judge its results, or say in plain words why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from clarify_cdk.analysis import Analysis
from clarify_cdk.analysis_findings import unknown_keys
from clarify_cdk.function import pipeline_function
from clarify_cdk.network import ClarifyNetwork
from clarify_cdk.payload import ENTIRE_STATE, with_nulls
from clarify_cdk.s3_scope import S3Scope
from clarify_cdk.warn import warn
from clarify_contract import Baseline, Finding, Limit, Refused, Rules, resolve_checks
from clarify_contract.container import ANALYSIS_FILE, INTERVALS_FILE
from clarify_lambda.check.judge import files_begin, needs_baseline, needs_intervals
from clarify_lambda.check.verdict import VERDICT_FILE
from clarify_lambda.check.violations import VIOLATIONS_FILE
from clarify_lambda.places import PREFLIGHT_FILE
from clarify_lambda.prepare.names import job_scope


class ResultsCheck(Construct):
    """The function that judges a run: complete, and as its rules ask. Anything else is rejected.

    Parameters
    ----------
    analysis
        What was asked for: every method and metric of its config must be there, as a real number.
    limits
        Intervals by metric code, such as ``{"DPL": Limit(minimum=-0.1, maximum=0.1)}``: short for
        the same limits in ``rules``.
    rules
        Whatever else is asked of a run. Where rules compare with a baseline, the check may read
        that one object, and writes ``constraint_violations.json`` beside the verdict.
    baseline_encryption_key
        KMS key of the baseline, where `rules` name it by its URI and S3 does not manage the key.
    network
        Where the function runs. Default: in no VPC; Lambda's own network then.

    Attributes
    ----------
    function
        Judges, and explains failures.
    baseline_uri
        What runs are compared with; None where no rule compares.

    Raises
    ------
    Refused
        If a rule names a metric, a facet or a feature that the config does not compute, a limit
        that every value or no value meets, or a comparison without a baseline.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        analysis: Analysis,
        limits: Mapping[str, Limit | Sequence[Limit]] | None = None,
        rules: Rules | None = None,
        baseline_encryption_key: kms.IKey | None = None,
        network: ClarifyNetwork | None = None,
    ) -> None:
        super().__init__(scope, id)
        self._rules = resolve_checks(analysis.config, limits, rules)
        compares = needs_baseline(self._rules)
        self.baseline_uri = _baseline_uri(analysis, rules) if compares else None
        self.function: lambda_.IFunction = pipeline_function(
            self,
            "clarify_lambda.check.handler.handler",
            "Judges the results of a Clarify analysis",
            network=network,
        )
        partition = Stack.of(self).partition
        runs = f"{analysis.results_uri}/{job_scope(analysis.job_name_prefix)}*"
        results = [ANALYSIS_FILE, *([INTERVALS_FILE] if needs_intervals(self._rules) else [])]
        baseline = [self.baseline_uri] if self.baseline_uri is not None else []
        warn(self, *unknown_keys(baseline))
        found = f"{runs}/{PREFLIGHT_FILE}"
        uris = [*(f"{runs}/output/{name}" for name in results), found, *baseline]
        read = [S3Scope.of(uri) for uri in uris]
        listed = [S3Scope.of(f"{runs}/output/{name}") for name in files_begin(self._rules)]
        written = [VERDICT_FILE, *([VIOLATIONS_FILE] if compares else [])]
        for statement in (
            iam.PolicyStatement(
                actions=["s3:GetObject"], resources=[file.object_arn(partition) for file in read]
            ),
            # With it a missing file is "not found"; without it, "forbidden".
            *(
                iam.PolicyStatement(
                    actions=["s3:ListBucket"],
                    resources=[file.bucket_arn(partition)],
                    conditions=file.list_condition(),
                )
                for file in (*read, *listed)
            ),
            iam.PolicyStatement(
                actions=["s3:PutObject"],
                resources=[S3Scope.of(f"{runs}/{name}").object_arn(partition) for name in written],
            ),
        ):
            self.function.add_to_role_policy(statement)
        for key in analysis.results_keys:
            key.grant(self.function, "kms:Decrypt")
        # The verdict is written beside the results, but always under the bucket's own key.
        if (own := analysis.results_bucket.encryption_key) is not None:
            own.grant(self.function, "kms:GenerateDataKey")
        if baseline_encryption_key is not None:
            baseline_encryption_key.grant(self.function, "kms:Decrypt")

    @property
    def rules(self) -> Mapping[str, Any]:
        """What runs are judged by, resolved: what `clarify_contract.resolve_checks` returns."""
        return self._rules

    def judge_task(
        self, scope: Construct, id: str, *, metrics_for: str | None = None
    ) -> tasks.LambdaInvoke:
        """Return a state that judges a finished run and puts its verdict at ``$.check``.

        Parameters
        ----------
        scope, id
            Of the state.
        metrics_for
            Name of the pipeline under which the run's metrics are printed. Default: none are.
        """
        told = {} if metrics_for is None else {"metrics_for": metrics_for}
        return tasks.LambdaInvoke(
            scope,
            id,
            comment="Judge the results: complete, and as the rules ask",
            lambda_function=self.function,
            payload=sfn.TaskInput.from_object(
                {
                    "rules": with_nulls(self._rules),
                    "run": ENTIRE_STATE,
                    **({"baseline_uri": self.baseline_uri} if self.baseline_uri else {}),
                    **told,
                }
            ),
            result_selector={
                "verdict": sfn.JsonPath.string_at("$.Payload.verdict"),
                "summary": sfn.JsonPath.string_at("$.Payload.summary"),
                "verdict_uri": sfn.JsonPath.string_at("$.Payload.verdict_uri"),
            },
            result_path="$.check",
        )

    def explain_task(
        self,
        scope: Construct,
        id: str,
        *,
        max_attempts: int,
    ) -> tasks.LambdaInvoke:
        """Return a state that says why a run failed, at ``$.explanation``.

        Parameters
        ----------
        scope, id
            Of the state.
        max_attempts
            How often a job may be started: below it, ``retry`` is true when capacity was lacking.
        """
        return tasks.LambdaInvoke(
            scope,
            id,
            comment="Say in plain words why the run failed",
            lambda_function=self.function,
            payload=sfn.TaskInput.from_object(
                {
                    "explain": {"max_attempts": max_attempts},
                    "run": ENTIRE_STATE,
                }
            ),
            result_selector={
                "error": sfn.JsonPath.string_at("$.Payload.error"),
                "reason": sfn.JsonPath.string_at("$.Payload.reason"),
                "retry": sfn.JsonPath.string_at("$.Payload.retry"),
            },
            result_path="$.explanation",
        )


def _baseline_uri(analysis: Analysis, rules: Rules | None) -> str:
    match rules.baseline if rules is not None else None:
        case Baseline(uri=str(uri)):
            return uri
        case Baseline(job_name=str(name)):
            return f"{analysis.results_uri}/{name}/output/{ANALYSIS_FILE}"
    raise Refused(
        [
            Finding(
                "baseline-missing",
                "baseline",
                "rules that compare with a baseline, and none is named",
                "an S3 URI, or the name of a former job",
                'Write {"uri": "s3://bucket/analysis.json"} or {"job_name": "clarify-..."}.',
            )
        ]
    )
