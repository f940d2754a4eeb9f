"""`awsmini emr-containers update-role-trust-policy`: let an IAM role trust the jobs' service accounts."""

import json
from collections.abc import Mapping
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.params.arguments import flag, option
from awsmini.services.emr_containers.accounts import (
    account_id,
    base36,
    client,
    describe,
    oidc_provider,
)
from awsmini.services.shared.partition import partition_of


def run(invocation: Invocation, values: Values) -> int:
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


command = HandWritten(
    "update-role-trust-policy",
    run,
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
