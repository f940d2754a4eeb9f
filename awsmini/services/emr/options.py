"""What the structured options of `create-cluster`, `add-steps`, `add-instance-groups` and their kin hold."""

from typing import Any

from awsmini.params.arguments import Argument, option
from awsmini.services.shared.option_shapes import Description, Map, shape

_INNER_CONFIGURATIONS: Description = [{"Classification": str, "Properties": Map(str)}]
_CONFIGURATIONS: Description = [
    {"Classification": str, "Properties": Map(str), "Configurations": _INNER_CONFIGURATIONS}
]
_EBS_CONFIGURATION: Description = {
    "EbsOptimized": bool,
    "EbsBlockDeviceConfigs": [
        {
            "VolumeSpecification": {"VolumeType!": str, "SizeInGB!": int, "Iops": int, "Throughput": int},
            "VolumesPerInstance": int,
        }
    ],
}
_AUTO_SCALING_POLICY: Description = {
    "Constraints": {"MinCapacity": int, "MaxCapacity": int},
    "Rules": [
        {
            "Name": str,
            "Description": str,
            "Action": {
                "Market": ("ON_DEMAND", "SPOT"),
                "SimpleScalingPolicyConfiguration": {
                    "AdjustmentType": ("CHANGE_IN_CAPACITY", "PERCENT_CHANGE_IN_CAPACITY", "EXACT_CAPACITY"),
                    "ScalingAdjustment": int,
                    "CoolDown": int,
                },
            },
            "Trigger": {
                "CloudWatchAlarmDefinition": {
                    "ComparisonOperator": str,
                    "EvaluationPeriods": int,
                    "MetricName": str,
                    "Namespace": str,
                    "Period": int,
                    "Statistic": str,
                    "Threshold": float,
                    "Unit": str,
                    "Dimensions": [{"Key": str, "Value": str}],
                }
            },
        }
    ],
}
_ON_DEMAND_STRATEGIES = ("lowest-price", "prioritized")
_SPOT_STRATEGIES = (
    "capacity-optimized",
    "price-capacity-optimized",
    "lowest-price",
    "diversified",
    "capacity-optimized-prioritized",
)
_CAPACITY_RESERVATION_OPTIONS: Description = {
    "UsageStrategy": ("use-capacity-reservations-first",),
    "CapacityReservationPreference": ("open", "none"),
    "CapacityReservationResourceGroupArn": str,
}
_ROLES = ("MASTER", "CORE", "TASK")

