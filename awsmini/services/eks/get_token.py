"""`awsmini eks get-token`: what kubectl asks for before it speaks to a cluster.

The token is a presigned URL of `sts get-caller-identity` that names the cluster in a header. The cluster asks STS
with it who is there. To make one sends nothing, unless a role is to be assumed first: then the token is kept.
"""

import base64
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from awsmini.app import App
from awsmini.commandline.answer import show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.records import Credentials
from awsmini.services.eks.roles import assume
from awsmini.services.eks.token_cache import TokenCache
from awsmini.services.shared.exclusive_options import check_exclusive

PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"
URL_SECONDS = 60
LIFE = timedelta(minutes=14)  # clusters take a token for 15 minutes
VERSIONS = tuple(f"client.authentication.k8s.io/{version}" for version in ("v1", "v1beta1"))
OLD_VERSION = "client.authentication.k8s.io/v1alpha1"
DEFAULT_VERSION = VERSIONS[1]
ROLE_SESSION = "EKSGetTokenAuth"
_NO_CLUSTER = "Either parameter --cluster-name or --cluster-id must be specified.\n"


class Token(NamedTuple):
    """A token, and when it is to be replaced."""

    text: str
    expires: datetime


def run(invocation: Invocation, values: Values) -> int:
    """Print the token as an ExecCredential."""
    table = {argument.cli_name: argument for argument in command.arguments}
    check_exclusive(values, table, ("cluster_name",), ("cluster_id",))
    cluster = values.get("cluster_id") or values.get("cluster_name")
    if not cluster:
        invocation.app.stderr.write(_NO_CLUSTER)
        return 1
    token = make_token(invocation, cluster, values.get("role_arn"))
    credential = {
        "kind": "ExecCredential",
        "apiVersion": api_version(invocation.app),
        "spec": {},
        "status": {"expirationTimestamp": f"{token.expires:%Y-%m-%dT%H:%M:%SZ}", "token": token.text},
    }
    show_value(invocation, "get-token", credential, empty_line=True)
    return 0


def make_token(invocation: Invocation, cluster: str, role_arn: str | None) -> Token:
    """A token of the session's credentials, or of a role: of that, the one that was made before, while it is young."""
    if role_arn is None:
        return _sign(invocation, cluster, None)
    if not invocation.flags.get("sign_request", True):  # nobody in particular asks
        return _sign(invocation, cluster, assume(invocation, role_arn, ROLE_SESSION))
    cache = TokenCache(invocation, cluster, role_arn)
    with cache.lock():
        kept = cache.read()
        if kept is not None:
            return Token(*kept)
        token = _sign(invocation, cluster, assume(invocation, role_arn, ROLE_SESSION))
        cache.write(*token)
    return token


def api_version(app: App) -> str:
    """The version that the client asks to be answered in. What is odd about the question is said on stderr."""
    asked = app.env.get("KUBERNETES_EXEC_INFO", "")
    if not asked:
        return DEFAULT_VERSION
    try:
        info = json.loads(asked)
    except ValueError:
        app.stderr.write(
            f"Error parsing KUBERNETES_EXEC_INFO, defaulting to {DEFAULT_VERSION}. This is likely a bug in your "
            "Kubernetes client. Please update your Kubernetes client.\n"
        )
        return DEFAULT_VERSION
    version = info.get("apiVersion") if isinstance(info, dict) else None
    if version in VERSIONS:
        return str(version)
    if version == OLD_VERSION:
        app.stderr.write(
            f"Kubeconfig user entry is using deprecated API version {OLD_VERSION}. Run 'awsmini eks update-kubeconfig' "
            "to update.\n"
        )
        return OLD_VERSION
    app.stderr.write(
        f"Unrecognized API version in KUBERNETES_EXEC_INFO, defaulting to {DEFAULT_VERSION}. This is likely due to "
        "an outdated AWS CLI. Please update your AWS CLI.\n"
    )
    return DEFAULT_VERSION


def _sign(invocation: Invocation, cluster: str, credentials: Credentials | None) -> Token:
    """A new token. --endpoint-url is the cluster's service, not STS."""
    session = invocation.session
    client = session.client_for(
        ServiceModel(session.models.lines("sts")),
        credentials=credentials,
        headers={CLUSTER_HEADER: cluster},
        endpoint_flag=False,
    )
    url = client.generate_presigned_url("get_caller_identity", ExpiresIn=URL_SECONDS, HttpMethod="GET")
    text = PREFIX + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
    return Token(text, invocation.app.now() + LIFE)


command = HandWritten(
    "get-token",
    run,
    doc="Print a token that logs in to an EKS cluster, in the form that kubectl reads from a program: what "
    "`eks update-kubeconfig` lets it run. Where a role is to be assumed, the token is kept for some minutes (in a file "
    "that only you can read), so that STS is not asked each time.",
    arguments=(
        option("cluster-name", doc="The name of the cluster. Not for a local cluster on AWS Outposts."),
        option("role-arn", doc="A role to assume: the token is then in its name."),
        option("cluster-id", doc="The ID of the cluster: for a local cluster on AWS Outposts."),
    ),
)
