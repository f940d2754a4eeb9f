"""What the commands about associations print, and how they fail."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError


class AssociationError(AwsminiError):
    """EKS refuses; `which` names service account, role and namespace."""

    def __init__(self, verb: str, which: str, message: str) -> None:
        which = which.replace(" and role ", ", role ")
        super().__init__(f"Failed to {verb} pod identity association for {which}: {message}")


def write(invocation: Invocation, associations: Sequence[Mapping[str, Any]]) -> None:
    """JSON whatever --output says, without a line end, and nothing where there is none: as in AWS CLI v2."""
    if associations:
        invocation.app.stdout.write(json.dumps(associations, indent=4))
