"""Which operations have other arguments than their input shape gives them, and what else is done with them.

Keys are (model service, API operation); each entry names a function of this package, loaded when that
operation is called. Plain renames are not here but in `data/argument-renames.json`.
"""

Key = tuple[str, str]

# (operation, table) -> table. Before renames.
ARGUMENT_TABLES: dict[Key, str] = {}

# model service: (operation, table) -> table, for every operation of the service. After renames.
SERVICE_ARGUMENT_TABLES: dict[str, str] = {}

# (values): raises where options exclude each other. Values are by `Argument.dest`.
CHECKS: dict[Key, str] = {}

# (params, values, paginate, context) -> paginate: may change the parameters that the options made, before an
# input document adds others. The operation may be "*".
SETTLED: dict[Key, str] = {}

# (params) -> params: the last step, with the parameters of an input document included.
PARAMS: dict[Key, str] = {}

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
