"""Which operations have other arguments than their input shape gives them, and what else is done with them.

Keys are (model service, API operation); each entry names a function of this package, loaded when that
operation is called. Plain renames are not here but in `data/argument-renames.json`.
"""

Key = tuple[str, str]

_EC2 = "awsmini.quirks.ec2_arguments"
_GROUPS = "awsmini.quirks.security_groups"
_BUNDLE = "awsmini.quirks.bundle_instance"
_CLOUDFRONT = "awsmini.quirks.cloudfront"
_DEPLOY = "awsmini.quirks.codedeploy"
_EXPRESS = "awsmini.quirks.ecs_express"
_HOISTS = "awsmini.quirks.blob_hoists"
_LAMBDA = "awsmini.quirks.lambda_zip"
_PIPELINE = "awsmini.quirks.datapipeline"
_FILES = "awsmini.quirks.output_files"

# (operation, table) -> table.
ARGUMENT_TABLES: dict[Key, str] = {
    ("cloudfront", "CreateDistribution"): f"{_CLOUDFRONT}:create_distribution",
    ("cloudfront", "CreateInvalidation"): f"{_CLOUDFRONT}:create_invalidation",
    ("cloudfront", "UpdateDistribution"): f"{_CLOUDFRONT}:update_distribution",
    ("cloudsearch", "DefineExpression"): "awsmini.quirks.cloudsearch:define_expression",
    ("cloudsearch", "DefineIndexField"): "awsmini.quirks.cloudsearch:define_index_field",
    ("cloudwatch", "PutMetricData"): "awsmini.quirks.metric_data:put_metric_data",
    ("codedeploy", "CreateDeployment"): f"{_DEPLOY}:revision_locations",
    ("codedeploy", "GetApplicationRevision"): f"{_DEPLOY}:revision_locations",
    ("codedeploy", "RegisterApplicationRevision"): f"{_DEPLOY}:revision_locations",
    ("config", "PutConfigurationRecorder"): "awsmini.quirks.configservice:put_configuration_recorder",
    ("datapipeline", "ActivatePipeline"): f"{_PIPELINE}:activate_pipeline",
    ("datapipeline", "PutPipelineDefinition"): f"{_PIPELINE}:put_pipeline_definition",
    ("ec2", "AuthorizeSecurityGroupEgress"): f"{_GROUPS}:simple_rule",
    ("ec2", "AuthorizeSecurityGroupIngress"): f"{_GROUPS}:simple_rule",
    ("ec2", "BundleInstance"): f"{_BUNDLE}:bundle_instance",
    ("ec2", "GetPasswordData"): "awsmini.quirks.password_data:get_password_data",
    ("ec2", "RevokeSecurityGroupEgress"): f"{_GROUPS}:simple_rule",
    ("ec2", "RevokeSecurityGroupIngress"): f"{_GROUPS}:simple_rule",
    ("ec2", "RunInstances"): f"{_EC2}:run_instances",
    ("ecs", "CreateExpressGatewayService"): f"{_EXPRESS}:monitored",
    ("ecs", "DeleteExpressGatewayService"): f"{_EXPRESS}:monitored",
    ("ecs", "UpdateExpressGatewayService"): f"{_EXPRESS}:monitored",
    ("emr", "AddTags"): "awsmini.quirks.emr:add_tags",
    ("emr", "ListClusters"): "awsmini.quirks.emr:list_clusters",
    ("iam", "CreateVirtualMFADevice"): f"{_FILES}:create_virtual_mfa_device",
    ("iot", "CreateCertificateFromCsr"): f"{_FILES}:create_certificate_from_csr",
    ("iot", "CreateKeysAndCertificate"): f"{_FILES}:create_keys_and_certificate",
    ("kinesis", "ListStreams"): "awsmini.quirks.kinesis:list_streams",
    ("lambda", "CreateFunction"): f"{_LAMBDA}:create_function",
    ("lambda", "PublishLayerVersion"): f"{_LAMBDA}:publish_layer_version",
    ("lambda", "UpdateFunctionCode"): f"{_LAMBDA}:update_function_code",
    ("quicksight", "StartAssetBundleImportJob"): f"{_HOISTS}:beside_structure",
    ("s3", "SelectObjectContent"): "awsmini.quirks.s3_select:select_object_content",
    ("ses", "SendEmail"): "awsmini.quirks.ses:send_email",
    ("translate", "ImportTerminology"): f"{_HOISTS}:in_place_of_member",
    ("translate", "TranslateDocument"): f"{_HOISTS}:in_place_of_member",
}

# model service: (operation, table) -> table, for every operation of the service; before that of the operation.
SERVICE_ARGUMENT_TABLES: dict[str, str] = {
    "ec2": f"{_EC2}:structures_of_one_boolean",
    "rekognition": f"{_HOISTS}:beside_structure",
}

