"""The work of `cloudformation deploy`."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.services.cloudformation.change_sets import ChangeSet, Deployer, NoChangesError, Wanted
from awsmini.services.cloudformation.clients import uploader
from awsmini.services.cloudformation.deploy import CAPABILITIES, NOTIFICATION_ARNS, PARAMETER_OVERRIDES, TAGS
from awsmini.services.cloudformation.exporting import put_template
from awsmini.services.cloudformation.overrides import overrides, pairs, parameters
from awsmini.services.cloudformation.package import NoTemplateError
from awsmini.services.cloudformation.stack_events import Events
from awsmini.services.cloudformation.template_yaml import parse
from awsmini.services.shared.option_values import value_of_shape
from awsmini.system.user_dirs import expand_user

LARGEST = 51_200  # bytes of a template that goes with the request


class BucketRequiredError(AwsminiError):
    def __init__(self) -> None:
        super().__init__(
            "Templates with a size greater than 51,200 bytes must be deployed via an S3 Bucket. Please add the "
            "--s3-bucket parameter to your command. The local template will be copied to that S3 bucket and then "
            "deployed."
        )


def run(invocation: Invocation, values: Values) -> int:
    """Make a change set, and execute it."""
    wanted = _wanted(invocation, values)
    app = invocation.app
    deployer = Deployer(invocation.session.client("cloudformation"), app)
    made = deployer.create(wanted)
    _tell(invocation, "\nWaiting for changeset to be created..\n")
    try:
        deployer.wait_until_made(made, wanted.stack)
    except NoChangesError as error:
        if values.get("fail_on_empty_changeset"):
            raise
        app.stdout.write(f"\n{error}\n")
        return 0
    if values.get("execute_changeset", True):
        _execute(invocation, deployer, made, wanted.stack, values.get("disable_rollback", False))
        app.stdout.write(f"Successfully created/updated stack - {wanted.stack}\n")
    else:
        app.stdout.write(
            "Changeset created successfully. Run the following command to review changes:\n"
            f"awsmini cloudformation describe-change-set --change-set-name {made.id}\n"
        )
    return 0


def _wanted(invocation: Invocation, values: Values) -> Wanted:
    """What the command line asks for. Nothing is sent yet."""
    path = expand_user(values["template_file"], invocation.app.env)
    capabilities = value_of_shape(invocation, CAPABILITIES, values, "cloudformation", "CreateChangeSet", "Capabilities")
    topics = value_of_shape(
        invocation, NOTIFICATION_ARNS, values, "cloudformation", "CreateChangeSet", "NotificationARNs"
    )
    given_tags = value_of_shape(invocation, TAGS, values, "cloudformation", "CreateChangeSet", "Capabilities")
    given = values.get(PARAMETER_OVERRIDES.dest, [])
    if not os.path.isfile(path):
        raise NoTemplateError(path)
    with open(path, encoding=invocation.app.env.get("AWS_CLI_FILE_ENCODING")) as file:
        text = file.read()
    template = parse(text)
    found = parameters(template, overrides(given))
    tags = [{"Key": key, "Value": value} for key, value in pairs(given_tags or (), "tags").items()]
    if os.path.getsize(path) > LARGEST and not values.get("s3_bucket"):
        raise BucketRequiredError
    optional = {"RoleARN": values.get("role_arn"), "NotificationARNs": topics}
    return Wanted(
        stack=values["stack_name"],
        template=partial(_template, invocation, values, text),
        parameters=found,
        capabilities=capabilities or [],
        tags=tags,
        optional={name: value for name, value in optional.items() if value is not None},
    )


def _template(invocation: Invocation, values: Values, text: str) -> dict[str, str]:
    """The template as CreateChangeSet takes it: uploaded where there is a bucket."""
    if not values.get("s3_bucket"):
        return {"TemplateBody": text}
    return {"TemplateURL": put_template(uploader(invocation, values), text)}


def _execute(invocation: Invocation, deployer: Deployer, made: ChangeSet, stack: str, disable_rollback: bool) -> None:
    app = invocation.app
    events = Events(deployer.client, stack, app.stdout) if app.stdout.isatty() else None
    deployer.execute(made, stack, disable_rollback=disable_rollback)
    _tell(invocation, "Waiting for stack create/update to complete\n")
    sleep: Callable[[float], Any] = app.sleep if events is None else partial(events.sleep, app.sleep)
    try:
        deployer.wait_until_done(made, stack, sleep)
    finally:
        if events is not None:
            events.show()


def _tell(invocation: Invocation, text: str) -> None:
    invocation.app.stdout.write(text)
    invocation.app.stdout.flush()
