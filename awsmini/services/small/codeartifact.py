"""`awsmini codeartifact login`: a package tool is made to use a repository, with a token that is good for a while."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ResponseParseError
from awsmini.params.arguments import flag, option
from awsmini.services.shared.numbers import whole_number
from awsmini.services.small.codeartifact_tools import Login, LoginError


class Tool(NamedTuple):
    """A tool: the format of the packages it takes, and what logs it in."""

    package_format: str
    login: str  # Callable[[Login], None]
    takes_namespace: bool = False


TOOLS = {
    "swift": Tool("swift", "awsmini.services.small.codeartifact_tools:login_swift", takes_namespace=True),
    "nuget": Tool("nuget", "awsmini.services.small.codeartifact_tools:login_nuget"),
    "dotnet": Tool("nuget", "awsmini.services.small.codeartifact_tools:login_dotnet"),
    "npm": Tool("npm", "awsmini.services.small.codeartifact_tools:login_npm", takes_namespace=True),
    "pip": Tool("pypi", "awsmini.services.small.codeartifact_tools:login_pip"),
    "twine": Tool("pypi", "awsmini.services.small.codeartifact_tools:login_twine"),
}


def run(invocation: Invocation, values: Values) -> int:
    """Ask for a token and for the repository's endpoint, and hand both to the tool."""
    client = invocation.session.client("codeartifact")
    answer = client._make_api_call("GetAuthorizationToken", _token_params(values))
    tool = TOOLS[values["tool"]]
    found = client._make_api_call("GetRepositoryEndpoint", _endpoint_params(values, tool))
    if values.get("namespace") and not tool.takes_namespace:
        raise LoginError(f"Argument --namespace is not supported for {values['tool']}")
    login = Login(
        app=invocation.app,
        token=_member(answer, "authorizationToken", "GetAuthorizationToken"),
        expires=_member(answer, "expiration", "GetAuthorizationToken"),
        endpoint=_member(found, "repositoryEndpoint", "GetRepositoryEndpoint"),
        domain=values["domain"],
        repository=values["repository"],
        namespace=values.get("namespace"),
        dry_run=values.get("dry_run", False),
    )
    resolve_name(tool.login)(login)
    return 0


def _token_params(values: Values) -> dict[str, Any]:
    params: dict[str, Any] = {"domain": values["domain"]}
    if values.get("domain_owner"):
        params["domainOwner"] = values["domain_owner"]
    seconds = whole_number(values.get("duration_seconds", "0"))
    if seconds:
        params["durationSeconds"] = seconds
    return params


def _endpoint_params(values: Values, tool: Tool) -> dict[str, Any]:
    params = {"domain": values["domain"], "repository": values["repository"], "format": tool.package_format}
    if values.get("endpoint_type"):
        params["endpointType"] = values["endpoint_type"]
    if values.get("domain_owner"):
        params["domainOwner"] = values["domain_owner"]
    return params


def _member(answer: Mapping[str, Any], name: str, operation: str) -> Any:
    if name not in answer:
        raise ResponseParseError(f"Invalid service response to {operation}: it has no {name}")
    return answer[name]


command = HandWritten(
    "login",
    run,
    doc="Make a package tool use a repository of CodeArtifact: its address and a token for it are written to the "
    "tool's own configuration. The token is good for 12 hours at most; then log in again.",
    arguments=(
        option("tool", required=True, choices=tuple(TOOLS), doc="The tool."),
        option("domain", required=True, doc="The name of the domain."),
        option("domain-owner", doc="The account that the domain belongs to."),
        option(
            "namespace", doc="The namespace that the tool is to have from this repository: a scope of npm or swift."
        ),
        option("duration-seconds", doc="For how many seconds the token is good."),
        option("repository", required=True, doc="The name of the repository."),
        option("endpoint-type", doc="The type of endpoint that the tool is to speak to: dualstack or ipv4."),
        flag(
            "dry-run",
            doc="Print the commands that would be run, and run none. The token is in what is printed, in clear text.",
        ),
    ),
)
