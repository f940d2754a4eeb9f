"""The CodeDeploy agent on the machine that a command runs on: how it is stopped, installed and removed.

What systems differ in is the table `SYSTEMS`. Commands are run as they stand there, and shown by what they print.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, SendError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag, option
from awsmini.records import Request
from awsmini.send.options import SenderOptions
from awsmini.send.proxies import Proxies
from awsmini.services.small.deploy_on_premises import CONFIG_FILE, region_of, s3_location, told_to_do_it_by_hand
from awsmini.system.atomic import saving

METADATA = "http://169.254.169.254/latest/meta-data/"
METADATA_TIMEOUT = 1.0
_REFUSED = 400
_POWERSHELL = ("powershell.exe", "-Command")
_NO_WINDOWS_SERVICE = "Cannot find any service with service name 'codedeployagent'"


class AgentError(AwsminiError):
    """The agent cannot be had here, or not be changed."""


class System(NamedTuple):
    """One kind of system. `not_there` is what stopping an agent says where there is none."""

    folder: str
    file: str
    installer: str
    stop: Sequence[str]
    not_there: str
    prepare: Sequence[Sequence[str]]
    remove: Sequence[str]
    administrator: str = "You must run this command as sudo."

    @property
    def config_path(self) -> str:
        return self.folder + ("\\" if "\\" in self.folder else "/") + self.file


_LINUX_STOP = ("service", "codedeploy-agent", "stop")
SYSTEMS: Mapping[str, System] = {
    "Ubuntu": System(
        "/etc/codedeploy-agent/conf",
        CONFIG_FILE,
        "install",
        _LINUX_STOP,
        "codedeploy-agent: unrecognized service",
        (("apt-get", "-y", "update"), ("apt-get", "-y", "install", "ruby2.0")),
        ("dpkg", "-r", "codedeploy-agent"),
    ),
    "Red Hat Enterprise Linux Server": System(
        "/etc/codedeploy-agent/conf",
        CONFIG_FILE,
        "install",
        _LINUX_STOP,
        "Redirecting to /bin/systemctl stop  codedeploy-agent.service",
        (("yum", "-y", "install", "ruby"),),
        ("yum", "-y", "erase", "codedeploy-agent"),
    ),
    "Windows": System(
        r"C:\ProgramData\Amazon\CodeDeploy",
        "conf.onpremises.yml",
        "codedeploy-agent.msi",
        (*_POWERSHELL, "Stop-Service", "-Name", "codedeployagent"),
        _NO_WINDOWS_SERVICE,
        (),
        ("wmic", "product", "where", 'name="CodeDeploy Host Agent"', "call", "uninstall", "/nointeractive"),
        "You must run this command as an Administrator.",
    ),
}


def this_system(app: App, *, etc: str = "/etc") -> System:
    """The system of this machine, where it is one that the agent is for and no EC2 instance. Raises AgentError."""
    name = "Windows" if platform.system() == "Windows" else distribution(etc)
    system = next((found for key, found in SYSTEMS.items() if key in name), None)
    if system is None or (name != "Windows" and platform.system() != "Linux"):
        raise AgentError(
            "Only Ubuntu Server, Red Hat Enterprise Linux Server and Windows Server operating systems are supported."
        )
    if _is_ec2(app):
        raise AgentError("Amazon EC2 instances are not supported.")
    if not is_administrator():
        raise AgentError(system.administrator)
    return system


def distribution(etc: str) -> str:
    """The name of the Linux distribution, as its files have it; "" where they say nothing."""
    for name, pattern in (
        ("lsb-release", r"(?m)^DISTRIB_ID\s*=\s*(.*)$"),
        ("os-release", r'(?m)^NAME\s*=\s*"?([^"\n]*)"?$'),
        ("redhat-release", r"\A(.*?)(?: release|\n|\Z)"),
    ):
        try:
            with open(os.path.join(etc, name), encoding="utf-8", errors="replace") as file:
                found = re.search(pattern, file.read())
        except OSError:
            continue
        if found:
            return found[1].strip()
    return ""


def _is_ec2(app: App) -> bool:
    """Whether the metadata of an instance can be read."""
    options = SenderOptions(connect_timeout=METADATA_TIMEOUT, read_timeout=METADATA_TIMEOUT, proxies=Proxies())
    try:
        return app.open_sender(options)(Request(method="GET", url=METADATA)).status < _REFUSED
    except SendError:
        return False


def is_administrator() -> bool:
    if sys.platform == "win32":
        import ctypes  # there is no such thing on other systems

        return bool(ctypes.windll.shell32.IsUserAnAdmin())
    return os.geteuid() == 0


def stop(system: System) -> bool:
    """Stop the agent; whether there was one. Raises AgentError."""
    done = subprocess.run(system.stop, capture_output=True, check=False)
    said = done.stderr.decode(errors="replace")
    if done.returncode != 0 and system.not_there not in said:
        raise AgentError(f"Failed to stop the AWS CodeDeploy Agent:\n{said}")
    return done.returncode == 0


def remove(system: System) -> None:
    """Remove the agent. Raises AgentError."""
    _run(system.remove)


def prepare(system: System) -> None:
    """Install what the agent needs. Raises AgentError."""
    for words in system.prepare:
        _run(words)


def install(system: System, installer: str, environment: Mapping[str, str]) -> None:
    """Run the installer, a file in the folder the command runs in. Raises AgentError."""
    if system.folder.startswith("/"):
        os.chmod(installer, 0o755)
        _run((f"./{installer}", "auto"), environment)
        return
    _run((rf".\{installer}", "/quiet", "/l", r".\codedeploy-agent-install-log.txt"))
    _run((*_POWERSHELL, "Restart-Service", "-Name", "codedeployagent"))
    words = (*_POWERSHELL, "Get-Service", "-Name", "codedeployagent")
    if b"Running" not in subprocess.run(words, capture_output=True, check=False).stdout:
        raise AgentError("The AWS CodeDeploy Agent did not start after installation.")


def _run(words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    try:
        done = subprocess.run(words, env=environment, check=False)
    except OSError as error:
        raise AgentError(str(error)) from None
    if done.returncode != 0:
        raise AgentError(f"Command '{list(words)}' returned non-zero exit status {done.returncode}.")


def put_config(source: str, system: System) -> None:
    """Put the configuration where the agent looks for it."""
    os.makedirs(system.folder, exist_ok=True)
    if source != system.config_path:
        with open(source, "rb") as given, saving(system.config_path) as file:
            shutil.copyfileobj(given, file)


PIECE = 2**20


def _install_agent(invocation: Invocation, values: Values) -> int:
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
        _download_and_install(invocation, system, region, bucket, key)
        app.stdout.write("DONE\n")
    except (AwsminiError, OSError) as error:
        app.stdout.flush()
        app.stderr.write(told_to_do_it_by_hand(error, "Install the AWS CodeDeploy Agent on the on-premises instance"))
        return 255
    return 0


def _download_and_install(invocation: Invocation, system: System, region: str, bucket: str, key: str) -> None:
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


install_command = HandWritten(
    "install",
    _install_agent,
    doc="Install the CodeDeploy agent on this machine, an on-premises instance with Ubuntu Server, Red Hat Enterprise "
    "Linux Server or Windows Server.",
    arguments=(
        option("config-file", required=True, doc="The configuration file that `deploy register` wrote."),
        flag("override-config", doc="Replace the configuration file that is there."),
        option("agent-installer", doc="Where in S3 the installer of the agent is: `s3://BUCKET/KEY`."),
    ),
)


def _uninstall_agent(invocation: Invocation, values: Values) -> int:
    """Remove the agent and its configuration."""
    app = invocation.app
    region_of(invocation)
    system = this_system(app)
    try:
        app.stdout.write("Uninstalling the AWS CodeDeploy Agent... ")
        app.stdout.flush()
        if stop(system):
            remove(system)
        app.stdout.write("DONE\nDeleting the on-premises instance configuration... ")
        with suppress(FileNotFoundError):
            os.remove(system.config_path)
        app.stdout.write("DONE\n")
    except (AwsminiError, OSError) as error:
        app.stdout.flush()
        app.stderr.write(told_to_do_it_by_hand(error, "Uninstall the AWS CodeDeploy Agent on the on-premises instance"))
        return 255
    return 0


uninstall_command = HandWritten(
    "uninstall",
    _uninstall_agent,
    doc="Remove the CodeDeploy agent and its configuration from this machine, an on-premises instance.",
)
