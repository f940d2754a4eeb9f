"""`awsmini deploy uninstall`."""

import os
from contextlib import suppress

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.services.deploy.agent import remove, stop, this_system
from awsmini.services.deploy.on_premises import region_of, told_to_do_it_by_hand


def run(invocation: Invocation, values: Values) -> int:
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


command = HandWritten(
    "uninstall",
    run,
    doc="Remove the CodeDeploy agent and its configuration from this machine, an on-premises instance.",
)
