"""`awsmini lambda-web deploy`."""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.format.errors import STRUCTURED
from awsmini.format.output import terminal
from awsmini.params.arguments import flag, option
from awsmini.services.lambda_web.errors import LambdaWebError

RUN = "awsmini.services.lambda_web.deploying:run"  # clients


def _run(invocation: Invocation, values: Values) -> int:
    try:
        code: int = resolve_name(RUN)(invocation, values)
    except LambdaWebError as error:
        invocation.app.stdout.flush()
        invocation.app.stderr.write(_told(invocation, error))
        return error.exit_code
    return code


def _told(invocation: Invocation, error: LambdaWebError) -> str:
    """The error in the layout of --cli-error-format: one line of this command's own, unless it is structured."""
    layout = str(invocation.settings.value("cli_error_format")).lower()
    if layout not in STRUCTURED:
        return f"Error: {error}\n"
    table = {"width": terminal(invocation.app.stderr)[1], "color": False} if layout == "table" else {}
    text: str = resolve_name(STRUCTURED[layout])({"Error": {"Code": error.code, "Message": str(error)}}, **table)
    return text


command = HandWritten(
    "deploy",
    _run,
    doc="Deploy a folder with an HTTP server to a web function of Lambda: the function is created, or gets a new "
    "revision, its endpoint is brought to what you ask for, and you are told where it can be reached.",
    arguments=(
        option(
            "name",
            required=True,
            doc="The web function: 2 to 64 letters, digits, hyphens and underscores, the first and the last a letter "
            "or digit.",
        ),
        option(
            "code",
            doc="The folder with the code. A function that exists keeps its code where none is given. With "
            "--hello-world, `./NAME` where none is given.",
        ),
        flag("hello-world", doc="Write a small HTTP server in TypeScript into a new folder, and deploy that."),
        flag("create", doc="Create the function or the endpoint where there is none, without asking."),
        option("runtime", doc="The runtime. A new function has nodejs24.x where none is given."),
        option(
            "entry-point",
            doc="The file below --code that starts the server. Where none is given, what `package.json` names, or one "
            "of the usual files. A file other than index.js is loaded by an index.js that is put beside it.",
        ),
        option(
            "execution-role-arn",
            doc="The role that the function runs with. A new function gets `awscli-lambdaweb-NAME`, which is made.",
        ),
        option(
            "bucket-name",
            doc="The bucket to upload the code to. Where none is given, `awscli-lambdaweb-ACCOUNT-REGION-an`, which is "
            "made where there is none.",
        ),
        option("env", repeated=True, doc="An environment variable, `KEY=VALUE`. May be given several times."),
        option(
            "unset-env",
            repeated=True,
            doc="A variable to take from a function that exists. May be given several times, and counts after --env.",
        ),
        option("timeout-seconds", doc="How long a request may take, in seconds: 3 to 900."),
        option(
            "max-concurrency-per-environment",
            doc="How many requests one environment serves at the same time: 1 to 128.",
        ),
        option("kms-key-arn", doc="The KMS key for the code and the variables of the revision."),
        option(
            "application-log-level",
            choices=("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"),
            doc="From which level on the logs of the application are kept.",
        ),
        option(
            "system-log-level",
            choices=("DEBUG", "INFO", "WARN"),
            doc="From which level on the logs of Lambda are kept.",
        ),
        option("revision-description", doc="What the revision is."),
        flag(
            "include-hidden-files",
            doc="Upload files and folders whose names begin with a dot. What holds secrets and histories "
            "(`.env`, `.ssh`, `.git` …) stays out.",
        ),
        option(
            "force-include",
            repeated=True,
            doc="A file below --code to upload although its name keeps it out. May be given several times.",
        ),
        flag("no-wait", doc="Do not wait for the endpoint."),
        option("activation-timeout", doc="How long to wait for something to become active, in seconds. 600."),
        option("progress-frequency", doc="Seconds from one line about waiting to the next. 5."),
        option("endpoint-name", doc="The endpoint. `dev` for a new function, else the first that there is."),
        option(
            "endpoint-type",
            choices=("HomeRegion", "MultiRegion", "PerRegion"),
            doc="The type of a new endpoint. HomeRegion. It cannot be changed later.",
        ),
        option(
            "auth-type",
            choices=("ApplicationManaged", "IamAuth"),
            doc="Who may call the endpoint. ApplicationManaged for a new one.",
        ),
        option(
            "auto-deployment-mode",
            choices=("LatestRevision", "Disabled"),
            doc="Whether the endpoint serves each new revision. LatestRevision for a new one of type HomeRegion, "
            "Disabled for others.",
        ),
        option("regions", doc="The regions of a MultiRegion or PerRegion endpoint, with commas between them."),
        option("tags", repeated=True, doc="A tag of the function, `KEY=VALUE`. May be given several times."),
        option("max-environments", doc="How many environments the endpoint may have at a time: 2 to 10000."),
        option("rate-limit", doc="How many requests a second the endpoint takes."),
        option("description", doc="What the endpoint is."),
    ),
)
