"""`deploy`: --s3-location and --github-location fill --revision. The last of the three in the table counts."""

from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel
from awsmini.params.arguments import Argument, Table, not_required, option
from awsmini.params.context import Context
from awsmini.params.values import unpack

Params = dict[str, Any]

_S3_NEEDS = ("bucket", "key", "bundleType")
_GITHUB_NEEDS = ("repository", "commitId")


def revision_locations(operation: OperationModel, table: Table) -> Table:
    shape_for = operation.service_model.shape_for
    table["s3-location"] = option("s3-location", shape=shape_for("S3Location"), add=_add_s3)
    table["github-location"] = option("github-location", shape=shape_for("GitHubLocation"), add=_add_github)
    not_required(table, "revision")
    return table


def _add_s3(argument: Argument, params: Params, value: Any, context: Context) -> None:
    given = _location(argument, value, context)
    if not all(given.get(name) for name in _S3_NEEDS):
        raise ParamValidationError("--s3-location must specify bucket, key and bundleType.")
    location = {name: given[name] for name in (*_S3_NEEDS, "eTag", "version") if name in given}
    params["revision"] = {"revisionType": "S3", "s3Location": location}


def _add_github(argument: Argument, params: Params, value: Any, context: Context) -> None:
    given = _location(argument, value, context)
    if not all(given.get(name) for name in _GITHUB_NEEDS):
        raise ParamValidationError("--github-location must specify repository and commitId.")
    params["revision"] = {"revisionType": "GitHub", "gitHubLocation": {name: given[name] for name in _GITHUB_NEEDS}}


def _location(argument: Argument, value: Any, context: Context) -> dict[str, Any]:
    location = unpack(argument, value, context)
    return location if isinstance(location, dict) else {}
