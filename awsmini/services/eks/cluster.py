"""What a kubeconfig says of an EKS cluster. Pure."""

import shutil
from collections.abc import Mapping
from typing import Any

from awsmini.errors import AwsminiError

EXEC_VERSION = "client.authentication.k8s.io/v1beta1"  # with v1, kubectl wants to be told of an interactive mode
PROGRAMS = ("aws", "awsmini")  # either gets the token: the first that is in the path

Entry = dict[str, Any]


class ClusterError(AwsminiError):
    """The cluster is not there, or not ready."""


def described(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The cluster of an answer. Raises ClusterError for one that nobody can log in to yet."""
    cluster: dict[str, Any] = answer.get("cluster") or {}
    if "status" not in cluster:
        raise ClusterError("Cluster not found")
    if cluster["status"] not in ("ACTIVE", "UPDATING"):
        raise ClusterError(f"Cluster status is {cluster['status']}")
    if "arn" not in cluster:
        raise ClusterError("Invalid service response to DescribeCluster: it has no arn")
    return cluster


def cluster_entry(cluster: Mapping[str, Any], proxy_url: str | None) -> Entry:
    """Where the cluster is, and the certificate that vouches for it."""
    certificate = (cluster.get("certificateAuthority") or {}).get("data", "")
    where: Entry = {"certificate-authority-data": certificate, "server": cluster.get("endpoint")}
    if proxy_url is not None:
        where["proxy-url"] = proxy_url
    return {"cluster": where, "name": cluster["arn"]}


def user_entry(
    cluster: Mapping[str, Any], values: Mapping[str, Any], profile: str | None, env: Mapping[str, str]
) -> Entry:
    """The program that kubectl runs for a token."""
    region = cluster["arn"].split(":")[3]
    args = ["--region", region, "eks", "get-token", *_identification(cluster, values["name"]), "--output", "json"]
    if values.get("role_arn") is not None:
        args += ["--role", values["role_arn"]]
    program: Entry = {"apiVersion": EXEC_VERSION, "args": args, "command": _program(env)}
    if profile:
        program["env"] = [{"name": "AWS_PROFILE", "value": profile}]
    return {"name": values.get("user_alias") or cluster["arn"], "user": {"exec": program}}


def context_entry(cluster: Entry, user: Entry, alias: str | None) -> Entry:
    """The pair of both."""
    return {"context": {"cluster": cluster["name"], "user": user["name"]}, "name": alias or user["name"]}


def _identification(cluster: Mapping[str, Any], name: str) -> tuple[str, Any]:
    """A local cluster on an Outpost is known by its ID."""
    outpost = cluster.get("outpostConfig")
    if outpost is None or outpost.get("etcdInstanceType") is not None:
        return "--cluster-name", name
    return "--cluster-id", cluster.get("id")


def _program(env: Mapping[str, str]) -> str:
    """The program that answers to `eks get-token`: as AWS CLI v2 writes it, unless this is the only one there."""
    return next((name for name in PROGRAMS if shutil.which(name, path=env.get("PATH"))), PROGRAMS[-1])
