"""What creating and updating a web function have in common: the clients, what is told and asked, and the code."""

import secrets
from collections.abc import Mapping
from functools import cached_property
from typing import IO, Any

from awsmini.client import Client
from awsmini.commandline.invocation import Invocation
from awsmini.config.rules import partition
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.load import data
from awsmini.model.shapes import ServiceModel
from awsmini.services.lambda_web import bundle, places
from awsmini.services.lambda_web.errors import InvalidOptionError, LambdaWebError
from awsmini.services.lambda_web.options import ENTRY_VARIABLE, Options, two_entry_points

NOT_THERE = "ResourceNotFoundException"
_CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
_CONSOLE = "console.aws.amazon.com"


class Deployment:
    """One run of the command."""

    def __init__(self, invocation: Invocation, options: Options) -> None:
        self.invocation = invocation
        self.app = invocation.app
        self.options = options
        region = invocation.session.region_name
        if not region:
            raise LambdaWebError(
                "You must specify an AWS Region. Pass --region, set AWS_DEFAULT_REGION, or configure a default region "
                "with 'awsmini configure'."
            )
        self.region = region
        self.account, self.partition = self._identity()
        self.client = invocation.session.client("lambda-web")

    def _client(self, service: str) -> Client:
        """--endpoint-url is not for these."""
        session = self.invocation.session
        return session.client_for(ServiceModel(session.models.lines(service)), endpoint_flag=False)

    @cached_property
    def s3(self) -> Client:
        return self._client("s3")

    @cached_property
    def iam(self) -> Client:
        return self._client("iam")

    def _identity(self) -> tuple[str, str]:
        """The account, and the partition of the region."""
        try:
            account = self._client("sts")._make_api_call("GetCallerIdentity", {})["Account"]
        except (AwsminiError, KeyError):
            raise LambdaWebError(
                "Unable to retrieve the AWS account ID with AWS Security Token Service (AWS STS) GetCallerIdentity. "
                "Verify your credentials and sts:GetCallerIdentity permission."
            ) from None
        return str(account), str(partition(data("partitions.json")["partitions"], self.region)["name"])

    def tell(self, text: str) -> None:
        self.app.stderr.write(text + "\n")
        self.app.stderr.flush()

    def confirm(self, question: str, refusal: str) -> None:
        """Go on where --create is given or somebody presses Enter. Raises LambdaWebError."""
        if self.options.get("create"):
            return
        if not self.app.stdin.isatty():
            raise LambdaWebError(refusal)
        self.tell(question)
        if not self.app.stdin.readline():
            raise KeyboardInterrupt

    def existing(self) -> Mapping[str, Any] | None:
        """The function, if there is one."""
        try:
            return self.client._make_api_call("GetWebFunction", {"functionName": self.options.name})
        except ClientError as error:
            if places.code_of(error) != NOT_THERE:
                raise
            return None

    # The code.

    def package(self, code: str, env: Mapping[str, str]) -> IO[bytes]:
        """The zip file of the folder. Raises LambdaWebError, InvalidOptionError."""
        options = self.options
        entry = None
        variable = env.get(ENTRY_VARIABLE)
        if variable is not None:
            if options.get("entry_point"):
                raise two_entry_points()
            if not bundle.is_there(code, variable):
                raise InvalidOptionError(
                    f"{ENTRY_VARIABLE} points at '{variable}', but no such file exists under --code '{code}'. Include "
                    "the file in the deployment package or specify a different entry point."
                )
            self.tell(f"Using entry point '{variable}' from {ENTRY_VARIABLE}.")
        else:
            entry = bundle.entry_point(code, options.get("entry_point"))
        self.tell("Creating deployment package ...")
        found = bundle.collect(
            code,
            hidden=bool(options.get("include_hidden_files")),
            forced=options.given.get("force_include", ()),
        )
        for warning in found.warnings:
            self.tell(warning)
        return bundle.archive(code, found, entry)

    def bucket(self) -> str:
        self.tell("Preparing Amazon S3 bucket ...")
        bucket: str | None = self.options.get("bucket_name")
        if bucket is not None:
            places.check_bucket(self.s3, bucket)
            return bucket
        bucket = places.managed_bucket(self.account, self.region)
        places.ensure_bucket(self.s3, bucket, self.account, self.region, self.partition)
        return bucket

    def uploaded(self, bucket: str, archive: IO[bytes]) -> dict[str, str]:
        self.tell("Uploading deployment package ...")
        key = f"lambda-web/{self.options.name}/{self.app.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}.zip"
        code = places.put_code(self.s3, bucket, key, archive)
        if "versionId" not in code:
            self.tell(
                "Warning: The command couldn't retrieve an Amazon S3 version ID for the uploaded deployment package. "
                "The deployment request will omit the version ID."
            )
        return code

    def tell_of_package(self, code: Mapping[str, str]) -> None:
        """What is left behind where it comes to nothing."""
        version = f" (version ID: {code['versionId']})" if "versionId" in code else ""
        self.tell(f"The deployment package remains in Amazon S3: s3://{code['bucket']}/{code['key']}{version}")

    def check_role(self) -> None:
        role = self.options.get("execution_role_arn")
        if role is not None:
            places.check_role(self.iam, role)

    def console_url(self) -> str:
        host = _CONSOLES.get(self.partition, _CONSOLE)
        return f"https://{self.region}.{host}/lambda/home#/web-functions/{self.options.name}"
