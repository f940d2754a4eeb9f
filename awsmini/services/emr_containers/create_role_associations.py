"""`awsmini emr-containers create-role-associations`: let the jobs' service accounts act in an IAM role."""

from collections.abc import Mapping, Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ClientError
from awsmini.services.emr_containers.accounts import (
    Account,
    account_id,
    accounts,
    arguments,
    client,
    describe,
    refuse_print_request,
)
from awsmini.services.emr_containers.answers import AssociationError, write
from awsmini.services.shared.partition import partition_of

if TYPE_CHECKING:
    from awsmini.client import Client

CONVERSIONS = "awsmini.commandline.answer:conversions"
TAKEN = "ResourceInUseException"


def run(invocation: Invocation, values: Values) -> int:
    """All associations, or after an error none; those that are there already stay as they are."""
    refuse_print_request(invocation)
    eks = client(invocation, "eks")
    own_account = account_id(describe(eks, values["cluster_name"]))
    region = eks.meta.region_name or ""
    role_arn = f"arn:{partition_of(region)}:iam::{own_account}:role/{values['role_name']}"
    conversions = resolve_name(CONVERSIONS)(invocation)
    made: list[Mapping[str, Any]] = []
    for account in accounts(values, own_account):
        which = f"service account {account.name} and role {values['role_name']} in namespace {account.namespace}"
        params = _params(values["cluster_name"], account, role_arn)
        try:
            output = eks._make_api_call("CreatePodIdentityAssociation", params, conversions)
        except ClientError as error:
            message = error.response.get("Error", {}).get("Message", "")
            if error.response.get("Error", {}).get("Code") != TAKEN:
                _roll_back(invocation, eks, made, which)
                raise AssociationError("create", which, message) from None
            invocation.app.stderr.write(
                "Skipping pod identity association creation because pod identity association already exists for "
                f"{which}: {message}\n"
            )
            continue
        made.append(output.get("association", output))
    write(invocation, made)
    return 0


def _params(cluster: str, account: Account, role_arn: str) -> dict[str, str]:
    return {
        "clusterName": cluster,
        "namespace": account.namespace,
        "roleArn": role_arn,
        "serviceAccount": account.name,
    }


def _roll_back(invocation: Invocation, eks: "Client", made: Sequence[Mapping[str, Any]], which: str) -> None:
    """Undo what was made. Each line names the account that could not be had, as in AWS CLI v2."""
    for association in made:
        invocation.app.stderr.write(f"Rolling back association for {which} as an error was encountered\n")
        params = {"clusterName": association["clusterName"], "associationId": association["associationId"]}
        eks._make_api_call("DeletePodIdentityAssociation", params)


command = HandWritten(
    "create-role-associations",
    run,
    doc="Let the service accounts that jobs of EMR on EKS run as act in an IAM role, by EKS Pod Identity. Associations "
    "that are there already are left alone; where one cannot be made, those made before it are taken back.",
    arguments=arguments("associate"),
)
