"""`awsmini emr ssh`, `socks`, `put` and `get`: OpenSSH, or PuTTY, on the master node of a cluster.

The cluster is waited for. What runs is printed, and its exit code is the command's.
"""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from awsmini.app import App
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.commandline.programs import call
from awsmini.errors import AwsminiError, ParamValidationError, WaiterError
from awsmini.params.arguments import option
from awsmini.services.emr.command import SERVICE, EmrCommand
from awsmini.services.emr.options import CLUSTER_ID

USER = "hadoop"
PORT = "8157"  # of the SOCKS proxy
STARTING = ("STARTING", "BOOTSTRAPPING")
ENDED = ("TERMINATED", "TERMINATING", "TERMINATED_WITH_ERRORS")
HOST_KEYS = "StrictHostKeyChecking"
GUIDE = "http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/EMR_SetUp_SSH.html."
KEEP_ALIVE = ("-o", "ServerAliveInterval=10")
ANY_KEY = '\nread -n1 -r -p "Command completed. Press any key."'  # or PuTTY's window would be gone at once

Words = list[str]


class ClusterEndedError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Cluster terminating or already terminated.")


class NoMasterError(AwsminiError):
    def __init__(self) -> None:
        super().__init__("Cannot get DNS of master node on the cluster.  Please try again after some time.")


class NoProgramError(AwsminiError):
    """Neither of the programs that could do it is installed."""


def master(invocation: Invocation, cluster_id: str) -> str:
    """The host name of a cluster's master node, once the cluster runs. Raises ClusterEndedError, NoMasterError."""
    client = invocation.session.client(SERVICE)
    params = {"ClusterId": cluster_id}
    state = client._make_api_call("DescribeCluster", params).get("Cluster", {}).get("Status", {}).get("State")
    if state in ENDED:
        raise ClusterEndedError
    if state in STARTING:
        invocation.app.stdout.write("Waiting for the cluster to start.\n")
    try:
        client.get_waiter("cluster_running").wait_with(params)
    except WaiterError:
        raise NoMasterError from None
    name: str | None = client._make_api_call("DescribeCluster", params).get("Cluster", {}).get("MasterPublicDnsName")
    if not name:
        raise NoMasterError
    return name


def is_installed(app: App, *names: str) -> bool:
    """Whether one of the programs is in PATH."""
    folders = [folder.strip('"') for folder in app.env.get("PATH", "").split(os.pathsep)]
    paths = (os.path.join(folder, name) for folder in folders for name in names)
    return any(os.path.isfile(path) and os.access(path, os.X_OK) for path in paths)


class Tool(NamedTuple):
    """The pair of programs that do the same: OpenSSH's, and PuTTY's where that alone is there."""

    name: str
    putty: str
    missing: str  # what is said where neither is installed

    def is_openssh(self, app: App, key_file: str) -> bool:
        """Which one there is. Raises NoProgramError without any, ParamValidationError for a key PuTTY cannot read."""
        if is_installed(app, self.name, f"{self.name}.exe"):
            return True
        if not is_installed(app, f"{self.putty}.exe"):
            raise NoProgramError(self.missing)
        if not key_file.endswith("ppk"):
            raise ParamValidationError(
                f"Key file file format is incorrect. Putty expects a ppk file. Please refer to documentation at {GUIDE}"
            )
        return False


SSH = Tool("ssh", "putty", f"SSH or Putty not available. Please refer to the documentation at {GUIDE}")
SCP = Tool("scp", "pscp", f"SCP or Pscp not available. Please refer to the documentation at {GUIDE}")


def ssh_options(app: App, given: Sequence[str]) -> Words:
    """`-o` and the option, for each: those given, and how unknown hosts are met unless they say that too."""
    options = list(given)
    if not any(option.lower().startswith(f"{HOST_KEYS.lower()}=") for option in given):
        options.insert(0, f"{HOST_KEYS}={_host_keys(app)}")
    return [word for option in options for word in ("-o", option)]


def _host_keys(app: App) -> str:
    """New hosts are trusted, changed ones not; an OpenSSH that is too old to tell them apart trusts all."""
    try:
        command = ["ssh", "-G", "-o", f"{HOST_KEYS}=accept-new", "localhost"]
        done = subprocess.run(command, env=dict(app.env), capture_output=True, check=False)
        if done.returncode == 0:
            return "accept-new"
    except OSError:
        pass
    app.stderr.write(
        "WARNING: Your OpenSSH version does not support StrictHostKeyChecking=accept-new (requires OpenSSH 7.6+). "
        "Falling back to StrictHostKeyChecking=no. Upgrade to OpenSSH 7.6+ for improved security.\n"
    )
    return "no"


