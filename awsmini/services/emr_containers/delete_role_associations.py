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
)
from awsmini.services.emr_containers.answers import AssociationError, write
from awsmini.services.shared.several_calls import told_what_is_done

if TYPE_CHECKING:
    from awsmini.client import Client

CONVERSIONS = "awsmini.commandline.answer:conversions"


def run(invocation: Invocation, values: Values) -> int:
    eks = client(invocation, "eks")
    conversions = resolve_name(CONVERSIONS)(invocation)
    own_account = account_id(describe(eks, values["cluster_name"]))
    gone: list[Mapping[str, Any]] = []
    ids: list[str] = []
    with told_what_is_done(invocation, "Deleted already", ids):
        for account in accounts(values, own_account):
            which = f"service account {account.name} and role {values['role_name']} in namespace {account.namespace}"
            deleted = _delete(eks, values["cluster_name"], account, which, conversions)
            if deleted is None:
                invocation.app.stderr.write(f"Skipping deletion as no pod identity association found for {which}\n")
                continue
            gone.append(deleted)
            ids.append(str(deleted.get("associationId")))
    write(invocation, gone)
    return 0


def _delete(
    eks: "Client", cluster: str, account: Account, which: str, conversions: Conversions
) -> Mapping[str, Any] | None:
    """Delete the association of an account; None where it has none. Raises AssociationError."""
    params = {"clusterName": cluster, "namespace": account.namespace, "serviceAccount": account.name}
    try:
        found = eks._make_api_call("ListPodIdentityAssociations", params).get("associations")
        if not found:
            return None
        params = {"clusterName": cluster, "associationId": found[0]["associationId"]}
        output = eks._make_api_call("DeletePodIdentityAssociation", params, conversions)
    except ClientError as error:
        raise AssociationError("delete", which, error.response.get("Error", {}).get("Message", "")) from None
    association: Mapping[str, Any] = output.get("association", output)
    return association


command = HandWritten(
    "delete-role-associations",
    run,
    doc="Take back what `create-role-associations` has made: the service accounts that jobs of EMR on EKS run as act "
    "in the IAM role no longer.",
    arguments=arguments("dissociate"),
)
