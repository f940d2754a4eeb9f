"""Route 53 hands ids out with a path before them (`/hostedzone/Z1`) and takes them back without."""

from collections.abc import Mapping
from typing import Any

from awsmini.model.shapes import OperationModel

_ID_SHAPES = frozenset({"ResourceId", "DelegationSetId", "ChangeId"})


def strip_ids(operation: OperationModel, params: Mapping[str, Any]) -> Mapping[str, Any]:
    """The ids among the parameters without their path."""
    members = operation.input_shape.traits.get("members", {}) if operation.input_shape else {}
    return {
        name: value.rpartition("/")[2] if _is_id(members.get(name), value) else value for name, value in params.items()
    }


def _is_id(reference: Mapping[str, Any] | None, value: Any) -> bool:
    return reference is not None and reference["shape"] in _ID_SHAPES and isinstance(value, str)
