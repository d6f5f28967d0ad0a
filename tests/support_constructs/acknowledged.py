"""Every finding of cdk-nag that stays, with the reason why its risk does not arise here.

One entry answers the rules that say the same, at one kind of construct; where a rule judges each
resource of a policy, one kind of resource. `docs/acknowledged-findings.md` is made of it. A finding
that no entry answers fails a test, and so does an entry that answers none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from clarify_cdk.wildcards import FORCED_WILDCARDS
from support_constructs.nag import Found

#: What people call constructs -> pattern of their paths below the stack.
PLACES = {
    "both buckets": r"Data|Results",
    "log groups": r"(.+/)?LogGroup",
    "Prepare and Check": r"(.+/)?(Preparation|Check)/Function",
    "VPC": r"Network/Vpc",
    "job's security group": r"Network/JobSecurityGroup/from .+",
    "every role": r".+/(DefaultPolicy|Rights|NoNetworkRights)",
    "job": r"\w+/JobRole/Rights",
    "job, Prepare": r"\w+/(JobRole|Preparation/Role)/(Rights|DefaultPolicy)",
    "job, clean-up": r"\w+/(JobRole|CleanUp/StateMachine/Role)/(Rights|DefaultPolicy)",
    "job, pipeline, clean-up": r"\w+/(JobRole|(CleanUp/)?StateMachine/Role)/(Rights|DefaultPolicy)",
    "Prepare": r"\w+/Preparation/Role/DefaultPolicy",
    "Check": r"(\w+/)?Check/Role/DefaultPolicy",
    "Prepare, Check": r"(\w+/)?(Preparation|Check)/Role/DefaultPolicy",
    "pipeline": r"\w+/StateMachine/Role/DefaultPolicy",
    "approval": r"Approval/StateMachine/Role/DefaultPolicy",
    "approval, job, Prepare": r"Approval/(CleanUp/)?StateMachine/Role/DefaultPolicy"
    r"|\w+/(JobRole|Preparation/Role)/(Rights|DefaultPolicy)",
}


@dataclass(frozen=True, kw_only=True)
class Acknowledged:
    """Why findings stay.

    Attributes
    ----------
    rules
        Without the names of their packs.
    at
        A key of `PLACES`.
    because
        The reason.
    resource
        Pattern of the resource, where a rule judges each of a policy; beside it ``shown``, the way
        the page writes it.
    setting
        What does away with the finding. The stack ``Hardened`` uses it, and has the finding no
        more.
    """

    rules: tuple[str, ...]
    at: str
    because: str
    resource: str = ""
    shown: str = ""
    setting: str = ""

    def answers(self, found: Found) -> bool:
        """Tell whether this is about a finding."""
        return (
            found.rule in self.rules
            and re.fullmatch(PLACES[self.at], found.path) is not None
            and re.fullmatch(self.resource, found.what) is not None
        )


def _star(at: str, shown: str, resource: str, because: str) -> Acknowledged:
    """Return the entry of a policy's resource that has a ``*`` in it."""
    return Acknowledged(
        rules=("IAM5",), at=at, because=because, resource=resource, shown=f"`{shown}`"
    )


