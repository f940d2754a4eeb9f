"""The commands of EMR on EKS: what the service accounts of its jobs may do, as an IAM role."""

import json
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, NamedTuple

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ClientError
from awsmini.params.arguments import flag, option
from awsmini.records import Conversions
from awsmini.services.shared.partition import partition_of
from awsmini.services.shared.several_calls import told_what_is_done
from awsmini.services.small.emr_containers_accounts import (
    Account,
    AssociationError,
    account_id,
    accounts,
    arguments,
    base36,
    client,
    describe,
    oidc_provider,
    write,
)

if TYPE_CHECKING:
    from awsmini.client import Client


CONVERSIONS = "awsmini.commandline.answer:conversions"
TAKEN = "ResourceInUseException"


def _create(invocation: Invocation, values: Values) -> int:
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


create_role_associations = HandWritten(
    "create-role-associations",
    _create,
    doc="Let the service accounts that jobs of EMR on EKS run as act in an IAM role, by EKS Pod Identity. Associations "
    "that are there already are left alone; where one cannot be made, those made before it are taken back.",
    arguments=arguments("associate"),
)


def _delete_all(invocation: Invocation, values: Values) -> int:
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


delete_role_associations = HandWritten(
    "delete-role-associations",
    _delete_all,
    doc="Take back what `create-role-associations` has made: the service accounts that jobs of EMR on EKS run as act "
    "in the IAM role no longer.",
    arguments=arguments("dissociate"),
)


def _update(invocation: Invocation, values: Values) -> int:
    eks = client(invocation, "eks")
    role_name = values["role_name"]
    cluster = describe(eks, values["cluster_name"])
    wanted = statement(cluster, values["namespace"], role_name, eks.meta.region_name or "")
    iam = client(invocation, "iam", values.get("iam_endpoint"))
    policy = iam._make_api_call("GetRole", {"RoleName": role_name})["Role"].get("AssumeRolePolicyDocument") or {}
    there = statements(policy)
    if wanted in there:
        told = f"Trust policy statement already exists for role {role_name}. No changes were made!"
    else:
        policy = {**policy, "Statement": [*there, wanted]}
        told = json.dumps(policy, indent=2)
        if not values.get("dry_run"):
            params = {"RoleName": role_name, "PolicyDocument": json.dumps(policy)}
            iam._make_api_call("UpdateAssumeRolePolicy", params)
            told = f"Successfully updated trust policy of role {role_name}"
    invocation.app.stdout.write(f"{told}\n")
    return 0


def statement(cluster: Mapping[str, Any], namespace: str, role_name: str, region: str) -> dict[str, Any]:
    """What lets the service accounts of jobs, in a namespace of a cluster, act in the role."""
    account, provider = account_id(cluster), oidc_provider(cluster)
    subject = f"system:serviceaccount:{namespace}:emr-containers-sa-*-*-{account}-{base36(role_name)}"
    return {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:{partition_of(region)}:iam::{account}:oidc-provider/{provider}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {f"{provider}:sub": subject}},
    }


def statements(policy: Mapping[str, Any]) -> list[Any]:
    """The statements of a policy. One alone may stand without a list around it."""
    found = policy.get("Statement") or []
    return list(found) if isinstance(found, list) else [found]


update_role_trust_policy = HandWritten(
    "update-role-trust-policy",
    _update,
    doc="Let an IAM role trust the service accounts that jobs of EMR on EKS run as, in one namespace of a cluster. A "
    "role that does so already is left alone.",
    arguments=(
        option("cluster-name", required=True, doc="The name of the EKS cluster."),
        option("namespace", required=True, doc="The namespace that the jobs run in."),
        option("role-name", required=True, doc="The name of the IAM role."),
        option("iam-endpoint", doc="The URL to change the role at, instead of that of IAM."),
        flag("dry-run", doc="Print the policy as it would be, and change nothing."),
    ),
    literal=("iam_endpoint",),
)