def _warn_of_options(app: App, given: Sequence[str]) -> None:
    if given:
        app.stderr.write(
            "WARNING: --ssh-options is only supported with OpenSSH. Options are ignored when using PuTTY/pscp.\n"
        )


def _run(app: App, words: Words) -> int:
    """Print a command line and run it, in the terminal of this process."""
    app.stdout.write(f"{' '.join(words)}\n")
    try:
        return call(words, app)
    except OSError as error:
        raise NoProgramError(str(error)) from None


def _base_name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def ssh(invocation: Invocation, values: Values) -> int:
    app, key, command = invocation.app, values["key_pair_file"], values.get("command")
    host = f"{USER}@{master(invocation, values['cluster_id'])}"
    given = values.get("ssh_options", ())
    if SSH.is_openssh(app, key):
        words = ["ssh", *ssh_options(app, given), *KEEP_ALIVE, "-i", key, host, "-t"]
        return _run(app, [*words, command] if command else words)
    _warn_of_options(app, given)
    words = ["putty", "-ssh", "-i", key, host, "-t"]
    if not command:
        return _run(app, words)
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "command")
        with open(script, "w", encoding="utf-8") as stream:
            stream.write(f"{command}{ANY_KEY}")
        return _run(app, [*words, "-m", script])


def socks(invocation: Invocation, values: Values) -> int:
    """Interrupting it is how it ends."""
    app, key = invocation.app, values["key_pair_file"]
    try:
        host = f"{USER}@{master(invocation, values['cluster_id'])}"
        given = values.get("ssh_options", ())
        if SSH.is_openssh(app, key):
            return _run(app, ["ssh", *ssh_options(app, given), *KEEP_ALIVE, "-ND", PORT, "-i", key, host])
        _warn_of_options(app, given)
        return _run(app, ["putty", "-ssh", "-i", key, host, "-N", "-D", PORT])
    except KeyboardInterrupt:
        app.stdout.write("Disabling Socks Tunnel.\n")
        return 0


def _scp(invocation: Invocation, values: Values) -> tuple[Words, str]:
    """The command line for copying as far as the key, and the host."""
    app, key = invocation.app, values["key_pair_file"]
    host = f"{USER}@{master(invocation, values['cluster_id'])}"
    given = values.get("ssh_options", ())
    if SCP.is_openssh(app, key):
        return ["scp", "-r", *ssh_options(app, given), "-i", key], host
    _warn_of_options(app, given)
    return ["pscp", "-scp", "-r", "-i", key], host


def put(invocation: Invocation, values: Values) -> int:
    words, host = _scp(invocation, values)
    target = values.get("dest") or _base_name(values["src"])
    return _run(invocation.app, [*words, values["src"], f"{host}:{target}"])


def get(invocation: Invocation, values: Values) -> int:
    words, host = _scp(invocation, values)
    target = values.get("dest") or _base_name(values["src"])
    return _run(invocation.app, [*words, f"{host}:{values['src']}", target])


_KEY = option(
    "key-pair-file",
    required=True,
    doc="The file of the private key to log in with. It may stand in the profile instead, as `emr.key_pair_file`.",
)
_OPTIONS = option(
    "ssh-options",
    nargs="+",
    doc="Further options of ssh, each as `Name=value`: what its flag `-o` takes.",
)

ssh_command = EmrCommand(
    "ssh",
    ssh,
    doc="Log in on the master node of a cluster, or run a command there.",
    arguments=(
        CLUSTER_ID,
        _KEY,
        option("command", doc="The command to run there. Without it, there is a shell."),
        _OPTIONS,
    ),
    literal=("ssh_options",),
)
socks_command = EmrCommand(
    "socks",
    socks,
    doc=f"Open a SOCKS proxy on port {PORT} of this machine that leads through the master node of a cluster.",
    arguments=(CLUSTER_ID, _KEY, _OPTIONS),
    literal=("ssh_options",),
)
put_command = EmrCommand(
    "put",
    put,
    doc="Copy a file or a folder to the master node of a cluster.",
    arguments=(
        CLUSTER_ID,
        _KEY,
        option("src", required=True, doc="The file or folder here."),
        option("dest", doc="Where it goes there. Without it, it keeps its name, in the home folder."),
        _OPTIONS,
    ),
    literal=("ssh_options",),
)
get_command = EmrCommand(
    "get",
    get,
    doc="Copy a file or a folder from the master node of a cluster.",
    arguments=(
        CLUSTER_ID,
        _KEY,
        option("src", required=True, doc="The file or folder there."),
        option("dest", doc="Where it goes here. Without it, it keeps its name, in the current folder."),
        _OPTIONS,
    ),
    literal=("ssh_options",),
)
