"""`awsmini configure add-model`: a service of one's own, in ~/.aws/models."""

import json
import os
from collections.abc import Mapping
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.system.atomic import writing
from awsmini.system.user_dirs import expand

MODELS = "~/.aws/models"


class ServiceModelError(AwsminiError):
    """The text is no service model."""


def run(invocation: Invocation, values: Values) -> int:
    text = values["service_model"]
    try:
        model = json.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise ServiceModelError(f"{error} in --service-model") from None
    metadata = model.get("metadata") if isinstance(model, dict) else None
    if not isinstance(metadata, dict):
        raise ServiceModelError("The service model is not a JSON object with metadata")
    named = values.get("service_name")
    name = named or _service_name(invocation, _required(metadata, "endpointPrefix", None))
    version = _required(metadata, "apiVersion", name)
    path = os.path.join(expand(MODELS, invocation.app.env), name, version, f"service-{_format(model)}.json")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with writing(path) as file:
        file.write(text.encode())
    return 0


def _required(metadata: Mapping[str, Any], key: str, name: str | None) -> str:
    if not isinstance(metadata.get(key), str):
        raise ServiceModelError(f'"{key}" not defined in the metadata of the model: ServiceModel({name})')
    return str(metadata[key])


def _format(model: Mapping[str, Any]) -> int:
    """The version of the file's format, which its name has."""
    try:
        return int(float(model.get("version", "2.0")))
    except (TypeError, ValueError) as error:
        raise ServiceModelError(str(error)) from None


def _service_name(invocation: Invocation, endpoint_prefix: str) -> str:
    """The known service of that endpoint prefix; for a new one, the prefix."""
    models = invocation.session.models
    names = models.service_names()
    found = endpoint_prefix
    if endpoint_prefix not in names:
        for name in sorted(names):
            if ServiceModel(models.lines(name)).endpoint_prefix == endpoint_prefix:
                found = name
    return found


command = HandWritten(
    "add-model",
    run,
    doc="Add a service model to ~/.aws/models; its commands are there at once.",
    arguments=(
        option("service-model", required=True, doc="The JSON of the model, or file:// and its path."),
        option("service-name", doc="The command's name, where it is not the model's own."),
    ),
)
