"""`awsmini emr-containers delete-role-associations`: the jobs' service accounts act in an IAM role no longer."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ClientError
from awsmini.records import Conversions
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

if TYPE_CHECKING:
    from awsmini.client import Client

CONVERSIONS = "awsmini.commandline.answer:conversions"


def run(invocation: Invocation, values: Values) -> int:
    refuse_print_request(invocation)
    eks = client(invocation, "eks")
    cluster_name = values["cluster_name"]
    conversions = resolve_name(CONVERSIONS)(invocation)
    gone: list[Mapping[str, Any]] = []
    for account in accounts(values, account_id(describe(eks, cluster_name))):
        which = f"service account {account.name} and role {values['role_name']} in namespace {account.namespace}"
        try:
            deleted = _delete(eks, cluster_name, account, conversions)
        except ClientError as error:
            if gone:
                ids = ", ".join(str(each.get("associationId")) for each in gone)
                invocation.app.stderr.write(f"Deleted already: {ids}.\n")
            raise AssociationError("delete", which, error.response.get("Error", {}).get("Message", "")) from None
        if deleted is None:
            invocation.app.stderr.write(f"Skipping deletion as no pod identity association found for {which}\n")
        else:
            gone.append(deleted)
    write(invocation, gone)
    return 0


def _delete(eks: "Client", cluster: str, account: Account, conversions: Conversions) -> Mapping[str, Any] | None:
    """Delete the association of an account; None where it has none. Raises ClientError."""
    params = {"clusterName": cluster, "namespace": account.namespace, "serviceAccount": account.name}
    found = eks._make_api_call("ListPodIdentityAssociations", params).get("associations")
    if not found:
        return None
    params = {"clusterName": cluster, "associationId": found[0]["associationId"]}
    output = eks._make_api_call("DeletePodIdentityAssociation", params, conversions)
    association: Mapping[str, Any] = output.get("association", output)
    return association


command = HandWritten(
    "delete-role-associations",
    run,
    doc="Take back what `create-role-associations` has made: the service accounts that jobs of EMR on EKS run as act "
    "in the IAM role no longer.",
    arguments=arguments("dissociate"),
)
