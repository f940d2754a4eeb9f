"""`awsmini deploy install`."""

import os

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag, option
from awsmini.services.deploy.agent import AgentError, System, install, prepare, put_config, stop, this_system
from awsmini.services.deploy.on_premises import region_of, s3_location, told_to_do_it_by_hand
from awsmini.system.atomic import saving

PIECE = 2**20


def run(invocation: Invocation, values: Values) -> int:
    """Put the configuration in place, and install the agent."""
    app = invocation.app
    region = region_of(invocation)
    system = this_system(app)
    if os.path.isfile(system.config_path) and not values.get("override_config"):
        raise AgentError(
            "The on-premises instance configuration file already exists. Specify --override-config to update the "
            "existing on-premises instance configuration file."
        )
    bucket, key = f"aws-codedeploy-{region}", f"latest/{system.installer}"
    if values.get("agent_installer"):
        bucket, key = s3_location("agent-installer", values["agent_installer"])
    try:
        app.stdout.write("Creating the on-premises instance configuration file... ")
        put_config(values["config_file"], system)
        app.stdout.write("DONE\nInstalling the AWS CodeDeploy Agent... ")
        app.stdout.flush()
        _install(invocation, system, region, bucket, key)
        app.stdout.write("DONE\n")
    except (AwsminiError, OSError) as error:
        app.stdout.flush()
        app.stderr.write(told_to_do_it_by_hand(error, "Install the AWS CodeDeploy Agent on the on-premises instance"))
        return 255
    return 0


def _install(invocation: Invocation, system: System, region: str, bucket: str, key: str) -> None:
    prepare(system)
    stop(system)
    session = invocation.session
    s3 = session.client_for(ServiceModel(session.models.lines("s3")), endpoint_flag=False)
    body = s3._make_api_call("GetObject", {"Bucket": bucket, "Key": key})["Body"]
    installer = key.rpartition("/")[2]
    with saving(installer) as file:
        while data := body.read(PIECE):
            file.write(data)
    credentials = session.credentials.get()
    environment = {**invocation.app.env, "AWS_REGION": region}
    if credentials is not None:
        environment["AWS_ACCESS_KEY_ID"] = credentials.access_key
        environment["AWS_SECRET_ACCESS_KEY"] = credentials.secret_key
        if credentials.token is not None:
            environment["AWS_SESSION_TOKEN"] = credentials.token
    install(system, installer, environment)


command = HandWritten(
    "install",
    run,
    doc="Install the CodeDeploy agent on this machine, an on-premises instance with Ubuntu Server, Red Hat Enterprise "
    "Linux Server or Windows Server.",
    arguments=(
        option("config-file", required=True, doc="The configuration file that `deploy register` wrote."),
        flag("override-config", doc="Replace the configuration file that is there."),
        option("agent-installer", doc="Where in S3 the installer of the agent is: `s3://BUCKET/KEY`."),
    ),
)
