"""The machines of a cluster: instance groups, instance fleets, and where and as what they run."""

from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.params.context import ConversionError

Options = Mapping[str, Any]

_KEPT_OF_GROUP = ("EbsConfiguration", "AutoScalingPolicy", "Configurations", "CustomAmiId")
_KEPT_OF_FLEET = (
    "InstanceFleetType",
    "TargetOnDemandCapacity",
    "TargetSpotCapacity",
    "InstanceTypeConfigs",
    "LaunchSpecifications",
    "ResizeSpecifications",
    "Context",
)
_OF_INSTANCES = {  # of --ec2-attributes, and what the API calls it
    "KeyName": "Ec2KeyName",
    "SubnetId": "Ec2SubnetId",
    "SubnetIds": "Ec2SubnetIds",
    "EmrManagedMasterSecurityGroup": "EmrManagedMasterSecurityGroup",
    "EmrManagedSlaveSecurityGroup": "EmrManagedSlaveSecurityGroup",
    "ServiceAccessSecurityGroup": "ServiceAccessSecurityGroup",
    "AdditionalMasterSecurityGroups": "AdditionalMasterSecurityGroups",
    "AdditionalSlaveSecurityGroups": "AdditionalSlaveSecurityGroups",
}
_OF_PLACEMENT = ("AvailabilityZone", "AvailabilityZones")


class ExclusiveError(ParamValidationError):
    """Two options that cannot be given together."""

    def __init__(self, first: str, second: str, hint: str = "") -> None:
        super().__init__(f"You cannot specify both {first} and {second} options together.{hint}")


def whole_number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ConversionError(str(error)) from None


def instance_groups(described: Sequence[Options]) -> list[dict[str, Any]]:
    """The groups of --instance-groups, in the API's terms."""
    return [_group(each) for each in described]


def _group(described: Options) -> dict[str, Any]:
    kind = described["InstanceGroupType"]
    group = {
        "Name": described.get("Name", kind),
        "InstanceType": described["InstanceType"],
        "InstanceCount": described["InstanceCount"],
        "InstanceRole": kind.upper(),
        "Market": "SPOT" if "BidPrice" in described else "ON_DEMAND",
    }
    if described.get("BidPrice", "OnDemandPrice") != "OnDemandPrice":
        group["BidPrice"] = described["BidPrice"]
    return group | {key: described[key] for key in _KEPT_OF_GROUP if key in described}


def groups_of(options: Options) -> list[dict[str, Any]]:
    """The groups of a new cluster, whichever way they were asked for. Raises ParamValidationError."""
    described, kind, count = (options.get(name) for name in ("instance_groups", "instance_type", "instance_count"))
    if described is None and kind is None:
        raise ParamValidationError(
            "Must specify either --instance-groups or --instance-type with --instance-count(optional) to configure "
            "instance groups."
        )
    if described is None:
        return _few_groups(str(kind), 1 if count is None else whole_number(count))
    if kind is not None or count is not None:
        raise ParamValidationError(
            "You may not specify --instance-type or --instance-count with --instance-groups, because --instance-type "
            "and --instance-count are shortcut options for --instance-groups."
        )
    return instance_groups(described)


def _few_groups(instance_type: str, count: int) -> list[dict[str, Any]]:
    """One machine leads, the others work."""
    groups = [_plain_group(instance_type, 1, "MASTER")]
    if count > 1:
        groups.append(_plain_group(instance_type, count - 1, "CORE"))
    return groups


def _plain_group(instance_type: str, count: int, role: str) -> dict[str, Any]:
    return {
        "InstanceType": instance_type,
        "InstanceCount": count,
        "InstanceRole": role,
        "Name": role,
        "Market": "ON_DEMAND",
    }


def instance_fleets(described: Sequence[Options]) -> list[dict[str, Any]]:
    """The fleets of --instance-fleets, in the API's terms."""
    return [
        {
            "Name": fleet.get("Name", fleet["InstanceFleetType"]),
            **{key: fleet[key] for key in _KEPT_OF_FLEET if key in fleet},
        }
        for fleet in described
    ]


def check_ec2_attributes(attributes: Options) -> None:
    """Raise where the machines would have to be in two places."""
    for one, several in (("SubnetId", "SubnetIds"), ("AvailabilityZone", "AvailabilityZones")):
        if one in attributes and several in attributes:
            raise ExclusiveError(one, several)
    if ("SubnetId" in attributes or "SubnetIds" in attributes) and any(zone in attributes for zone in _OF_PLACEMENT):
        raise ParamValidationError(
            "You may not specify both a SubnetId and an AvailabilityZone (placement) because ec2SubnetId implies a "
            "placement."
        )


def of_instances(attributes: Options) -> dict[str, Any]:
    """What --ec2-attributes says of the instances; what is empty is left out, but for the placement as a whole."""
    found = {name: attributes[key] for key, name in _OF_INSTANCES.items() if attributes.get(key)}
    if any(zone in attributes for zone in _OF_PLACEMENT):
        found["Placement"] = {zone: attributes[zone] for zone in _OF_PLACEMENT if attributes.get(zone)}
    return found
