"""eks: kubeconfigs and tokens."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from side_by_side import File, Scenario

ARN = "arn:aws:eks:us-west-2:111122223333:cluster/c1"
CLUSTER = {
    "name": "c1",
    "arn": ARN,
    "endpoint": "https://ABC.gr7.us-west-2.eks.amazonaws.com",
    "status": "ACTIVE",
    "certificateAuthority": {"data": "Q0E="},
}
_OK = ((200, {"cluster": CLUSTER}),)
_TWICE = (*_OK, *_OK)
_ROLE = "arn:aws:iam::111122223333:role/r"
_KEYS = {
    "AccessKeyId": "ASIAROLE",
    "SecretAccessKey": "rolesecret",
    "SessionToken": "roletoken",
    "Expiration": "2026-01-02T04:04:05Z",
}
_ASSUMED = (
    200,
    "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
    + "".join(f"<{name}>{value}</{name}>" for name, value in _KEYS.items())
    + "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
)
_REFUSED = (
    403,
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no role for you</Message></Error></ErrorResponse>",
)
NOTHING: Mapping[str, str | None] = {}
_UPDATE = "eks update-kubeconfig --name c1"
_TOKEN = "eks get-token --cluster-name c1"
_EXEC = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "spec": {"interactive": False}}
_CHECKED = "options are checked before anything is asked"
_LIST = "AWS CLI v2 crashes; a question that is odd is told and answered as others are"
_COMMENTS = "comments and the layout of what is not touched are kept"
_YAML_11 = "what kubectl would take for a boolean stays quoted"

_OLD = """\
apiVersion: v1
clusters:
- cluster:
    server: https://dev.example.com
  name: dev
contexts:
- context:
    cluster: dev
    user: me
  name: dev
current-context: dev
kind: Config
preferences: {}
users:
- name: me
  user:
    token: abc
"""
_HAS = f"""\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: b2xk
    server: https://old
  name: {ARN}
- cluster:
    server: https://dev.example.com
  name: dev
contexts:
- context:
    cluster: {ARN}
    user: {ARN}
  name: {ARN}
current-context: dev
kind: Config
preferences: {{}}
users:
- name: {ARN}
  user:
    token: old
