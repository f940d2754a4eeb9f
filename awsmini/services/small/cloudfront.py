"""CloudFront's commands: --paths for an invalidation, and a distribution from a domain name."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ResponseParseError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, not_required, option
from awsmini.params.context import Context, ConversionError
from awsmini.services.shared.exclusive_options import check_exclusive

Params = dict[str, Any]


def create_invalidation(operation: OperationModel, table: Table) -> Table:
    not_required(table, "invalidation-batch")
    table["paths"] = option("paths", nargs="+", add=_add_paths)
    return table


def check_create_invalidation(values: Mapping[str, Any], table: Table) -> None:
    check_exclusive(values, table, ("invalidation_batch",), ("paths",))


def create_distribution(operation: OperationModel, table: Table) -> Table:
    not_required(table, "distribution-config")
    table["origin-domain-name"] = option("origin-domain-name", add=_add_origin)
    table["default-root-object"] = option("default-root-object", add=_add_root_object)
    return table


def check_create_distribution(values: Mapping[str, Any], table: Table) -> None:
    check_exclusive(values, table, ("default_root_object", "origin_domain_name"), ("distribution_config",))


def update_distribution(operation: OperationModel, table: Table) -> Table:
    not_required(table, "distribution-config")
    table["default-root-object"] = option("default-root-object", add=_replace_root_object)
    return table


def check_update_distribution(values: Mapping[str, Any], table: Table) -> None:
    check_exclusive(values, table, ("default_root_object",), ("distribution_config",))


def _unique(context: Context, prefix: str = "cli") -> str:
    """A caller reference that no other call has."""
    return f"{prefix}-{int(context.now().timestamp())}-{int(context.uniform() * 1000000) + 1}"


def _add_paths(argument: Argument, params: Params, value: Any, context: Context) -> None:
    params["InvalidationBatch"] = {
        "CallerReference": _unique(context),
        "Paths": {"Quantity": len(value), "Items": value},
    }


def _config(params: Params, context: Context) -> dict[str, Any]:
    """The distribution's configuration so far: one that passes everything through, to be changed."""
    if "DistributionConfig" not in params:
        params["DistributionConfig"] = {
            "CallerReference": _unique(context),
            "Origins": {"Quantity": 0, "Items": []},
            "DefaultCacheBehavior": {
                "TargetOriginId": "placeholder",
                "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
                "TrustedSigners": {"Enabled": False, "Quantity": 0},
                "ViewerProtocolPolicy": "allow-all",
                "MinTTL": 0,
            },
            "Enabled": True,
            "Comment": "",
        }
    config: dict[str, Any] = params["DistributionConfig"]
    return config


def _add_origin(argument: Argument, params: Params, value: str, context: Context) -> None:
    config = _config(params, context)
    origin: dict[str, Any] = {"Id": _unique(context, value), "DomainName": value, "OriginPath": ""}
    if value.endswith(".s3.amazonaws.com"):
        origin["S3OriginConfig"] = {"OriginAccessIdentity": ""}
    else:
        origin["CustomOriginConfig"] = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only"}
    config["Origins"] = {"Quantity": 1, "Items": [origin]}
    config["DefaultCacheBehavior"]["TargetOriginId"] = origin["Id"]


def _add_root_object(argument: Argument, params: Params, value: str, context: Context) -> None:
    _config(params, context)["DefaultRootObject"] = value


def _replace_root_object(argument: Argument, params: Params, value: str, context: Context) -> None:
    """Keep all other settings of the distribution: ask for them first."""
    if context.call is None or "Id" not in params:
        raise ConversionError("--default-root-object needs --id and a connection to CloudFront.")
    current = context.call("GetDistributionConfig", {"Id": params["Id"]})
    for name in ("ETag", "DistributionConfig"):
        if name not in current:
            raise ResponseParseError(f"Invalid service response: it has no {name}")
    params["IfMatch"] = current["ETag"]
    params["DistributionConfig"] = {**current["DistributionConfig"], "DefaultRootObject": value}
