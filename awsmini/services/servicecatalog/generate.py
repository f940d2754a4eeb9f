"""`awsmini servicecatalog generate product` and `provisioning-artifact`."""

from pkgutil import resolve_name

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.params.arguments import option

GENERATE = "awsmini.services.servicecatalog.generating"  # clients
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


def _product(invocation: Invocation, values: Values) -> int:
    code: int = resolve_name(f"{GENERATE}:product")(invocation, values)
    return code


def _artifact(invocation: Invocation, values: Values) -> int:
    code: int = resolve_name(f"{GENERATE}:provisioning_artifact")(invocation, values)
    return code


command = HandWritten(
    "generate",
    _run,
    doc="Upload a CloudFormation template, and make a product of Service Catalog of it, or a version of one.",
    subcommands={
        "product": "awsmini.services.servicecatalog.generate:product",
        "provisioning-artifact": "awsmini.services.servicecatalog.generate:provisioning_artifact",
    },
)
product = HandWritten(
    "product",
    _product,
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
    _artifact,
    doc="Upload a CloudFormation template, and make a version of a product of it.",
    arguments=(
        _FILE,
        _BUCKET,
        *_ARTIFACT,
        option("product-id", required=True, doc="The product."),
    ),
)
