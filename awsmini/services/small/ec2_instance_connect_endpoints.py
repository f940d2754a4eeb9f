"""Instances, and the endpoints through which those without a public address are reached."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from awsmini.client import Client
from awsmini.errors import AwsminiError, ConfigurationError, ParamValidationError

USABLE = ("create-complete", "update-in-progress", "update-failed", "update-complete")
NO_ADDRESS = "Unable to find any IP address on the instance to connect to."


class NoSuchInstanceError(AwsminiError):
    """EC2 answers without the instance that it was asked for."""


class Endpoint(NamedTuple):
    """An endpoint of Instance Connect."""

    id: str
    dns_name: str


def instance(ec2: Client, instance_id: str) -> Mapping[str, Any]:
    """What EC2 says of an instance."""
    answer = ec2._make_api_call("DescribeInstances", {"InstanceIds": [instance_id]})
    for reservation in answer.get("Reservations", ()):
        for found in reservation.get("Instances", ()):
            described: Mapping[str, Any] = found
            return described
    raise NoSuchInstanceError(f"EC2 knows no instance {instance_id}.")


def endpoint(ec2: Client, where: Mapping[str, Any], endpoint_id: str | None, *, fips: bool) -> Endpoint:
    """The endpoint of that ID, or else one of the VPC that the instance is in, best of its subnet.

    Raises ParamValidationError where there is none, ConfigurationError where it has no name for FIPS.
    """
    found = _by_id(ec2, endpoint_id) if endpoint_id else _of_vpc(ec2, where)
    name = found.get("FipsDnsName" if fips else "DnsName")
    if not name:
        raise ConfigurationError("Unable to find FIPS Endpoint" if fips else "The endpoint has no DNS name.")
    return Endpoint(found["InstanceConnectEndpointId"], name)


def _by_id(ec2: Client, endpoint_id: str) -> Mapping[str, Any]:
    params = {"Filters": [_filter("state", USABLE)], "InstanceConnectEndpointIds": [endpoint_id]}
    found = ec2._make_api_call("DescribeInstanceConnectEndpoints", params).get("InstanceConnectEndpoints", ())
    for each in found:
        described: Mapping[str, Any] = each
        return described
    raise ParamValidationError(f"There are no available instance connect endpoints with {endpoint_id}")


def _of_vpc(ec2: Client, where: Mapping[str, Any]) -> Mapping[str, Any]:
    filters = [_filter("state", USABLE), _filter("vpc-id", [where.get("VpcId", "")])]
    first = None
    for page in ec2.get_paginator("describe_instance_connect_endpoints").paginate(Filters=filters):
        for found in page.get("InstanceConnectEndpoints", ()):
            described: Mapping[str, Any] = found
            if described.get("SubnetId") == where.get("SubnetId"):
                return described
            first = first or described
    if first is None:
        raise ParamValidationError("There are no available instance connect endpoints.")
    return first


def _filter(name: str, values: Iterable[str]) -> dict[str, Any]:
    return {"Name": name, "Values": list(values)}
