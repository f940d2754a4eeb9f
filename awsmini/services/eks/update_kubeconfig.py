"""`awsmini eks update-kubeconfig`: a cluster, a user and a context for kubectl."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.app import App
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.config.locks import lock
from awsmini.log import debug
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import flag, option
from awsmini.services.eks.cluster import cluster_entry, context_entry, described, user_entry
from awsmini.services.eks.kubeconfig import Kubeconfig, KubeconfigError, added, dump, parse
from awsmini.services.eks.roles import assume
from awsmini.system.atomic import refuse_pipe, rewrite
from awsmini.system.user_dirs import expand

DEFAULT_PATH = "~/.kube/config"
ROLE_SESSION = "EKSDescribeClusterSession"


def run(invocation: Invocation, values: Values) -> int:
    """Ask for the cluster, then edit the file; with --dry-run, print what it would be."""
    app = invocation.app
    cluster = _describe(invocation, values)
    profile = invocation.settings.profile_name
    entries = {
        "clusters": cluster_entry(cluster, values.get("proxy_url")),
        "users": user_entry(cluster, values, profile, app.env),
    }
    entries["contexts"] = context_entry(entries["clusters"], entries["users"], values.get("alias"))
    context = entries["contexts"]["name"]
    paths = candidates(app.env, values.get("kubeconfig"))
    file = choose(paths, entries["clusters"]["name"])
    if values.get("dry_run"):
        app.stdout.write(added(file, entries, context))
        return 0
    known = _write(app, file.path, entries, context)
    app.stdout.write(
        f"Updated context {context} in {file.path}\n" if known else f"Added new context {context} to {file.path}\n"
    )
    if values.get("verbose"):
        shown = "".join(f"{dump(entries[key])}\n" for key in ("contexts", "users", "clusters"))
        app.stdout.write(f"Entries:\n\n{shown}")
    return 0


def candidates(env: Mapping[str, str], given: str | None) -> list[str]:
    """The files that may hold the cluster, the first being the one for a new cluster."""
    if given is not None:
        return [_absolute(given, env)]
    named = [part for part in env.get("KUBECONFIG", "").split(os.pathsep) if part.strip()]
    return [_absolute(part, env) for part in named or [DEFAULT_PATH]]


def choose(paths: Sequence[str], cluster_name: str) -> Kubeconfig:
    """The first file that has the cluster, or the first of all. Raises KubeconfigError."""
    for path in paths:
        try:
            file = load(path)
        except KubeconfigError as error:
            debug("services.eks", "Passing %s: %s", path, error)
            continue
        if file.has_cluster(cluster_name):
            return file
    return load(paths[0])


def load(path: str) -> Kubeconfig:
    """The file, empty where there is none. Raises KubeconfigError."""
    try:
        refuse_pipe(path)
        with open(path, encoding="utf-8", newline="") as stream:
            text = stream.read()
    except FileNotFoundError:
        return Kubeconfig(path, "", None)
    except OSError as error:
        raise KubeconfigError(f"Can't open kubeconfig for reading: {error}") from None
    except UnicodeDecodeError as error:
        raise KubeconfigError(str(error)) from None
    return parse(text, path)


def _absolute(path: str, env: Mapping[str, str]) -> str:
    return os.path.abspath(expand(path, env) if path.startswith("~") else path)


def _describe(invocation: Invocation, values: Values) -> dict[str, Any]:
    """The cluster, as the service or the assumed role sees it."""
    session = invocation.session
    role_arn = values.get("assume_role_arn")
    credentials = assume(invocation, role_arn, ROLE_SESSION) if role_arn else None
    client = session.client_for(ServiceModel(session.models.lines("eks")), credentials=credentials)
    return described(client._make_api_call("DescribeCluster", {"name": values["name"]}))


def _write(app: App, path: str, entries: Mapping[str, Mapping[str, Any]], context: str) -> bool:
    """Edit the file, under the lock that kubectl takes too; whether the cluster was in it before."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    except OSError as error:
        raise KubeconfigError(f"Can't create directory for writing: {error}") from None
    with lock(f"{path}.lock", app.sleep):
        file = load(path)
        text = added(file, entries, context)
        try:
            rewrite(path, text.encode())
        except OSError as error:
            raise KubeconfigError(f"Can't open kubeconfig for writing: {error}") from None
    return file.has_cluster(entries["clusters"]["name"])


command = HandWritten(
    "update-kubeconfig",
    run,
    doc="Write an EKS cluster to a kubeconfig file, with a user and a context, and make that the current context: "
    "kubectl then speaks to the cluster, and asks `eks get-token` for its password.\n\n"
    "The file is the one of --kubeconfig; else, of those that the variable KUBECONFIG names, the one that has the "
    "cluster, or the first; else ~/.kube/config. Entries of the same names are replaced, the rest stays as it is, with "
    "its comments. A new file can be read by you alone.",
    arguments=(
        option("name", required=True, doc="The name of the cluster."),
        option("kubeconfig", doc="The file to write to."),
        option("role-arn", doc="The role that kubectl is to assume to log in to the cluster."),
        option("proxy-url", doc="The proxy that kubectl is to reach the cluster through."),
        flag("dry-run", doc="Print what the file would be, and write nothing."),
        flag("verbose", doc="Print the entries that were written."),
        option("alias", doc="The name of the context, in the place of the cluster's ARN."),
        option("user-alias", doc="The name of the user, in the place of the cluster's ARN."),
        option("assume-role-arn", doc="A role to assume for asking EKS about the cluster: one of another account."),
    ),
)
