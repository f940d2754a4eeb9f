"""EC2 Instance Connect: shells on instances, and tunnels to those that have no public address."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "open-tunnel": "awsmini.services.ec2_instance_connect.open_tunnel:command",
        "ssh": "awsmini.services.ec2_instance_connect.ssh:command",
    },
)
