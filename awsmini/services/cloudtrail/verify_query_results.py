"""`awsmini cloudtrail verify-query-results`."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any, BinaryIO

from awsmini.client import Client
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.services.cloudtrail.dates import in_key, read, read_moment
from awsmini.services.cloudtrail.public_keys import ALGORITHM, HASH, listed, load, names_other_algorithm, signs
from awsmini.services.shared.rsa import PublicKeyError

SIGN_FILE = "result_sign.json"
KEY_LIFE = timedelta(days=20)  # from the query on: a key that signed it is known in that time
CHUNK = 64 * 1024

Open = Callable[[str], Any]  # the name of a file to a context that yields its stream


class ValidationError(AwsminiError):
    """The files are not what CloudTrail has exported."""

    def __init__(self, why: str) -> None:
        super().__init__(f"ValidationError: {why}")


class ExportError(AwsminiError):
    """The files cannot be read."""


def run(invocation: Invocation, values: Values) -> int:
    """Check the hash of each file and the signature of the hashes. Raises ValidationError."""
    open_file = _source(invocation, values)
    client = invocation.session.client("cloudtrail")
    with open_file(SIGN_FILE) as stream:
        sign_file = _sign_file(stream.read())
    _check_files(sign_file, open_file)
    _check_signature(sign_file, client)
    invocation.app.stdout.write("Successfully validated sign and query result files\n")
    return 0


def _source(invocation: Invocation, values: Values) -> Open:
    """What opens a file of the export: from a folder, or from a bucket."""
    folder, bucket, prefix = (values.get(name) for name in ("local_export_path", "s3_bucket", "s3_prefix"))
    if not folder and not bucket:
        raise ParamValidationError("Require parameter --s3-bucket or --local-export-path.")
    if folder and (bucket or prefix):
        raise ParamValidationError(
            "Parameter --local-export-path can not be specified with parameter --s3-bucket nor --s3-prefix."
        )
    if folder:
        return lambda name: _from_folder(str(folder), name)
    session = invocation.session
    s3 = session.client_for(ServiceModel(session.models.lines("s3")), endpoint_flag=False)
    base = f"{prefix}/" if prefix and not prefix.endswith("/") else prefix or ""
    return lambda name: _from_bucket(s3, str(bucket), base + name)


@contextmanager
def _from_folder(folder: str, name: str) -> Iterator[BinaryIO]:
    try:
        with open(os.path.join(folder, name), "rb") as stream:
            yield stream
    except OSError as error:
        raise ExportError(str(error)) from None


@contextmanager
def _from_bucket(client: Client, bucket: str, key: str) -> Iterator[BinaryIO]:
    yield client._make_api_call("GetObject", {"Bucket": bucket, "Key": key})["Body"]


def _sign_file(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content.decode())
    except ValueError as error:
        raise ExportError(f"InformationCollectionError: Unable to load {SIGN_FILE} file, due to {error}") from None
    files = found.get("files") if isinstance(found, dict) else None
    if not isinstance(files, list) or not all(isinstance(each, dict) for each in files):
        raise ValidationError("Invalid sign file provided.")
    if not files:
        raise ValidationError("No export file was found in sign file.")
    for name in ("queryCompleteTime", "publicKeyFingerprint", "hashSignature"):
        if not isinstance(found.get(name), str):
            raise ValidationError(f"Invalid sign file provided: it has no {name}.")
    if names_other_algorithm(found, {"hashAlgorithm": HASH, "signatureAlgorithm": ALGORITHM}):
        raise ValidationError("Invalid sign file provided: it names an algorithm that is not known.")
    sign_file: Mapping[str, Any] = found
    return sign_file


def _check_files(sign_file: Mapping[str, Any], open_file: Open) -> None:
    for file in sign_file["files"]:
        name, expected = file.get("fileName"), file.get("fileHashValue")
        if not isinstance(name, str) or not isinstance(expected, str):
            raise ValidationError("Invalid sign file provided.")
        digest = sha256()
        with open_file(name) as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != expected:
            raise ValidationError(
                f"File {name} has inconsistent hash value with hash value recorded in sign file, hash value in sign "
                f"file is {expected} , but get {digest.hexdigest()}"
            )


def _check_signature(sign_file: Mapping[str, Any], client: Client) -> None:
    completed, fingerprint = sign_file["queryCompleteTime"], sign_file["publicKeyFingerprint"]
    keys = listed(client, read_moment(completed), in_key(read(completed) + KEY_LIFE))
    if fingerprint not in keys:
        raise AwsminiError(f"No public keys found for key with fingerprint: {fingerprint}")
    text = " ".join(file["fileHashValue"] for file in sign_file["files"]).encode()
    try:
        signed = signs(load(keys[fingerprint]), sign_file["hashSignature"], text)
    except PublicKeyError:
        raise ValidationError(f"Sign file invalid, unable to load PKCS #1 key with fingerprint {fingerprint}") from None
    except ValueError as error:
        raise ExportError(str(error)) from None
    if not signed:
        raise ValidationError("Invalid signature in sign file")


command = HandWritten(
    "verify-query-results",
    run,
    doc="Check that the exported results of a query of CloudTrail Lake are what CloudTrail has exported: the hash of "
    "each file, and the signature of the hashes in result_sign.json. The files keep their names and stand in one "
    "place, in a folder or in a bucket.",
    arguments=(
        option("local-export-path", doc="The folder that the files are in."),
        option("s3-bucket", doc="The bucket that the files are in. Not together with --local-export-path."),
        option("s3-prefix", doc="Where in the bucket they are. Without it, at its top."),
    ),
)
