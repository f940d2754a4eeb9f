"""EMR: clusters with all that belongs to them, their steps and applications, and the way to their master node.

The profile's map `emr` says what the commands take where the command line does not say it.
"""

from awsmini.services.record import Operation, Service

SERVICE = Service(
    commands={
        "add-instance-groups": "awsmini.services.emr.add_instance_groups:command",
        "add-steps": "awsmini.services.emr.add_steps:command",
        "create-cluster": "awsmini.services.emr.create_cluster:command",
        "create-default-roles": "awsmini.services.emr.create_default_roles:command",
        "create-hbase-backup": "awsmini.services.emr.hbase:create",
        "describe-cluster": "awsmini.services.emr.describe_cluster:command",
        "disable-hbase-backups": "awsmini.services.emr.hbase:disable",
        "get": "awsmini.services.emr.remote:get_command",
        "install-applications": "awsmini.services.emr.install_applications:command",
        "modify-cluster-attributes": "awsmini.services.emr.modify_cluster_attributes:command",
        "put": "awsmini.services.emr.remote:put_command",
        "restore-from-hbase-backup": "awsmini.services.emr.hbase:restore",
        "schedule-hbase-backup": "awsmini.services.emr.hbase:schedule",
        "socks": "awsmini.services.emr.remote:socks_command",
        "ssh": "awsmini.services.emr.remote:ssh_command",
        "terminate-clusters": "awsmini.services.emr.terminate_clusters:command",
    },
    operations={
        "AddTags": Operation(arguments="awsmini.services.emr.arguments:add_tags"),
        "ListClusters": Operation(arguments="awsmini.services.emr.arguments:list_clusters"),
    },
)
