"""How one request is signed: the choice between the model's traits, the endpoint's `authSchemes` and the user.

In order: a user who does not want signatures; an operation that takes none; the endpoint's own list; the
operation's traits; the service's. (AWS CLI v2's order, which it spreads over its client and its handlers.)
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from awsmini.config.builtins import EndpointSettings, signing_region
from awsmini.errors import AwsminiError, NoRegionError
from awsmini.model.shapes import OperationModel, ServiceModel
from awsmini.records import Endpoint, Scope

# Names of schemes in models and rules (what follows the `#`) and in `auth_scheme_preference`.
_SCHEMES = {
    "sigv4": "v4",
    "sigv4a": "v4a",
    "sigv4-s3express": "s3express",
    "httpBearerAuth": "bearer",
    "noAuth": "none",
}
# Names in `authtype`, `signatureVersion` and the config file's `signature_version`.
_VERSIONS = {"v2": "v2", "v4": "v4", "v4-unsigned-body": "v4", "v4a": "v4a", "s3": "v4", "s3v4": "v4", "bearer": "bearer",
             "none": "none"}  # fmt: skip
_S3_PREFIXES = ("s3", "s3-control")  # whose paths are signed as sent, whatever name is signed for
_UNSIGNED = Scope(auth="none")


class UnknownSignatureError(AwsminiError):
    """None of the ways of signing that are asked for is known here."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(f"Unknown Signature Version: {', '.join(names)}.")


def choose_scope(operation: OperationModel, endpoint: Endpoint, settings: EndpointSettings) -> Scope:
    """The scheme, region and service name that one request to `endpoint` is signed with.

    Raises NoRegionError where a signature needs a region and there is none, and UnknownSignatureError.
    """
    traits: Sequence[str] = operation.traits.get("auth") or ()
    if not settings.sign or operation.auth_type == "none" or "smithy.api#noAuth" in traits:
        return _UNSIGNED
    service = operation.service_model
    scheme = _endpoint_scheme(endpoint.properties.get("authSchemes") or (), settings)
    if scheme:
        auth = _SCHEMES[scheme["name"]]
    elif traits:
        auth = _preferred(traits, settings)
    elif operation.auth_type:
        auth = _version(operation.auth_type)
    else:
        auth = _service_auth(service, settings)
    if auth in ("none", "bearer"):
        return Scope(auth=auth)
    return _signed(auth, scheme, operation, settings)


def bearer_variable(service: ServiceModel) -> str | None:
    """The environment variable whose token a service prefers to signatures; None where there is no such thing."""
    return "AWS_BEARER_TOKEN_BEDROCK" if service.signing_name == "bedrock" else None


def _signed(auth: str, scheme: Mapping[str, Any], operation: OperationModel, settings: EndpointSettings) -> Scope:
    service = operation.service_model
    name = scheme.get("signingName") or _signing_name(service)
    region = scheme.get("signingRegion") or ",".join(scheme.get("signingRegionSet", ()))
    if auth == "v4a":
        region = settings.sigv4a_region_set or region or "*"
    region = region or signing_region(service.endpoint_prefix, settings)
    if region is None:
        raise NoRegionError
    if service.endpoint_prefix not in _S3_PREFIXES:
        return Scope(auth=auth, region=region, service=name, unsigned_payload=operation.unsigned_payload)
    return Scope(
        auth="s3v4" if auth == "v4" else auth,
        region=region,
        service=name,
        double_encode=False,
        unsigned_payload=settings.payload_signing is False,
        unsigned_stream=settings.payload_signing is None and operation.has_streaming_input,
    )


def _signing_name(service: ServiceModel) -> str:
    """The service's name in signatures, where the endpoint does not give one."""
    return "IngestionService" if service.endpoint_prefix == "importexport" else service.signing_name


def _endpoint_scheme(schemes: Sequence[Mapping[str, Any]], settings: EndpointSettings) -> Mapping[str, Any]:
    """Of an endpoint's schemes the one to use, under its plain name; an empty one where it has none."""
    if not schemes:
        return {}
    by_name = {scheme["name"].rpartition("#")[2]: scheme for scheme in schemes}
    name = _first_known(_ordered(by_name, settings))
    return {**by_name[name], "name": name}


def _preferred(auth_traits: Sequence[str], settings: EndpointSettings) -> str:
    """Of the schemes of an `auth` trait the one to use."""
    return _SCHEMES[_first_known(_ordered([trait.rpartition("#")[2] for trait in auth_traits], settings))]


def _ordered(names: Iterable[str], settings: EndpointSettings) -> list[str]:
    """The names, those first that the user prefers."""
    wanted = [name.strip() for name in (settings.auth_scheme_preference or "").split(",")]
    offered = list(names)
    return [*(name for name in wanted if name in offered), *offered]


def _first_known(names: Sequence[str]) -> str:
    """The first scheme known here."""
    known = next((name for name in names if name in _SCHEMES), None)
    if known is None:
        raise UnknownSignatureError(names)
    return known


def _service_auth(service: ServiceModel, settings: EndpointSettings) -> str:
    """The scheme of a service whose endpoint and operation name none."""
    traits: Sequence[str] = service.metadata.get("auth") or ()
    if settings.has_bearer_token and bearer_variable(service) and "smithy.api#httpBearerAuth" in traits:
        return "bearer"
    if traits and settings.auth_scheme_preference:
        return _preferred(traits, settings)
    if settings.signature_version:
        return _version(settings.signature_version)
    if service.endpoint_prefix in (*_S3_PREFIXES, "importexport"):
        return "v4"  # the models of s3 and importexport still name older ones
    return _preferred(traits, settings) if traits else _version(service.signature_version)


def _version(name: str) -> str:
    if name not in _VERSIONS:
        raise UnknownSignatureError([name])
    return _VERSIONS[name]
