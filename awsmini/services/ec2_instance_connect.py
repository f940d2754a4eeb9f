"""EC2 Instance Connect: shells on instances, and tunnels to those that have no public address."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "open-tunnel": "awsmini.services.small.ec2_instance_connect_tunnel:command",
        "ssh": "awsmini.services.small.ec2_instance_connect_ssh:command",
    },
)