# (values, table): raises where options exclude each other. Values are by `Argument.dest`. The operation may be "*".
CHECKS: dict[Key, str] = {
    ("cloudfront", "CreateDistribution"): f"{_CLOUDFRONT}:check_create_distribution",
    ("cloudfront", "CreateInvalidation"): f"{_CLOUDFRONT}:check_create_invalidation",
    ("cloudfront", "UpdateDistribution"): f"{_CLOUDFRONT}:check_update_distribution",
    ("cloudwatch", "PutMetricData"): "awsmini.quirks.metric_data:check_put_metric_data",
    ("ec2", "*"): f"{_EC2}:check_boolean_pairs",
    ("ec2", "AuthorizeSecurityGroupEgress"): f"{_GROUPS}:check_simple_rule",
    ("ec2", "AuthorizeSecurityGroupIngress"): f"{_GROUPS}:check_simple_rule",
    ("ec2", "BundleInstance"): f"{_BUNDLE}:check_bundle_instance",
    ("ec2", "RevokeSecurityGroupEgress"): f"{_GROUPS}:check_simple_rule",
    ("ec2", "RevokeSecurityGroupIngress"): f"{_GROUPS}:check_simple_rule",
    ("ec2", "RunInstances"): f"{_EC2}:check_run_instances",
    ("ecs", "CreateExpressGatewayService"): f"{_EXPRESS}:check_monitored",
    ("ecs", "DeleteExpressGatewayService"): f"{_EXPRESS}:check_monitored",
    ("ecs", "UpdateExpressGatewayService"): f"{_EXPRESS}:check_monitored",
    ("ses", "SendEmail"): "awsmini.quirks.ses:check_send_email",
}

# The option (by `Argument.dest`) that turns automatic paging off although the paginator does not name it.
UNPAGED: dict[Key, str] = {("kinesis", "ListStreams"): "exclusive_start_stream_name"}

# (params, values, context, paginate): may change the parameters, input document included. The operation may be "*".
SETTLED: dict[Key, str] = {
    ("cloudsearchdomain", "*"): "awsmini.quirks.cloudsearchdomain:need_endpoint_url",
    ("ec2", "DescribeSnapshots"): f"{_EC2}:page_snapshots",
    ("ec2", "DescribeVolumes"): f"{_EC2}:page_volumes",
}

# (params, context) -> params: the last step, after blobs are decoded.
PARAMS: dict[Key, str] = {
    ("ec2", "BundleInstance"): f"{_BUNDLE}:sign_upload_policy",
    ("ec2", "CreateNetworkAclEntry"): f"{_EC2}:number_protocol",
    ("ec2", "ReplaceNetworkAclEntry"): f"{_EC2}:number_protocol",
    ("ec2", "RunInstances"): f"{_EC2}:place_network_interface",
}

# (output, values) -> output: what a command does with an answer before it is shown, such as saving parts to files.
COMMAND_OUTPUT: dict[Key, str] = {
    ("datapipeline", "GetPipelineDefinition"): f"{_PIPELINE}:show_definition",
    ("ec2", "GetPasswordData"): "awsmini.quirks.password_data:decrypt_password",
    ("iam", "CreateVirtualMFADevice"): f"{_FILES}:save_mfa_seed",
    ("iot", "CreateCertificateFromCsr"): f"{_FILES}:save_members",
    ("iot", "CreateKeysAndCertificate"): f"{_FILES}:save_members",
    ("s3", "SelectObjectContent"): "awsmini.quirks.s3_select:save_records",
}

# (invocation, client, output, values) -> output: what a command goes on to do when the call is made.
WATCHED: dict[Key, str] = {
    ("ecs", "CreateExpressGatewayService"): f"{_EXPRESS}:watch",
    ("ecs", "DeleteExpressGatewayService"): f"{_EXPRESS}:watch",
    ("ecs", "UpdateExpressGatewayService"): f"{_EXPRESS}:watch",
}

# (invocation, client, params) -> exit code: commands that hand their answer to another program and show none.
CALLS: dict[Key, str] = {
    ("ecs", "ExecuteCommand"): "awsmini.quirks.session_plugin:execute_command",
    ("ssm", "StartSession"): "awsmini.quirks.session_plugin:start_session",
}

# Lists of structures with one member whose words are taken as they are, whatever they look like.
BARE_WORD_LISTS: dict[Key, str] = {
    ("elb", "DeregisterInstancesFromLoadBalancer"): "Instances",
    ("elb", "DescribeInstanceHealth"): "Instances",
    ("elb", "RegisterInstancesWithLoadBalancer"): "Instances",
    ("elb", "RemoveTags"): "Tags",
    ("firehose", "PutRecordBatch"): "Records",
    ("workspaces", "RebootWorkspaces"): "RebootWorkspaceRequests",
    ("workspaces", "RebuildWorkspaces"): "RebuildWorkspaceRequests",
    ("workspaces", "TerminateWorkspaces"): "TerminateWorkspaceRequests",
}
