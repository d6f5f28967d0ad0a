"""What the product claims, and what it takes for granted about AWS, each in one sentence.

A test shows one of them where it has the marker ``proves`` with the key here; ``docs/proven.md`` is
written from both. Sources of the facts are the services' guides, where they say it at all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """What the product does by itself.

    Attributes
    ----------
    text
        One sentence.
    place, name
        A file of the product that makes it so, and a name that it has for it.
    """

    text: str
    place: str
    name: str


@dataclass(frozen=True)
class Fact:
    """How AWS behaves.

    Attributes
    ----------
    text
        One sentence.
    place, name
        A file of the product that relies on it, and a name that it has for it.
    otherwise
        What follows for the product if it is not so.
    no_test
        Why no test decides it, where none does.
    """

    text: str
    place: str
    name: str
    otherwise: str
    no_test: str = ""


CLAIMS = {
    "whole-run": Claim(
        "The synthesised template, state machine and functions run from data to a verdict:"
        " passed, rejected, or failed with the reason.",
        "constructs/clarify_cdk/workflow.py",
        "def workflow",
    ),
    "rights-complete-and-needed": Claim(
        "Each permission of every role is needed: without any one of them a run fails at its own"
        " step, or says what it could not look at.",
        "constructs/clarify_cdk/job_rights.py",
        "def job_statements",
    ),
    "stars": Claim(
        "A policy says `*` only where AWS forces it.",
        "constructs/clarify_cdk/wildcards.py",
        "FORCED_WILDCARDS",
    ),
    "trust": Claim(
        "No other account's resource can make a service use a role that the constructs make.",
        "constructs/clarify_cdk/role.py",
        "def _source_conditions",
    ),
    "network-tight": Claim(
        "By its routes, groups and endpoints a job in the own VPC reaches S3, SageMaker and its"
        " fellow instances, and nothing else; nobody else reaches it.",
        "constructs/clarify_cdk/network.py",
        "class ClarifyNetwork",
    ),
    "nothing-left": Claim(
        "Whatever ends a run early, its shadow endpoint is deleted, and no other.",
        "constructs/clarify_cdk/cleanup_states.py",
        "def cleanup_states",
    ),
    "new-name": Claim(
        "A job that is tried again has a new name, whether or not Step Functions evaluates"
        " intrinsics again on a retry: the function that prepares each attempt makes the name.",
        "lambda/clarify_lambda/prepare/names.py",
        "def run_token",
    ),
    "fails-closed": Claim(
        "No corrupted or incomplete analysis passes.",
        "lambda/clarify_lambda/check/judge.py",
        "def judge",
    ),
    "drift": Claim(
        "The rules find exactly the violations that the service found in its own example.",
        "lambda/clarify_lambda/check/no_worse.py",
        "def no_worse",
    ),
    "service-numbers": Claim(
        "The open engine repeats the SHAP values of real runs of the service.",
        "engine/clarify_engine/shap/choice.py",
        "class Choice",
    ),
    "cause-cut": Claim(
        "A cause that is cut off, empty or of another form is explained all the same.",
        "lambda/clarify_lambda/check/explain.py",
        "def explain",
    ),
    "offline": Claim(
        "A rehearsal reaches nothing but this machine.",
        "local/clarify_local/environment.py",
        "def bare_environment",
    ),
    "cli": Claim(
        "The real CDK CLI bootstraps, deploys, compares and destroys the app, with its own roles.",
        "app.py",
        "main",
    ),
    "stages": Claim(
        "Three stages that differ in network, keys, image and rights are deployed by the CDK CLI,"
        " each to an account of its own; it looks up, shows and makes a change, and destroys.",
        "examples/stages/cdk.json",
        "LoansLive",
    ),
    "tokens": Claim(
        "A stack of which only deployment knows the names is as tight as one of literal names,"
        " except where a warning says so.",
        "constructs/clarify_cdk/analysis.py",
        "Names may be tokens",
    ),
    "partitions": Claim(
        "All that a template holds is of its Region's partition, also where only CloudFormation"
        " knows it.",
        "constructs/clarify_cdk/place.py",
        "class Place",
    ),
    "owners": Claim(
        "What another account must allow is printed, for each role that needs it.",
        "constructs/clarify_cdk/owners.py",
        "def owner_policy",
    ),
    "packages": Claim(
        "A model package is approved or rejected by the verdict; without one it stays pending.",
        "constructs/clarify_cdk/approval_states.py",
        "def approval_states",
    ),
}

FACTS = {
    "sync-cause": Fact(
        "A job that failed under `.sync` is the error `States.TaskFailed`; its cause is the job's"
        " description as JSON, with `FailureReason`.",
        "lambda/clarify_lambda/check/explain.py",
        "FailureReason",
        "The reason is told as far as it can be read; a lack of capacity may not be tried again.",
    ),
    "used-name": Fact(
        "The name of a job that failed stays used, and a second job of that name is"
        " `SageMaker.ResourceInUseException`.",
        "lambda/clarify_lambda/prepare/names.py",
        "def run_token",
        "A call that is repeated by chance could start a job twice.",
    ),
    "limit-error-name": Fact(
        "A request beyond a quota is the error `SageMaker.ResourceLimitExceededException`.",
        "constructs/clarify_cdk/workflow.py",
        "_LIMIT_EXCEEDED",
        "Runs beyond the quota fail at once instead of waiting; nothing is left behind.",
    ),
    "throttling-error-name": Fact(
        "A throttled request is `SageMaker.ThrottlingException` or"
        " `SageMaker.AmazonSageMakerException`.",
        "constructs/clarify_cdk/workflow.py",
        "_REFUSED_OR_THROTTLED",
        "A throttled run fails instead of trying again; nothing is left behind.",
    ),
    "job-role-trust": Fact(
        "SageMaker sends `aws:SourceAccount` and `aws:SourceArn` when a processing job takes on its"
        " role.",
        "constructs/clarify_cdk/role.py",
        "aws:SourceArn",
        "No job starts with a role made here: `role` takes one of your own.",
    ),
    "job-role-other-jobs": Fact(
        "A role whose trust names the ARNs of some jobs cannot be taken on by others.",
        "constructs/clarify_cdk/role.py",
        "aws:SourceArn",
        "Whoever may pass the role in this account can use it for jobs of other names.",
    ),
    "job-log": Fact(
        "A job logs to `/aws/sagemaker/ProcessingJobs`, in streams that begin with its name.",
        "contract/clarify_contract/container.py",
        "LOG_GROUP",
        "The job's role has rights on a log group that it does not use, and jobs leave no log.",
    ),
    "end-of-job-event": Fact(
        "EventBridge hears of the end of a job, with its name and status, and may take on a role"
        " that trusts this account's rules only.",
        "constructs/clarify_cdk/cleanup.py",
        "ProcessingJobStatus",
        "The workflow starts the clean-up itself, but not after an aborted execution: then a shadow"
        " endpoint may go on costing money.",
    ),
    "key-rights": Fact(
        "`kms:CreateGrant` on the volume's key, and `Decrypt`, `Encrypt` and `GenerateDataKey` on"
        " that of the results, are all that a job needs of keys.",
        "constructs/clarify_cdk/job_rights.py",
        "def key_uses",
        "Jobs under such keys do not start, or cannot write their results.",
    ),
    "results-read": Fact(
        "The image writes the metrics of the published formulas where they are read.",
        "contract/clarify_contract/result/bias.py",
        "def read_bias",
        "What stands elsewhere is missed, and the run rejected; another formula would go unseen.",
    ),
    "header-row": Fact(
        "A first row of names is no row of data, also where the config has `headers`.",
        "lambda/clarify_lambda/prepare/preflight/csv_head.py",
        "Tell whether the first row holds names",
        "The job fails or counts the names as a row, which neither preflight nor a rehearsal says.",
    ),
    "topic-under-key": Fact(
        "A state machine that may use a topic's key publishes to it.",
        "constructs/clarify_cdk/notifications.py",
        "master_key",
        "People are not told; the verdict is the same.",
    ),
    "shadow-endpoint-names": Fact(
        "The names of a shadow endpoint and of its config begin with the config's prefix.",
        "constructs/clarify_cdk/job_rights.py",
        "def _shadow_endpoint",
        "Jobs that name a model fail: the role may make no endpoint of another name.",
    ),
    "shadow-tags": Fact(
        "The image copies a job's tags to the shadow endpoint and its config.",
        "constructs/clarify_cdk/job_rights.py",
        "sagemaker:AddTags",
        "The role has two rights too many (`ListTags`, `AddTags`, of its own names only).",
    ),
    "shadow-endpoint-rights": Fact(
        "A job makes its shadow endpoint without `iam:PassRole`: the model has its role already.",
        "constructs/clarify_cdk/job_rights.py",
        "def _shadow_endpoint",
        "Jobs that name a model fail: the model's role has to be passed.",
    ),
    "clean-up-on-aws": Fact(
        "An aborted execution stops its job, and what that leaves is deleted by its event.",
        "constructs/clarify_cdk/cleanup_states.py",
        "def cleanup_states",
        "A shadow endpoint may go on costing money.",
    ),
    "creating-not-deleted": Fact(
        "An endpoint that is `Creating` refuses to be deleted, and can be deleted later.",
        "constructs/clarify_cdk/cleanup_states.py",
        "_MAX_ROUNDS",
        "The clean-up needs fewer rounds, or leaves an endpoint that goes on costing money.",
    ),
    "model-arn-condition": Fact(
        "`sagemaker:ModelArn` is judged when an endpoint config is made.",
        "constructs/clarify_cdk/job_rights.py",
        "sagemaker:ModelArn",
        "Jobs that name a model fail, or the role could host every model of the account.",
    ),
    "arn-case": Fact(
        "SageMaker writes ARNs with names as they are given, or in lower case.",
        "constructs/clarify_cdk/job_rights.py",
        "def sagemaker_arns",
        "Models with upper-case names cannot be analysed.",
    ),
    "self-rule-egress": Fact(
        "A group whose only way out is a rule to itself, made by a resource of its own, has not the"
        " default rule that lets everything out.",
        "local/clarify_local/emulator/cfn_network.py",
        "class SecurityGroupEgress",
        "A rehearsal judges such a group stricter than it is. No construct here makes one.",
    ),
    "job-group-egress": Fact(
        "The group of jobs lets out what the template says, and no more.",
        "constructs/clarify_cdk/network.py",
        "def _let_out",
        "Jobs reach more of the network than is said.",
    ),
    "verdict-event": Fact(
        "The event `Clarify Verdict` reaches the rules of its bus, with the ARNs of state machine"
        " and execution among its resources.",
        "constructs/clarify_cdk/notice.py",
        "DETAIL_TYPE",
        "Programs are not told of verdicts, or not of which execution.",
    ),
    "new-object-event": Fact(
        "S3 tells EventBridge of a new object with its key, as it is, and its size.",
        "constructs/clarify_cdk/triggers.py",
        "Object Created",
        "New objects start no run.",
    ),
    "schedule-fires": Fact(
        "Scheduler starts the state machine with a role that trusts its default group only.",
        "constructs/clarify_cdk/triggers.py",
        "schedule-group/default",
        "Schedules start no run.",
    ),
    "package-event": Fact(
        "EventBridge hears of a model package that awaits approval, with its group and ARN.",
        "constructs/clarify_cdk/approval.py",
        "PendingManualApproval",
        "Packages stay pending.",
    ),
    "package-right": Fact(
        "To make a model of a package takes `sagemaker:CreateModel` on the package too.",
        "constructs/clarify_cdk/approval_calls.py",
        "def create_model",
        "The state machine has one right too many.",
    ),
    "closed-account": Fact(
        "An account that never used Clarify is refused in a way that names the reason.",
        "constructs/clarify_cdk/image.py",
        "def open_engine",
        "The run fails with whatever SageMaker says; the open engine's image runs there.",
        "What the refusal looks like is not documented, so there is nothing to expect.",
    ),
    "capacity-text": Fact(
        "A job that found no machine says `CapacityError` in its `FailureReason`.",
        "lambda/clarify_lambda/check/explain.py",
        "CAPACITY_ERROR",
        "The run fails instead of trying again under a new name.",
        "A lack of capacity cannot be brought about.",
    ),
    "killed-job": Fact(
        "A job that is killed hard may leave its shadow endpoint.",
        "constructs/clarify_cdk/cleanup.py",
        "ENDED_EARLY",
        "The clean-up finds nothing, which is well.",
        "Nobody outside of the platform can kill a job's container.",
    ),
    "several-instances": Fact(
        "The instances of one job need every port between them.",
        "constructs/clarify_cdk/network.py",
        "allow_internally",
        "The group of jobs could be tighter.",
        "The ports are not documented; a job that works with fewer shows nothing about the next.",
    ),
    "metrics-namespace": Fact(
        "What the platform measures of a job is put by its role, in the namespace of its log.",
        "constructs/clarify_cdk/job_rights.py",
        "cloudwatch:namespace",
        "The role has a right that it does not need, or the job's machine is not measured.",
        "No test yet: it takes a job whose role lacks the right, and a metric that stays away.",
    ),
    "china": Fact(
        "Endpoints, events and images of `aws-cn` and the isolated partitions are like those of"
        " `aws`, but for names and suffixes.",
        "constructs/clarify_cdk/place.py",
        "class Place",
        "Deployments there fail; the templates name nothing of another partition.",
        "The tests of this table run there as well, with an account of that partition.",
    ),
    "other-services": Fact(
        "Alarms go off, and dashboards show the metrics.",
        "constructs/clarify_cdk/monitoring.py",
        "class ClarifyMonitoring",
        "Nobody is woken; each verdict stands in its execution all the same.",
        "Written as templates and rights only, by the services' guides; no test yet.",
    ),
}
