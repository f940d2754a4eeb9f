"""What is done to an output after it is parsed: the few answers whose members hold something encoded once more.

Keys are (model service, API operation); each entry names a function (output, operation, params) -> output, where
the parameters are the caller's. Errors have a table by service: (error) -> error, for `Error` alone.
"""

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from typing import Any

from awsmini.model.shapes import OperationModel
from awsmini.parse.codec import is_failure
from awsmini.records import Output

_POLICIES = "awsmini.quirks.iam_policies:decode_policies"
_KEYS = "awsmini.quirks.s3_keys"

AFTER_PARSE: dict[tuple[str, str], str] = {
    ("cloudformation", "GetTemplate"): "awsmini.quirks.encoded_members:decode_template",
    ("dynamodb", "Query"): "awsmini.quirks.encoded_members:decode_page_key",
    ("dynamodb", "Scan"): "awsmini.quirks.encoded_members:decode_page_key",
    ("ec2", "GetConsoleOutput"): "awsmini.quirks.encoded_members:decode_console_output",
    ("iam", "AcquireRole"): _POLICIES,
    ("iam", "CreateInstanceProfile"): _POLICIES,
    ("iam", "CreatePolicyVersion"): _POLICIES,
    ("iam", "CreateRole"): _POLICIES,
    ("iam", "CreateServiceLinkedRole"): _POLICIES,
    ("iam", "GetAccountAuthorizationDetails"): _POLICIES,
    ("iam", "GetGroupPolicy"): _POLICIES,
    ("iam", "GetInstanceProfile"): _POLICIES,
    ("iam", "GetPolicyVersion"): _POLICIES,
    ("iam", "GetRole"): _POLICIES,
    ("iam", "GetRolePolicy"): _POLICIES,
    ("iam", "GetRoleTemplateVersion"): _POLICIES,
    ("iam", "GetUserPolicy"): _POLICIES,
    ("iam", "ListInstanceProfiles"): _POLICIES,
    ("iam", "ListInstanceProfilesForRole"): _POLICIES,
    ("iam", "ListPolicyVersions"): _POLICIES,
    ("iam", "ListRoles"): _POLICIES,
    ("iam", "UpdateRoleDescription"): _POLICIES,
    ("s3", "ListObjectVersions"): f"{_KEYS}:decode_versions",
    ("s3", "ListObjects"): f"{_KEYS}:decode_objects",
    ("s3", "ListObjectsV2"): f"{_KEYS}:decode_objects_v2",
}
AFTER_ERROR: dict[str, str] = {"s3": "awsmini.quirks.s3_errors:explain"}

AfterParse = Callable[[Output, OperationModel, Mapping[str, Any]], Output]


def after_parse(operation: OperationModel, params: Mapping[str, Any], output: Output) -> Output:
    """The output, or the error answered, as the caller gets it. `params` are those that the caller gave."""
    service = operation.service_model.service_name
    if is_failure(output):
        found = AFTER_ERROR.get(service)
        return {**output, "Error": resolve_name(found)(output["Error"])} if found else output
    found = AFTER_PARSE.get((service, operation.name))
    if found is None:
        return output
    function: AfterParse = resolve_name(found)
    return function(output, operation, params)