"""
_CFG = ".kube/config"


def _cluster(**changes: object) -> tuple[tuple[int, object], ...]:
    made = {name: value for name, value in {**CLUSTER, **changes}.items() if value is not None}
    return ((200, {"cluster": made}),)


def decoded(output: str) -> str:
    """The output with each token as the URL that it is."""

    def url(found: re.Match[str]) -> str:
        text = found.group(1)
        return "TOKEN " + base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()

    return re.sub(r"k8s-aws-v1\.([A-Za-z0-9_-]+)", url, output)


def _token(name: str, line: str | list[str] = _TOKEN, env: Mapping[str, str | None] = NOTHING, **more: Any) -> Scenario:
    """A token whose URL names the server only where the server is asked, for its port is signed too."""
    if "answers" in more:
        return Scenario(
            name, (line,), decode=decoded, env=env, blur=(("Signature=[0-9a-f]{64}", "Signature=…"),), **more
        )
    return Scenario(name, (line,), decode=decoded, env={"AWS_ENDPOINT_URL": None, **env}, **more)


def _info(**fields: object) -> dict[str, str | None]:
    return {"KUBERNETES_EXEC_INFO": json.dumps({**_EXEC, **fields})}


TOKENS = (
    _token("eks token"),
    _token("eks token endpoint of sts", env={"AWS_ENDPOINT_URL": None, "AWS_ENDPOINT_URL_STS": "http://h/x"}),
    _token("eks token endpoint flag", f"{_TOKEN} --endpoint-url http://flag", env={"AWS_ENDPOINT_URL": None}),
    _token("eks token region", f"{_TOKEN} --region cn-north-1", env={"AWS_ENDPOINT_URL": None}),
    _token("eks token fips", env={"AWS_ENDPOINT_URL": None, "AWS_USE_FIPS_ENDPOINT": "true"}),
    _token("eks token session", env={"AWS_SESSION_TOKEN": "session/token+=="}),
    _token("eks token cluster id", "eks get-token --cluster-id 8d7e"),
    _token("eks token no cluster", "eks get-token"),
    _token("eks token no cluster no region", "eks get-token", env={"AWS_DEFAULT_REGION": None}),
    _token("eks token both", "eks get-token --cluster-name a --cluster-id b"),
    _token("eks token empty name", ("eks get-token --cluster-name=")),
    _token(
        "eks token role", f"{_TOKEN} --role-arn {_ROLE}", answers=(_ASSUMED,), ignore=(".aws/cli/cache/*", ".local/*")
    ),
    _token(
        "eks token role abbreviated",
        f"{_TOKEN} --role {_ROLE}",
        answers=(_ASSUMED,),
        ignore=(".aws/cli/cache/*", ".local/*"),
    ),
    _token("eks token role refused", f"{_TOKEN} --role-arn {_ROLE}", answers=(_REFUSED,)),
    _token(
        "eks token role and both", f"{_TOKEN} --cluster-id b --role-arn {_ROLE}", answers=(_ASSUMED,), differs=_CHECKED
    ),
    _token("eks token no credentials", env={"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}),
    _token("eks token no region", env={"AWS_DEFAULT_REGION": None}),
    _token("eks token unsigned", f"{_TOKEN} --no-sign-request"),
    _token("eks token yaml", f"{_TOKEN} --output yaml"),
    _token("eks token text", f"{_TOKEN} --output text"),
    _token("eks token table", f"{_TOKEN} --output table"),
    _token("eks token output of the environment", env={"AWS_DEFAULT_OUTPUT": "yaml"}),
    _token("eks token query", f"{_TOKEN} --query status.token"),
    _token("eks token query text", f"{_TOKEN} --query status.token --output text"),
    _token("eks token v1", env=_info()),
    _token("eks token v1beta1", env=_info(apiVersion="client.authentication.k8s.io/v1beta1")),
    _token("eks token v1alpha1", env=_info(apiVersion="client.authentication.k8s.io/v1alpha1")),
    _token("eks token v9", env=_info(apiVersion="client.authentication.k8s.io/v9")),
    _token("eks token no version", env={"KUBERNETES_EXEC_INFO": "{}"}),
    _token("eks token info empty", env={"KUBERNETES_EXEC_INFO": ""}),
    _token("eks token info no JSON", env={"KUBERNETES_EXEC_INFO": "{"}),
    _token("eks token info a list", env={"KUBERNETES_EXEC_INFO": "[]"}, differs=_LIST),
    _token("eks token odd name", ["eks", "get-token", "--cluster-name", "ü b"]),
    _token("eks token unknown option", f"{_TOKEN} --bogus"),
)

CONFIGS = (
    Scenario("kubeconfig new", (_UPDATE,), _OK),
    Scenario("kubeconfig new, verbose", (f"{_UPDATE} --verbose",), _OK),
    Scenario("kubeconfig new, dry run", (f"{_UPDATE} --dry-run",), _OK),
    Scenario("kubeconfig aliases", (f"{_UPDATE} --alias a --user-alias u",), _OK),
    Scenario("kubeconfig alias twice", (f"{_UPDATE} --alias a", f"{_UPDATE} --alias b"), _TWICE),
    Scenario("kubeconfig twice", (_UPDATE, _UPDATE), _TWICE),
    Scenario("kubeconfig role", (f"{_UPDATE} --role-arn {_ROLE}",), _OK),
    Scenario("kubeconfig proxy", (f"{_UPDATE} --proxy-url http://p:8080",), _OK),
    Scenario("kubeconfig assume role", (f"{_UPDATE} --assume-role-arn {_ROLE}",), (_ASSUMED, *_OK)),
    Scenario("kubeconfig assume role refused", (f"{_UPDATE} --assume-role-arn {_ROLE}",), (_REFUSED,)),
    Scenario(
        "kubeconfig region and profile",
        (f"{_UPDATE} --region eu-west-1 --profile p",),
        _OK,
        files={".aws/config": "[profile p]\naws_access_key_id=A\naws_secret_access_key=B\n"},
    ),
    Scenario(
        "kubeconfig profile of the environment",
        (_UPDATE,),
        _OK,
        env={"AWS_PROFILE": "p"},
        files={".aws/config": "[profile p]\naws_access_key_id=A\naws_secret_access_key=B\n"},
    ),
    Scenario("kubeconfig endpoint flag", (f"{_UPDATE} --endpoint-url {{url}}",), _OK, env={"AWS_ENDPOINT_URL": None}),
    Scenario("kubeconfig into a file", (f"{_UPDATE} --kubeconfig k/cfg",), _OK),
    Scenario("kubeconfig into the home", (f"{_UPDATE} --kubeconfig ~/x/cfg",), _OK),
    Scenario("kubeconfig into a folder", (f"{_UPDATE} --kubeconfig k",), _OK, files={"k/file": ""}),
    Scenario("kubeconfig beside others", (_UPDATE,), _OK, files={_CFG: _OLD}),
    Scenario("kubeconfig beside others, verbose", (f"{_UPDATE} --verbose",), _OK, files={_CFG: _OLD}),
    Scenario("kubeconfig beside others, dry run", (f"{_UPDATE} --dry-run",), _OK, files={_CFG: _OLD}),
    Scenario("kubeconfig in the place of its own", (_UPDATE,), _OK, files={_CFG: _HAS}),
    Scenario("kubeconfig in the place of its own, dry run", (f"{_UPDATE} --dry-run",), _OK, files={_CFG: _HAS}),
    Scenario("kubeconfig in the place of its own, alias", (f"{_UPDATE} --alias a",), _OK, files={_CFG: _HAS}),
    Scenario("kubeconfig private", (_UPDATE,), _OK, files={_CFG: File(_OLD, 0o600)}),
    Scenario("kubeconfig of a link", (_UPDATE,), _OK, files={"real": _OLD}, links={_CFG: "{home}/real"}),
    Scenario(
        "kubeconfig of two, first",
        (_UPDATE,),
        _OK,
        files={"a": _OLD, "b": _OLD},
        env={"KUBECONFIG": "{home}/a:{home}/b"},
    ),
    Scenario(
        "kubeconfig of two, second",
        (_UPDATE,),
        _OK,
        files={"a": _OLD, "b": _HAS},
        env={"KUBECONFIG": "{home}/a:{home}/b"},
    ),
    Scenario(
        "kubeconfig of two, first unreadable",
        (_UPDATE,),
        _OK,
        files={"a": "{", "b": _HAS},
        env={"KUBECONFIG": "{home}/a:{home}/b"},
    ),
    Scenario(
        "kubeconfig of two, first unreadable, second other",
        (_UPDATE,),
        _OK,
        files={"a": "a: [", "b": _OLD},
        env={"KUBECONFIG": "{home}/a:{home}/b"},
    ),
    Scenario(
        "kubeconfig of two, first missing", (_UPDATE,), _OK, files={"b": _OLD}, env={"KUBECONFIG": "{home}/a:{home}/b"}
    ),
    Scenario("kubeconfig variable of separators", (_UPDATE,), _OK, env={"KUBECONFIG": ":"}),
    Scenario("kubeconfig variable with empty parts", (_UPDATE,), _OK, env={"KUBECONFIG": ": :{home}/a"}),
    Scenario("kubeconfig variable and option", (f"{_UPDATE} --kubeconfig o",), _OK, env={"KUBECONFIG": "{home}/a"}),
    Scenario(
        "kubeconfig outpost",
        (_UPDATE,),
        _cluster(id="8d7e", outpostConfig={"outpostArns": ["a"], "controlPlaneInstanceType": "m5"}),
    ),
    Scenario("kubeconfig outpost with etcd", (_UPDATE,), _cluster(id="8d7e", outpostConfig={"etcdInstanceType": "m5"})),
    Scenario("kubeconfig no certificate", (_UPDATE,), _cluster(certificateAuthority=None)),
    Scenario("kubeconfig connected cluster", (_UPDATE,), _cluster(endpoint=None)),
    Scenario("kubeconfig updating", (_UPDATE,), _cluster(status="UPDATING")),
    Scenario("kubeconfig creating", (_UPDATE,), _cluster(status="CREATING")),
    Scenario("kubeconfig no status", (_UPDATE,), _cluster(status=None)),
    Scenario("kubeconfig no cluster", (_UPDATE,), ((200, {}),)),
    Scenario(
        "kubeconfig not found",
        (_UPDATE,),
        ((404, {"message": "No cluster found for name: c1."}, {"x-amzn-ErrorType": "ResourceNotFoundException"}),),
    ),
    Scenario("kubeconfig name missing", ("eks update-kubeconfig",)),
    Scenario("kubeconfig empty name", ("eks update-kubeconfig --name=",)),
    Scenario("kubeconfig unknown option", (f"{_UPDATE} --bogus x",)),
    Scenario("kubeconfig no region", (_UPDATE,), env={"AWS_DEFAULT_REGION": None}),
    Scenario("kubeconfig empty file", (_UPDATE,), _OK, files={_CFG: ""}),
    Scenario("kubeconfig of comments", (_UPDATE,), _OK, files={_CFG: "# mine\n"}, differs=_COMMENTS),
    Scenario("kubeconfig of text", (_UPDATE,), _OK, files={_CFG: "text\n"}),
    Scenario("kubeconfig of a list", (_UPDATE,), _OK, files={_CFG: "- a\n"}),
    Scenario("kubeconfig empty map", (_UPDATE,), _OK, files={_CFG: "{}\n"}),
    Scenario(
        "kubeconfig nulls",
        (_UPDATE,),
        _OK,
        files={_CFG: "apiVersion: v1\nkind: Config\nclusters: null\ncontexts:\nusers: []\ncurrent-context: ''\n"},
    ),
    Scenario("kubeconfig clusters are a map", (_UPDATE,), _OK, files={_CFG: "clusters: {}\n"}),
    Scenario("kubeconfig clusters are text", (_UPDATE,), _OK, files={_CFG: "clusters: [a]\n"}),
    Scenario("kubeconfig context is a number", (_UPDATE,), _OK, files={_CFG: "current-context: 5\n"}),
    Scenario(
        "kubeconfig cluster without name", (_UPDATE,), _OK, files={_CFG: "clusters:\n- cluster:\n    server: s\n"}
    ),
    Scenario(
        "kubeconfig broken",
        (_UPDATE,),
        _OK,
        files={_CFG: "a: [b\n"},
        blur=((r"(?s)YamlError while loading kubeconfig:.*", "YamlError"),),
    ),
    Scenario("kubeconfig no text", (_UPDATE,), _OK, files={_CFG: b"\xff\xfe\x00"}),
    Scenario(
        "kubeconfig two documents",
        (_UPDATE,),
        _OK,
        files={_CFG: _OLD + "---\na: b\n"},
        blur=((r"(?s)YamlError while loading kubeconfig:.*", "YamlError"),),
    ),
    Scenario(
        "kubeconfig with comments",
        (_UPDATE,),
        _OK,
        files={_CFG: "# mine\n" + _OLD.replace("  name: dev\n", "  name: dev  # ours\n", 1)},
        differs=_COMMENTS,
    ),
    Scenario(
        "kubeconfig in flow style",
        (_UPDATE,),
        _OK,
        files={_CFG: "{apiVersion: v1, clusters: [{cluster: {server: s}, name: dev}], contexts: [], users: []}\n"},
    ),
    Scenario(
        "kubeconfig with anchors",
        (_UPDATE,),
        _OK,
        files={_CFG: _OLD.replace("token: abc", "token: &t abc\n    again: *t")},
        differs=_COMMENTS,
    ),
    Scenario(
        "kubeconfig with booleans of old",
        (_UPDATE,),
        _OK,
        files={_CFG: _OLD.replace("name: dev\n", 'name: "no"\n', 1)},
        differs=_YAML_11,
    ),
    Scenario(
        "kubeconfig with numbers",
        (_UPDATE,),
        _OK,
        files={_CFG: _OLD.replace("token: abc", "token: 0644\n    odd: 1e3")},
        differs=_COMMENTS,
    ),
    Scenario(
        "kubeconfig with a block of text",
        (_UPDATE,),
        _OK,
        files={_CFG: _OLD.replace("token: abc", "token: |\n      l1\n      l2")},
        differs=_COMMENTS,
    ),
    Scenario(
        "kubeconfig of kubectl's own extensions",
        (_UPDATE,),
        _OK,
        files={
            _CFG: _OLD.replace(
                "  name: dev\n",
                "    extensions:\n    - extension:\n        last-update: Mon, 01 Jan 2024 00:00:00 UTC\n      name: info\n  name: dev\n",
                1,
            )
        },
    ),
    Scenario("kubeconfig of long text", (_UPDATE,), _cluster(certificateAuthority={"data": "QUJD" * 100})),
    Scenario("kubeconfig alias that needs quotes", ((*_UPDATE.split(), "--alias", "a: b"),), _OK),
    Scenario("kubeconfig alias that is no text", ((*_UPDATE.split(), "--alias", "true"),), _OK),
    Scenario("kubeconfig alias that is a number", ((*_UPDATE.split(), "--alias", "1_000"),), _OK),
    Scenario("kubeconfig alias yes", ((*_UPDATE.split(), "--alias", "yes"),), _OK, differs=_YAML_11),
    Scenario("kubeconfig alias of other letters", ((*_UPDATE.split(), "--alias", "größe ☃"),), _OK),
    Scenario("kubeconfig alias empty", ((*_UPDATE.split(), "--alias", ""),), _OK),
)

SCENARIOS = (*TOKENS, *CONFIGS)