INSTANCE_GROUPS: Description = [
    {
        "Name": str,
        "InstanceGroupType!": _ROLES,
        "BidPrice": str,
        "InstanceType!": str,
        "InstanceCount!": int,
        "CustomAmiId": str,
        "EbsConfiguration": _EBS_CONFIGURATION,
        "AutoScalingPolicy": _AUTO_SCALING_POLICY,
        "Configurations": _CONFIGURATIONS,
    }
]
INSTANCE_FLEETS: Description = [
    {
        "Name": str,
        "InstanceFleetType!": _ROLES,
        "TargetOnDemandCapacity": int,
        "TargetSpotCapacity": int,
        "InstanceTypeConfigs": [
            {
                "InstanceType!": str,
                "WeightedCapacity": int,
                "BidPrice": str,
                "BidPriceAsPercentageOfOnDemandPrice": float,
                "CustomAmiId": str,
                "Priority": float,
                "EbsConfiguration": _EBS_CONFIGURATION,
                "Configurations": _CONFIGURATIONS,
            }
        ],
        "LaunchSpecifications": {
            "OnDemandSpecification": {
                "AllocationStrategy": _ON_DEMAND_STRATEGIES,
                "CapacityReservationOptions": _CAPACITY_RESERVATION_OPTIONS,
            },
            "SpotSpecification": {
                "TimeoutDurationMinutes": int,
                "TimeoutAction": ("TERMINATE_CLUSTER", "SWITCH_TO_ONDEMAND"),
                "BlockDurationMinutes": int,
                "AllocationStrategy": _SPOT_STRATEGIES,
            },
        },
        "ResizeSpecifications": {
            "SpotResizeSpecification": {"TimeoutDurationMinutes": int, "AllocationStrategy": _SPOT_STRATEGIES},
            "OnDemandResizeSpecification": {
                "TimeoutDurationMinutes": int,
                "AllocationStrategy": _ON_DEMAND_STRATEGIES,
                "CapacityReservationOptions": _CAPACITY_RESERVATION_OPTIONS,
            },
        },
        "Context": str,
    }
]
EC2_ATTRIBUTES: Description = {
    "KeyName": str,
    "SubnetId": str,
    "SubnetIds": [str],
    "AvailabilityZone": str,
    "AvailabilityZones": [str],
    "InstanceProfile": str,
    "EmrManagedMasterSecurityGroup": str,
    "EmrManagedSlaveSecurityGroup": str,
    "ServiceAccessSecurityGroup": str,
    "AdditionalMasterSecurityGroups": [str],
    "AdditionalSlaveSecurityGroups": [str],
}
APPLICATIONS: Description = [
    {
        "Name!": ("MapR", "HUE", "HIVE", "PIG", "HBASE", "IMPALA", "GANGLIA", "HADOOP", "SPARK"),
        "Args": [str],
    }
]
BOOTSTRAP_ACTIONS: Description = [{"Name": str, "Path!": str, "Args": [str]}]
STEPS: Description = [
    {
        "Type": ("CUSTOM_JAR", "STREAMING", "HIVE", "PIG", "IMPALA", "SPARK"),
        "Name": str,
        "ActionOnFailure": ("TERMINATE_CLUSTER", "CANCEL_AND_WAIT", "CONTINUE"),
        "Jar": str,
        "Args": [str],
        "MainClass": str,
        "Properties": str,
        "LogUri": str,
        "EncryptionKeyArn": str,
    }
]
HBASE_BACKUP: Description = {"Dir": str, "BackupVersion": str}
EMRFS: Description = {
    "Consistent": bool,
    "SSE": bool,
    "RetryCount": int,
    "RetryPeriod": int,
    "Args": [str],
    "Encryption": ("SERVERSIDE", "CLIENTSIDE"),
    "ProviderType": ("KMS", "CUSTOM"),
    "KMSKeyId": str,
    "CustomProviderLocation": str,
    "CustomProviderClass": str,
}
KERBEROS_ATTRIBUTES: Description = {
    "Realm": str,
    "KdcAdminPassword": str,
    "CrossRealmTrustPrincipalPassword": str,
    "ADDomainJoinUser": str,
    "ADDomainJoinPassword": str,
}
MANAGED_SCALING_POLICY: Description = {
    "ComputeLimits": {
        "MinimumCapacityUnits!": int,
        "MaximumCapacityUnits!": int,
        "MaximumOnDemandCapacityUnits": int,
        "UnitType!": ("VCPU", "Instances", "InstanceFleetUnits"),
        "MaximumCoreCapacityUnits": int,
    },
    "ScalingStrategy": ("DEFAULT", "ADVANCED"),
    "UtilizationPerformanceIndex": int,
}
PLACEMENT_GROUP_CONFIGS: Description = [
    {"InstanceRole!": _ROLES, "PlacementStrategy": ("SPREAD", "PARTITION", "CLUSTER", "NONE")}
]
AUTO_TERMINATION_POLICY: Description = {"IdleTimeout": int}
MONITORING_CONFIGURATION: Description = {
    "CloudWatchLogConfiguration": {
        "Enabled!": bool,
        "LogGroupName": str,
        "LogStreamNamePrefix": str,
        "EncryptionKeyArn": str,
        "LogTypes": Map([str]),
    },
    "S3LoggingConfiguration": {"LogTypeUploadPolicy": Map(str)},
}

CLUSTER_ID = option("cluster-id", required=True, doc="The ID of the cluster, such as `j-2AXXXXXXGAPLF`.")


def structured(name: str, description: Description, **more: Any) -> Argument:
    """An option of such a structure; a list of them takes several words."""
    nargs = "+" if isinstance(description, list) else None
    return option(name, shape=shape(description), nargs=nargs, **more)
