"""EC2: simple words for structures, passwords and consoles made readable, snapshots between regions."""

from awsmini.services.record import Operation, Service

_RULE = Operation(
    arguments="awsmini.services.ec2.security_groups:simple_rule",
    check="awsmini.services.ec2.security_groups:check_simple_rule",
)
_ACL_ENTRY = Operation(finish_params="awsmini.services.ec2.network_acls:number_protocol")

SERVICE = Service(
    every=Operation(
        arguments="awsmini.services.ec2.boolean_structures:structures_of_one_boolean",
        check="awsmini.services.ec2.boolean_structures:check_boolean_pairs",
        member_aliases={"Filters": "Filter"},
    ),
    operations={
        "AuthorizeSecurityGroupEgress": _RULE,
        "AuthorizeSecurityGroupIngress": _RULE,
        "BundleInstance": Operation(
            arguments="awsmini.services.ec2.bundle_instance:bundle_instance",
            check="awsmini.services.ec2.bundle_instance:check_bundle_instance",
            finish_params="awsmini.services.ec2.bundle_instance:sign_upload_policy",
        ),
        "CopySnapshot": Operation(add_presigned_url="awsmini.services.shared.presigned_copies:presign_ec2"),
        "CreateNetworkAclEntry": _ACL_ENTRY,
        "DescribeSnapshots": Operation(settle_params="awsmini.services.ec2.page_sizes:page_snapshots"),
        "DescribeVolumes": Operation(settle_params="awsmini.services.ec2.page_sizes:page_volumes"),
        "GetConsoleOutput": Operation(after_parse="awsmini.services.ec2.console_output:decode_console_output"),
        "GetPasswordData": Operation(
            arguments="awsmini.services.ec2.password_data:get_password_data",
            save_output="awsmini.services.ec2.password_data:decrypt_password",
        ),
        "ReplaceNetworkAclEntry": _ACL_ENTRY,
        "RevokeSecurityGroupEgress": _RULE,
        "RevokeSecurityGroupIngress": _RULE,
        "RunInstances": Operation(
            arguments="awsmini.services.ec2.run_instances:run_instances",
            check="awsmini.services.ec2.run_instances:check_run_instances",
            finish_params="awsmini.services.ec2.run_instances:place_network_interface",
            before_serialize="awsmini.services.shared.user_data:encode_user_data",
        ),
    },
)
