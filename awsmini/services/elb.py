"""Classic load balancers: lists of ids, and of keys of tags."""

from awsmini.services.record import Operation, Service

_INSTANCES = Operation(bare_word_list="Instances")

SERVICE = Service(
    operations={
        "DeregisterInstancesFromLoadBalancer": _INSTANCES,
        "DescribeInstanceHealth": _INSTANCES,
        "RegisterInstancesWithLoadBalancer": _INSTANCES,
        "RemoveTags": Operation(bare_word_list="Tags"),
    },
)
