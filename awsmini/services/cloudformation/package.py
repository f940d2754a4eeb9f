"""`awsmini cloudformation package`."""

import json
import os
from pkgutil import resolve_name
from typing import Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import flag, option
from awsmini.services.shared.option_values import value_of_shape
from awsmini.system.atomic import saving

EXPORT = "awsmini.services.cloudformation.exporting:export"  # PyYAML, and a client
TEMPLATE_TEXT = "awsmini.services.cloudformation.exporting:template_text"
UPLOADER = "awsmini.services.cloudformation.clients:uploader"

_METADATA = option(
    "metadata",
    doc="Metadata to give to everything that is uploaded, as `key=value,key=value` or as JSON.",
)


class NoTemplateError(AwsminiError):
    def __init__(self, path: str) -> None:
        super().__init__(f"Invalid template path {path}")


def run(invocation: Invocation, values: Values) -> int:
    """Upload what a template names, and print the template that names what is uploaded."""
    app, path = invocation.app, values["template_file"]
    metadata = value_of_shape(invocation, _METADATA, values, "s3", "PutObject", "Metadata")
    if not os.path.isfile(path):
        raise NoTemplateError(path)
    uploader = resolve_name(UPLOADER)(invocation, values, metadata)
    template = resolve_name(EXPORT)(path, os.getcwd(), uploader, app.env.get("AWS_CLI_FILE_ENCODING"))
    text = _as_json(template) if values.get("use_json") else resolve_name(TEMPLATE_TEXT)(template)
    app.stdout.write("\n")
    output = values.get("output_template_file")
    if output is None:
        app.stdout.write(text)
        return 0
    with saving(output) as file:
        file.write(text.encode("utf-8", "surrogateescape"))
    app.stdout.write(
        f"Successfully packaged artifacts and wrote output template to file {output}.\n"
        "Execute the following command to deploy the packaged template\n"
        f"awsmini cloudformation deploy --template-file {os.path.abspath(output)} --stack-name <YOUR STACK NAME>\n"
    )
    return 0


def _as_json(template: Any) -> str:
    try:
        return json.dumps(template, indent=4, ensure_ascii=False)
    except TypeError as error:
        raise AwsminiError(str(error)) from None


command = HandWritten(
    "package",
    run,
    doc="Upload the files and folders that a template names to a bucket of S3, and print the template that names what "
    "was uploaded: it is ready for `cloudformation deploy`. A folder is uploaded as a zip file, a nested template is "
    "packaged itself. What is uploaded has its MD5 for a name, so that nothing goes twice; the zip file of a folder "
    "is the same whenever and wherever it is made.",
    arguments=(
        option("template-file", required=True, doc="The file of the template."),
        option("s3-bucket", required=True, doc="The bucket to upload to."),
        option("s3-prefix", doc="What the names of the objects begin with, before a slash."),
        option("kms-key-id", doc="The KMS key to encrypt the objects with. Without one, S3 encrypts them by its own."),
        option("output-template-file", doc="The file to write the new template to. Without one, it is printed."),
        flag("use-json", doc="Write the new template as JSON instead of YAML."),
        flag("force-upload", doc="Upload everything, also what is in the bucket already."),
        _METADATA,
    ),
)
