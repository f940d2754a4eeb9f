"""CodeDeploy: where a revision is, in single options; revisions pushed; machines of one's own registered."""

from awsmini.services.record import Operation, Service

_REVISION = Operation(arguments="awsmini.services.deploy.revisions:revision_locations")

SERVICE = Service(
    commands={
        "deregister": "awsmini.services.deploy.deregister:command",
        "install": "awsmini.services.deploy.install:command",
        "push": "awsmini.services.deploy.push:command",
        "register": "awsmini.services.deploy.register:command",
        "uninstall": "awsmini.services.deploy.uninstall:command",
    },
    operations={
        "CreateDeployment": _REVISION,
        "GetApplicationRevision": _REVISION,
        "RegisterApplicationRevision": _REVISION,
    },
)
