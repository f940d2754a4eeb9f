"""From settings to what the endpoint rules call built-ins: the region, FIPS, dual-stack, the account, S3's switches.

Rules of AWS CLI v2: STS is always regional, S3 has no global endpoint, and a custom endpoint turns FIPS and
dual-stack off and path style on.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from awsmini.config.regions import check_region, split_fips
from awsmini.config.rules import is_valid_host_label
from awsmini.errors import EndpointError, NoRegionError
from awsmini.model.shapes import OperationModel, ServiceModel

# Services with one endpoint for the whole partition `aws`, by endpoint prefix: they need no region.
# (`partitionEndpoint` in botocore's endpoints.json; a test compares.)
GLOBAL_PREFIXES = frozenset({
    "account", "billingconductor", "budgets", "ce", "chime", "cloudfront", "codecatalyst", "health", "iam",
    "importexport", "networkmanager", "notifications-contacts", "organizations", "route53", "s3", "savingsplans",
    "shield", "sts", "support", "tax", "waf",
})  # fmt: skip


class EndpointSettings(NamedTuple):
    """What a user can say about where requests go and how they are signed. Booleans are read already.

    Name the fields when making one. (A tuple is made a millisecond sooner at start-up than a dataclass.)
    """

    region: str | None = None
    endpoint_url: str | None = None  # from `Settings.endpoint_url`
    use_fips: bool = False  # use_fips_endpoint
    use_dualstack: bool = False  # use_dualstack_endpoint
    account_id: Callable[[], str | None] | None = None  # asked only where the rules want it: it costs credentials
    account_id_mode: str = "preferred"  # account_id_endpoint_mode: preferred, required, disabled
    inject_host_prefix: bool = True  # not disable_host_prefix_injection

    sign: bool = True  # False: --no-sign-request
    signature_version: str | None = None  # `signature_version` in the profile's section of the endpoint prefix
    auth_scheme_preference: str | None = None
    sigv4a_region_set: str | None = None  # sigv4a_signing_region_set
    has_bearer_token: bool = False  # the variable of `sign.scheme.bearer_variable` is set

    addressing_style: str | None = None  # of the section s3: auto, path, virtual
    use_accelerate: bool = False  # s3.use_accelerate_endpoint
    s3_use_dualstack: bool = False  # s3.use_dualstack_endpoint
    payload_signing: bool | None = None  # s3.payload_signing_enabled
    use_arn_region: bool | None = None  # s3.use_arn_region, s3_use_arn_region
    disable_multiregion_access_points: bool = False  # s3.s3_disable_multiregion_access_points
    disable_express_session_auth: bool = False  # s3_disable_express_session_auth

    @property
    def plain_region(self) -> str | None:
        """The region without the pseudo-region's `fips-` or `-fips`; raises InvalidRegionError."""
        if self.region is None:
            return None
        check_region(self.region)
        return split_fips(self.region)[0]

    @property
    def fips(self) -> bool:
        return self.use_fips or (self.region is not None and split_fips(self.region)[1])


def rules_region(endpoint_prefix: str, settings: EndpointSettings) -> str | None:
    """The region that the rules are given. None only for a global service behind a custom endpoint.

    Raises NoRegionError where a region is needed and there is none, EndpointError where it is an empty text, as
    that of a shell's variable that was never set: a custom endpoint and global services do without.
    """
    region = settings.plain_region
    if region or (region == "" and settings.endpoint_url):
        return region
    if region == "" and (endpoint_prefix not in GLOBAL_PREFIXES or endpoint_prefix in ("s3", "sts")):
        raise EndpointError(f"Invalid endpoint: https://{endpoint_prefix}..amazonaws.com")
    if endpoint_prefix not in GLOBAL_PREFIXES:
        raise NoRegionError
    if endpoint_prefix == "s3":
        return "us-east-1" if _dualstack(endpoint_prefix, settings) else "aws-global"
    return None if settings.endpoint_url else "aws-global"


def signing_region(endpoint_prefix: str, settings: EndpointSettings) -> str | None:
    """The region signed for where the endpoint itself names none."""
    region = rules_region(endpoint_prefix, settings)
    if (
        region == "aws-global"
        and endpoint_prefix in GLOBAL_PREFIXES
        and not (settings.region and settings.endpoint_url)
    ):
        return "us-east-1"
    if endpoint_prefix == "health" and region and not settings.endpoint_url:
        return _health_region(region)
    return region


