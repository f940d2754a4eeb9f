"""`awsmini emr-containers create-role-associations`: let the jobs' service accounts act in an IAM role."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

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
)
from awsmini.services.emr_containers.answers import AssociationError, write
from awsmini.services.shared.partition import partition_of
from awsmini.services.shared.several_calls import told_what_is_done

if TYPE_CHECKING:
    from awsmini.client import Client

CONVERSIONS = "awsmini.commandline.answer:conversions"
TAKEN = "ResourceInUseException"


def run(invocation: Invocation, values: Values) -> int:
    """All associations, or after an error none; those that are there already stay as they are."""
    eks = client(invocation, "eks")
    own_account = account_id(describe(eks, values["cluster_name"]))
    role_arn = f"arn:{partition_of(eks.meta.region_name or '')}:iam::{own_account}:role/{values['role_name']}"
    maker = _Maker(invocation, eks, values["cluster_name"], values["role_name"], role_arn, [])
    made = [association for each in accounts(values, own_account) if (association := maker.make(each))]
    write(invocation, made)
    return 0


class _Maker(NamedTuple):
    """What associations are made with. `made` holds the IDs of those that are there because of it."""

    invocation: Invocation
    eks: "Client"
    cluster: str
    role: str
    role_arn: str
    made: list[str]

    def make(self, account: Account) -> Mapping[str, Any] | None:
        """The association of an account; None where it has one. After an error, all are taken back."""
        which = f"service account {account.name} and role {self.role} in namespace {account.namespace}"
        params = {
            "clusterName": self.cluster,
            "namespace": account.namespace,
            "roleArn": self.role_arn,
            "serviceAccount": account.name,
        }
        conversions = resolve_name(CONVERSIONS)(self.invocation)
        with told_what_is_done(self.invocation, "Made, and still there", self.made):
            try:
                output = self.eks._make_api_call("CreatePodIdentityAssociation", params, conversions)
            except ClientError as error:
                message = error.response.get("Error", {}).get("Message", "")
                if error.response.get("Error", {}).get("Code") != TAKEN:
                    self._take_back(which)
                    raise AssociationError("create", which, message) from None
                self.invocation.app.stderr.write(
                    "Skipping pod identity association creation because pod identity association already exists for "
                    f"{which}: {message}\n"
                )
                return None
        association: Mapping[str, Any] = output.get("association", output)
        self.made.append(str(association.get("associationId")))
        return association

    def _take_back(self, which: str) -> None:
        """Undo what was made. Each line names the account that could not be had, as in AWS CLI v2."""
        while self.made:
            self.invocation.app.stderr.write(f"Rolling back association for {which} as an error was encountered\n")
            params = {"clusterName": self.cluster, "associationId": self.made[0]}
            self.eks._make_api_call("DeletePodIdentityAssociation", params)
            del self.made[0]


command = HandWritten(
    "create-role-associations",
    run,
    doc="Let the service accounts that jobs of EMR on EKS run as act in an IAM role, by EKS Pod Identity. Associations "
    "that are there already are left alone; where one cannot be made, those made before it are taken back.",
    arguments=arguments("associate"),
)
