"""The clients of these commands. --endpoint-url is CloudFormation's alone: S3 goes where the settings say."""

from typing import Any

from awsmini.client import Client
from awsmini.commandline.handwritten import Values
from awsmini.commandline.invocation import Invocation
from awsmini.model.shapes import ServiceModel
from awsmini.services.shared.artifacts import Uploader


def uploader(invocation: Invocation, values: Values, metadata: dict[str, Any] | None = None) -> Uploader:
    """What puts files into the bucket of the command line."""
    return Uploader(
        client=s3_client(invocation),
        bucket=values["s3_bucket"],
        told=invocation.app.stderr,
        prefix=values.get("s3_prefix"),
        kms_key_id=values.get("kms_key_id"),
        force=values.get("force_upload", False),
        metadata=metadata,
    )


def s3_client(invocation: Invocation) -> Client:
    session = invocation.session
    return session.client_for(ServiceModel(session.models.lines("s3")), endpoint_flag=False)