def _health_region(region: str) -> str:
    """AWS Health signs for one region in `aws` and one in `aws-cn`, and its rules do not say so."""
    if region.startswith("cn-"):
        return "cn-northwest-1"
    if region == "us-east-2" or region.startswith(("us-gov-", "us-iso", "eu-iso", "eusc-")):
        return region
    return "us-east-1"


def builtins(service_model: ServiceModel, settings: EndpointSettings) -> dict[str, Any]:
    """Built-in parameters by name. Those that cost something are functions, called when the rules want them."""
    prefix = service_model.endpoint_prefix
    custom = settings.endpoint_url
    return {
        "AWS::Region": rules_region(prefix, settings),
        "AWS::UseFIPS": not custom and settings.fips,
        "AWS::UseDualStack": not custom and _dualstack(prefix, settings),
        "SDK::Endpoint": _checked_url(custom) if custom else None,
        "AWS::Auth::AccountId": _account_id(settings),
        "AWS::Auth::AccountIdEndpointMode": settings.account_id_mode if settings.sign else "disabled",
        "AWS::S3::Accelerate": settings.use_accelerate,
        "AWS::S3::ForcePathStyle": _path_style(settings),
        "AWS::S3::UseArnRegion": settings.use_arn_region is not False,
        "AWS::S3Control::UseArnRegion": settings.use_arn_region is True,
        "AWS::S3::DisableMultiRegionAccessPoints": settings.disable_multiregion_access_points,
        "AWS::S3::DisableS3ExpressSessionAuth": settings.disable_express_session_auth,
        "AWS::S3::UseGlobalEndpoint": False,
        "AWS::STS::UseGlobalEndpoint": False,
    }


def client_context(service_model: ServiceModel, settings: EndpointSettings) -> dict[str, Any]:
    """Values of the parameters that a service lets its clients set, by parameter name."""
    if service_model.endpoint_prefix == "s3":
        return {"DisableS3ExpressSessionAuth": settings.disable_express_session_auth}
    return {}


def for_operation(
    built_ins: Mapping[str, Any],
    operation: OperationModel,
    api_params: Mapping[str, Any],
    bucket_region: str | None = None,
) -> Mapping[str, Any]:
    """The built-ins as one call of S3 sees them; `bucket_region` is where a redirect said that the bucket is."""
    if operation.service_model.endpoint_prefix != "s3":
        return built_ins
    changed: dict[str, Any] = {"AWS::Region": bucket_region} if bucket_region else {}
    if operation.name == "GetBucketLocation":
        # Asked of a wrong region by virtual host it answers AuthorizationHeaderMalformed; by path it answers.
        changed["AWS::S3::ForcePathStyle"] = True
    elif is_arn(api_params.get("Bucket")):
        changed["AWS::S3::ForcePathStyle"] = False
    return {**built_ins, **changed} if changed else built_ins


def is_arn(value: object) -> bool:
    return isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5


def is_accelerate_url(url: str) -> bool:
    """Whether a custom endpoint is S3's own accelerate endpoint, with or without dual-stack."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and parts.netloc in (
        "s3-accelerate.amazonaws.com",
        "s3-accelerate.dualstack.amazonaws.com",
    )


def _dualstack(endpoint_prefix: str, settings: EndpointSettings) -> bool:
    if endpoint_prefix in ("s3", "s3-control") and settings.s3_use_dualstack:
        return True
    return settings.use_dualstack


def _path_style(settings: EndpointSettings) -> bool:
    if settings.use_accelerate:
        return False
    if settings.endpoint_url and not is_accelerate_url(settings.endpoint_url):
        return settings.addressing_style != "virtual"
    return settings.addressing_style == "path"


def _account_id(settings: EndpointSettings) -> Callable[[], str | None] | None:
    wanted = settings.sign and settings.account_id_mode != "disabled"
    return settings.account_id if wanted else None


def _checked_url(url: str) -> str:
    """The custom endpoint, if it has a host that could exist; raises EndpointError."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as error:
        raise EndpointError(str(error)) from None
    if ":" not in host and not (len(host) < 256 and is_valid_host_label(host.removesuffix("."), True)):
        raise EndpointError(f"Invalid endpoint: {url}")
    return url
