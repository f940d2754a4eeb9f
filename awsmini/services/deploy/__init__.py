"""CodeDeploy: where a revision is, in single options."""

from awsmini.services.record import Operation, Service

_REVISION = Operation(arguments="awsmini.services.deploy.revisions:revision_locations")

SERVICE = Service(
    operations={
        "CreateDeployment": _REVISION,
        "GetApplicationRevision": _REVISION,
        "RegisterApplicationRevision": _REVISION,
    },
)