#: Part of the page -> its entries.
ACKNOWLEDGED = {
    "Buckets": (
        Acknowledged(
            rules=("S1", "S3BucketLoggingEnabled"),
            at="both buckets",
            because="Where access logs are kept is the account's choice. Public access is blocked,"
            " and requests without TLS are denied.",
            setting="`access_log_bucket` of `Existing`, or in `cdk.json`",
        ),
        Acknowledged(
            rules=("S3BucketReplicationEnabled",),
            at="both buckets",
            because="A copy elsewhere is the choice of the data's owner. Against loss by mistake"
            " old versions stay for 90 days, and both buckets stay when the stack is deleted.",
        ),
        Acknowledged(
            rules=("S3DefaultEncryptionKMS",),
            at="both buckets",
            because="Everything is encrypted, with keys that S3 manages. A key of one's own costs"
            " money and is a choice of the account.",
            setting="`encryption_key`, or `bucket_key` in `cdk.json`",
        ),
    ),
    "Logs": (
        Acknowledged(
            rules=("CloudWatchLogGroupEncrypted",),
            at="log groups",
            because="CloudWatch Logs encrypts every group with keys of its own, and no value of the"
            " data is logged: state machines log without the data of executions.",
            setting="`encrypt_logs(scope, key)`, or `log_key` in `cdk.json`",
        ),
    ),
    "Functions": (
        Acknowledged(
            rules=("L1",),
            at="Prepare and Check",
            because="Lambda patches Python 3.13 until June 2029. A newer one is taken once all"
            " tests have run on it.",
        ),
        Acknowledged(
            rules=("LambdaConcurrency",),
            at="Prepare and Check",
            because="The pipeline's state machine calls them, once or twice in a run, and nothing"
            " else is let: they cannot crowd out others. A reserve is taken from the account.",
        ),
        Acknowledged(
            rules=("LambdaDLQ",),
            at="Prepare and Check",
            because="A dead-letter queue keeps events of asynchronous calls. The state machine"
            " waits for the answer: a failure is caught, and ends in a named failure of the run.",
        ),
        Acknowledged(
            rules=("LambdaInsideVPC",),
            at="Prepare and Check",
            because="They listen to nothing and talk to S3 and the SageMaker API alone, by TLS and"
            " with rights to what a run needs.",
            setting="`functions_in_vpc=True`",
        ),
    ),
    "Network": (
        Acknowledged(
            rules=("VPC7", "VPCFlowLogsEnabled"),
            at="VPC",
            because="The VPC has no way out but its endpoints, and these let nothing pass but what"
            " the analyses need. Flow logs cost money by volume.",
            setting='`network.vpc.add_flow_log("Flows")`',
        ),
        Acknowledged(
            rules=("VPCDefaultSecurityGroupClosed",),
            at="VPC",
            because="No network interface is in the default group: jobs, functions and endpoints"
            " have groups of their own. To empty it takes a custom resource, whose function would"
            " have more rights than any other part.",
        ),
        Acknowledged(
            rules=("EC2RestrictedCommonPorts",),
            at="job's security group",
            because="The rule's source is the group itself, not the internet: the instances of one"
            " job talk to each other on ports that SageMaker does not document.",
        ),
    ),
    "Rights": (
        Acknowledged(
            rules=("IAMNoInlinePolicy",),
            at="every role",
            because="Each policy is for one role, and goes with it. A managed one could be attached"
            " to others, and outlive what it was made for.",
        ),
        _star(
            "every role",
            "*",
            r"\*",
            "AWS gives these actions no resource, or forbids to narrow them: the list below has"
            " each of them with its reason, and a test finds no other.",
        ),
        _star(
            "pipeline",
            "<function>:*",
            r"<\w+Function\w+\.Arn>:\*",
            "The versions and aliases of Prepare and of Check, and nothing else.",
        ),
        _star(
            "job",
            "logs: /aws/sagemaker/ProcessingJobs*",
            r"logs:log-group:/aws/sagemaker/ProcessingJobs\*",
            "All jobs of the account log into this one group: its name is SageMaker's, and so are"
            " its streams'. The job may write and list streams there, but read none.",
        ),
        _star(
            "job, Prepare",
            "s3: what the analysis reads*",
            r"s3:(<Data\w+>|loans-data|lake|people)/.+\*",
            "Reading of what the config or the deployment names. SageMaker takes a dataset's URI"
            " for a prefix, so that objects whose keys begin like it belong to it.",
        ),
        _star(
            "job",
            "s3: <results>/<prefix>-*/config/*",
            r"s3:(<Results\w+>|loans-results)/.+-\*/config/\*",
            "The config of a run is read; a run gets its name when it starts. One role is for all"
            " runs of a pipeline.",
        ),
        _star(
            "Prepare",
            "s3: <results>/<prefix>-*/config/analysis_config.json",
            r"s3:(<Results\w+>|loans-results)/.+-\*/config/analysis_config\.json",
            "One file of each run is written.",
        ),
        _star(
            "job",
            "s3: <results>/<prefix>-*/output/*",
            r"s3:(<Results\w+>|loans-results)/.+-\*/output/\*",
            "Results are written, by names that the container chooses; none can be deleted. The"
            " bucket of `ClarifyStack` keeps what is overwritten.",
        ),
        _star(
            "Check",
            "s3: <results>/<prefix>-*/output/analysis.json",
            r"s3:(<Results\w+>|loans-results)/.+-\*/output/analysis\.json",
            "One file of each run is read.",
        ),
        _star(
            "Prepare, Check",
            "s3: <results>/<prefix>-*/preflight.json, verdict.json",
            r"s3:(<Results\w+>|loans-results)/.+-\*/(preflight|verdict)\.json",
            "Two files of each run: the first is written by Prepare and read by Check, the other is"
            " written by whichever ends the run.",
        ),
        _star(
            "job, clean-up",
            "sagemaker: endpoint/sm-clarify-*, endpoint-config/sm-clarify-*",
            r"sagemaker:endpoint(-config)?/sm-clarify-\*",
            "A shadow endpoint gets its name at run time, and hosts only models that the deployment"
            " allows: the making of its config is narrowed to these. The pipelines of an account"
            " share the prefix, unless `endpoint_name_prefix` in the config sets them apart.",
        ),
        _star(
            "job, pipeline, clean-up",
            "sagemaker: processing-job/<prefix>-*",
            r"sagemaker:processing-job/(clarify|loans)-\*",
            "A job gets its name when its run starts. The pipelines of an account share the prefix"
            " `clarify`, unless `job_name_prefix` of `Analysis` sets them apart.",
        ),
        _star(
            "approval, job, Prepare",
            "sagemaker: model/clarify-candidate-*",
            r"sagemaker:model/clarify-candidate-\*",
            "Temporary models are named after their packages; the prefix is kept for them, and a"
            " pipeline has it only where its `allowed_models` say so.",
        ),
        _star(
            "approval",
            "sagemaker: model-package/<group>/*",
            r"sagemaker:model-package/loans/\*",
            "The versions of the one group that is decided about.",
        ),
        _star(
            "approval",
            "states: execution:<pipeline>:*",
            r"states:execution:\{.+\}:\*",
            "The executions of the pipeline that it starts, and of no other.",
        ),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Overruled:
    """Why something that parliament says of a policy is otherwise.

    Attributes
    ----------
    issue
        Its name for it.
    about
        Pattern of each action that is meant.
    shown
        How the page writes these.
    because
        The reason.
    """

    issue: str
    about: str
    shown: str
    because: str


OVERRULED = (
    Overruled(
        issue="RESOURCE_STAR",
        about="|".join(map(re.escape, FORCED_WILDCARDS)),
        shown="`ec2:` actions on network interfaces",
        because="They could be narrowed, and the services that use them do not work then: see the"
        " list above.",
    ),
    Overruled(
        issue="UNKNOWN_CONDITION_FOR_ACTION",
        about=r"lambda:SourceFunctionArn for action ec2:\w+",
        shown="`lambda:SourceFunctionArn` for the same, denied to functions in a VPC",
        because="Lambda sets this key in every call that a function's code makes, of whatever"
        " service; its guide has this statement.",
    ),
    Overruled(
        issue="RESOURCE_MISMATCH",
        about="states:DescribeExecution",
        shown="`states:DescribeExecution` on executions",
        because="The action is for executions and for those of Express workflows, and parliament"
        " asks for ARNs of both. The pipeline is none of the latter.",
    ),
)
