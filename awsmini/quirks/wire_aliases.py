"""Second names of members: what is a keyword in Python, or was once called otherwise, as in boto3."""

from collections.abc import Mapping
from typing import Any

from awsmini.errors import ParamValidationError
from awsmini.model.shapes import OperationModel

ALIASES = {  # service: {alias: the member's name}
    "cloudsearchdomain": {"returnFields": "return"},
    "ec2": {"Filters": "Filter"},
    "logs": {"fromTime": "from"},
}


def take_aliases(operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The parameters under the names of the model; raises ParamValidationError where one is given under both."""
    for alias, name in ALIASES[operation.service_model.service_name].items():
        if alias in params and operation.input_shape and name in operation.input_shape.traits.get("members", {}):
            if name in params:
                raise ParamValidationError(
                    f"Parameter '{name}' and its alias '{alias}' were provided for operation {operation.name}.  "
                    "Only one of them may be used."
                )
            params = {name if key == alias else key: value for key, value in params.items()}
    return params
