"""`awsmini servicecatalog generate product` and `provisioning-artifact`."""

import json
import os
from typing import Any

from awsmini.commandline.answer import conversions
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.model.load import data
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.services.shared.artifacts import Uploader
from awsmini.services.shared.option_values import value_of_shape
from awsmini.services.shared.several_calls import UPLOADED, told_what_is_done

ARTIFACT_TYPES = ("CLOUD_FORMATION_TEMPLATE", "MARKETPLACE_AMI", "MARKETPLACE_CAR")

_FILE = option("file-path", required=True, doc="The file of the CloudFormation template.")
_BUCKET = option("bucket-name", required=True, doc="The bucket to upload the template to.")
_ARTIFACT = (
    option("provisioning-artifact-name", required=True, doc="The name of the version."),
    option("provisioning-artifact-description", required=True, doc="What the version is."),
    option("provisioning-artifact-type", required=True, choices=ARTIFACT_TYPES, doc="The kind of the version."),
)
TAGS = option("tags", nargs="+", doc="Tags of the product, as `Key=KEY,Value=VALUE` words.")


def _run(invocation: Invocation, values: Values) -> int:
    raise ParamValidationError(
        "usage: awsmini [options] servicecatalog generate <subcommand> [parameters]\nawsmini: [ERROR]: too few arguments"
    )


class UnsupportedRegionError(ParamValidationError):
    def __init__(self, region: str | None) -> None:
        super().__init__(f"An error occurred (InvalidParametersException) : Region {region} is not supported")


class NoTemplateError(AwsminiError):
    def __init__(self, path: str) -> None:
        super().__init__(f"{path} cannot be found")


def _make_product(invocation: Invocation, values: Values) -> int:
    """Make a product of a template."""
    words = value_of_shape(invocation, TAGS, values, "cloudformation", "CreateChangeSet", "Capabilities")
    tags = [_tag(word) for word in words or ()]
    optional = {
        "SupportDescription": "support_description",
        "Description": "product_description",
        "SupportEmail": "support_email",
        "Distributor": "product_distributor",
    }
    return _generate(
        invocation,
        values,
        "CreateProduct",
        "ProvisioningArtifactParameters",
        {
            "Name": values["product_name"],
            "Owner": values["product_owner"],
            "ProductType": values["product_type"],
            "Tags": tags,
            **{member: values[dest] for member, dest in optional.items() if values.get(dest)},
        },
    )


def _make_artifact(invocation: Invocation, values: Values) -> int:
    """Make a version of a product of a template."""
    return _generate(
        invocation, values, "CreateProvisioningArtifact", "Parameters", {"ProductId": values["product_id"]}
    )


def _generate(
    invocation: Invocation, values: Values, operation: str, artifact_member: str, params: dict[str, Any]
) -> int:
    """Upload the template, make what is wanted of it, and print the answer."""
    region = _region(invocation)
    path, bucket = values["file_path"], values["bucket_name"]
    name = os.path.basename(path)
    session = invocation.session
    s3 = session.client_for(ServiceModel(session.models.lines("s3")), region_name=region)
    uploader = Uploader(s3, bucket, invocation.app.stderr, force=True)
    try:
        with open(path, "rb") as file:
            uploader.put(file, name)
    except OSError:
        raise NoTemplateError(path) from None
    host = "s3" if region == "us-east-1" else f"s3-{region}"
    artifact = {
        "Name": values["provisioning_artifact_name"],
        "Description": values["provisioning_artifact_description"],
        "Info": {"LoadTemplateFromURL": f"https://{host}.amazonaws.com/{bucket}/{name}"},
        "Type": values["provisioning_artifact_type"],
    }
    client = session.client_for(ServiceModel(session.models.lines("servicecatalog")), region_name=region)
    with told_what_is_done(invocation, UPLOADED, [f"s3://{bucket}/{name}"]):
        answer = client._make_api_call(operation, {**params, artifact_member: artifact}, conversions(invocation))
    answer.pop("ResponseMetadata", None)
    invocation.app.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
    return 0


def _region(invocation: Invocation) -> str:
    """The region, which has to be one that has the service."""
    region = invocation.session.region_name
    regions: dict[str, str] = data("service-regions.json")
    if region is None or region not in regions["servicecatalog"].split():
        raise UnsupportedRegionError(invocation.flags.get("region"))
    return region


def _tag(word: str) -> dict[str, str]:
    """`Key=a,Value=b` as it is. Raises TagError."""
    pairs = [pair.split("=") for pair in word.split(",")]
    if any(len(pair) != 2 for pair in pairs):
        raise TagError(word)
    return dict(pairs)


class TagError(AwsminiError):
    def __init__(self, word: str) -> None:
        super().__init__(f"--tags takes words like Key=KEY,Value=VALUE, and {word!r} is none.")


command = HandWritten(
    "generate",
    _run,
    doc="Upload a CloudFormation template, and make a product of Service Catalog of it, or a version of one.",
    subcommands={
        "product": "awsmini.services.small.servicecatalog:product",
        "provisioning-artifact": "awsmini.services.small.servicecatalog:provisioning_artifact",
    },
)
product = HandWritten(
    "product",
    _make_product,
    doc="Upload a CloudFormation template, and make a product of it.",
    arguments=(
        option("product-name", required=True, doc="The name of the product."),
        option("product-owner", required=True, doc="Who owns the product."),
        option(
            "product-type",
            required=True,
            choices=("CLOUD_FORMATION_TEMPLATE", "MARKETPLACE"),
            doc="The kind of the product.",
        ),
        option("product-description", doc="What the product is."),
        option("product-distributor", doc="Who distributes the product."),
        TAGS,
        _FILE,
        _BUCKET,
        option("support-description", doc="What support there is for the product."),
        option("support-email", doc="Whom to write to for support."),
        *_ARTIFACT,
    ),
)
provisioning_artifact = HandWritten(
    "provisioning-artifact",
    _make_artifact,
    doc="Upload a CloudFormation template, and make a version of a product of it.",
    arguments=(
        _FILE,
        _BUCKET,
        *_ARTIFACT,
        option("product-id", required=True, doc="The product."),
    ),
)
