"""`awsmini cloudformation deploy`."""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import flag, option

RUN = "awsmini.services.cloudformation.deploying:run"  # PyYAML, and clients

PARAMETER_OVERRIDES = option(
    "parameter-overrides",
    nargs="+",
    doc="Values for parameters of the template, as `Key=Value` words, or as JSON: a list of such texts, a list of "
    "`ParameterKey` and `ParameterValue` pairs, or a mapping under `Parameters`; also in a file (`file://`). A "
    "parameter of the stack that is not named keeps its value.",
)
CAPABILITIES = option(
    "capabilities",
    nargs="+",
    doc="What you acknowledge that the template may do: CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND.",
)
NOTIFICATION_ARNS = option("notification-arns", nargs="+", doc="The SNS topics that are told of what happens.")
TAGS = option("tags", nargs="+", doc="Tags of the stack and of what is in it, as `Key=Value` words.")


def _run(*arguments: object) -> int:
    code: int = resolve_name(RUN)(*arguments)
    return code


command = HandWritten(
    "deploy",
    _run,
    doc="Bring a stack to what a template says: a change set is made and executed, and you are told when it is done. "
    "A stack that there is none of is created. On a terminal you see what happens to each resource as it happens, and "
    "why the first one failed.",
    arguments=(
        option("template-file", required=True, doc="The file of the template."),
        option("stack-name", required=True, doc="The stack to update, or to create."),
        option("s3-bucket", doc="The bucket to upload the template to: one over 51,200 bytes needs it."),
        flag("force-upload", doc="Upload the template also where it is in the bucket already."),
        option("s3-prefix", doc="What the name of the uploaded template begins with, before a slash."),
        option("kms-key-id", doc="The KMS key to encrypt the uploaded template with."),
        PARAMETER_OVERRIDES,
        CAPABILITIES,
        flag(
            "no-execute-changeset",
            value=False,
            dest="execute_changeset",
            doc="Make the change set and no more: you look at it, and execute it yourself.",
        ),
        flag(
            "disable-rollback",
            group="disable-rollback",
            doc="Keep what was made when something fails, instead of going back.",
        ),
        flag(
            "no-disable-rollback",
            value=False,
            dest="disable_rollback",
            group="disable-rollback",
            doc="Go back when something fails. That is so where nothing else is said.",
        ),
        option("role-arn", doc="The role that CloudFormation takes on to execute the change set."),
        NOTIFICATION_ARNS,
        flag(
            "fail-on-empty-changeset",
            group="fail-on-empty-changeset",
            doc="Take it for an error when there is nothing to change.",
        ),
        flag(
            "no-fail-on-empty-changeset",
            value=False,
            dest="fail_on_empty_changeset",
            group="fail-on-empty-changeset",
            doc="When there is nothing to change, all is well. That is so where nothing else is said.",
        ),
        TAGS,
    ),
)
