"""`awsmini configure add-model`: a service of one's own, in ~/.aws/models."""

import json
import os

from awsmini.atomic import writing
from awsmini.commands.arguments import option
from awsmini.commands.handwritten import HandWritten, Values
from awsmini.commands.invocation import Invocation
from awsmini.config.files import expand
from awsmini.errors import AwsminiError
from awsmini.model.shapes import ServiceModel

MODELS = "~/.aws/models"


class ServiceModelError(AwsminiError):
    """The text is no service model."""


def run(invocation: Invocation, values: Values) -> int:
    text = values["service_model"]
    try:
        model = json.loads(text)
        metadata = model["metadata"]
        version = metadata["apiVersion"]
        name = values.get("service_name") or _service_name(invocation, metadata["endpointPrefix"])
        file_name = f"service-{int(float(model.get('version', '2.0')))}.json"
    except (ValueError, TypeError) as error:
        raise ServiceModelError(str(error)) from None
    except KeyError as error:
        raise ServiceModelError(f"The service model has no {error.args[0]} in its metadata") from None
    path = os.path.join(expand(MODELS, invocation.app.env), name, version, file_name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with writing(path) as file:
        file.write(text.encode())
    return 0


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
