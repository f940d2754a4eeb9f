"""`awsmini lightsail push-container-image`: done by a plugin, which is told all on its stdin.

The plugin is a program of its own, `lightsailctl`, that a user installs.
"""

import json
import subprocess
from typing import Any

from awsmini.commandline.globals import timeout
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import option
from awsmini.services.shared.session_manager_plugin import signals_left_alone
from awsmini.version import __version__

PLUGIN = ("lightsailctl", "--plugin", "--input-stdin")
INPUT_VERSION = "1"


class PluginError(AwsminiError):
    """The plugin is not there, or failed."""


def _run(invocation: Invocation, values: Values) -> int:
    app = invocation.app
    told = json.dumps(_told(invocation, values)).encode()
    app.stdout.flush()
    try:
        with signals_left_alone():
            done = subprocess.run(PLUGIN, input=told, env=dict(app.env), check=False)
    except FileNotFoundError:
        raise PluginError(
            "The Lightsail Control (lightsailctl) plugin was not found. To download and install it, see "
            "https://lightsail.aws.amazon.com/ls/docs/en_us/articles/amazon-lightsail-install-software"
        ) from None
    if done.returncode:
        raise PluginError(f"Command '{list(PLUGIN)}' returned non-zero exit status {done.returncode}.")
    return 0


def _told(invocation: Invocation, values: Values) -> dict[str, Any]:
    """What the plugin is to do, and how it is to call."""
    payload = {"service": values["service_name"], "image": values["image"], "label": values["label"]}
    return {
        "inputVersion": INPUT_VERSION,
        "operation": "PushContainerImage",
        "payload": payload,
        "configuration": _configuration(invocation),
    }


def _configuration(invocation: Invocation) -> dict[str, Any]:
    flags, settings = invocation.flags, invocation.settings
    verify = flags.get("verify_ssl", True)
    given = {
        "debug": bool(flags.get("debug")),
        "endpoint": flags.get("endpoint_url"),
        "doNotVerifySSL": (False if flags.get("ca_bundle") else None) if verify else True,
        "paginate": flags.get("paginate", True),
        "output": flags.get("output"),
        "query": flags.get("query"),
        "profile": settings.value("profile"),
        "region": settings.value("region"),
        "doNotSignRequest": not flags.get("sign_request", True),
        "caBundle": settings.value("ca_bundle"),
        "readTimeout": timeout(flags.get("cli_read_timeout")),
        "connectTimeout": timeout(flags.get("cli_connect_timeout")),
        "cliBinaryFormat": flags.get("cli_binary_format"),
        "cliVersion": __version__,
    }
    return {name: value for name, value in given.items() if value is not None}


command = HandWritten(
    "push-container-image",
    _run,
    doc="Push a container image from this machine to a container service, by the plugin lightsailctl.",
    arguments=(
        option("service-name", required=True, doc="The container service that gets the image."),
        option("image", required=True, doc="The image on this machine, by its name."),
        option("label", required=True, doc="What the image is to be called in the service."),
    ),
)
