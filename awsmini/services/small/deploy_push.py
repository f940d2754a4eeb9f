"""`awsmini deploy push`."""

import os
from collections.abc import Iterator
from pkgutil import resolve_name
from typing import IO, Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ParamValidationError
from awsmini.params.arguments import flag, option
from awsmini.services.shared.several_calls import UPLOADED, told_what_is_done
from awsmini.services.shared.zip_archives import Entry, files_below, zipped
from awsmini.services.small.deploy_on_premises import s3_location

UPLOAD = "awsmini.services.small.deploy_upload:upload"  # clients
APPSPEC = "appspec.yml"


class PushError(AwsminiError):
    """The revision cannot be bundled or uploaded."""


def run(invocation: Invocation, values: Values) -> int:
    """Bundle a folder, upload it, and register it as a revision of an application."""
    app, location = invocation.app, values["s3_location"]
    where = s3_location("s3-location", location)
    if values.get("ignore_hidden_files") and values.get("no_ignore_hidden_files"):
        raise ParamValidationError("You cannot specify both --ignore-hidden-files and --no-ignore-hidden-files.")
    now = app.now().replace(tzinfo=None).isoformat()
    description = values.get("description") or f"Uploaded by AWS CLI {now} UTC"
    source = values.get("source", ".")
    with bundle(source, ignore_hidden=values.get("ignore_hidden_files", False)) as archive:
        revision = resolve_name(UPLOAD)(invocation, where, archive, source, location)
    client = invocation.session.client("codedeploy")
    request = {
        "applicationName": values["application_name"],
        "revision": {"revisionType": "S3", "s3Location": revision},
        "description": description,
    }
    with told_what_is_done(invocation, UPLOADED, [location]):
        client._make_api_call("RegisterApplicationRevision", request)
    app.stdout.write(_next_step(values["application_name"], revision))
    return 0


def bundle(source: str, *, ignore_hidden: bool) -> IO[bytes]:
    """The files of a folder as a zip file. Raises PushError where it has no appspec."""
    folder = os.path.abspath(source)
    entries = list(_entries(folder, ignore_hidden))
    if all(entry.name != APPSPEC for entry in entries):
        raise PushError(f"{os.path.join(folder, APPSPEC)} was not found")
    return zipped(entries)


def _entries(folder: str, ignore_hidden: bool) -> Iterator[Entry]:
    for entry in files_below(folder, follow_links=False):
        if not ignore_hidden or not any(part.startswith(".") for part in entry.name.split("/")):
            yield entry


def _next_step(application: str, revision: dict[str, Any]) -> str:
    """The command that deploys the revision."""
    version = f",version={revision['version']}" if "version" in revision else ""
    return (
        "To deploy with this revision, run:\n"
        f"awsmini deploy create-deployment --application-name {application} "
        f"--s3-location bucket={revision['bucket']},key={revision['key']},bundleType=zip,"
        f"eTag={revision['eTag']}{version} --deployment-group-name <deployment-group-name> "
        "--deployment-config-name <deployment-config-name> --description <description>\n"
    )


command = HandWritten(
    "push",
    run,
    doc="Bundle a folder as a revision of an application, upload it to S3 and register it. You are told the command "
    "that deploys it. The folder has to have an appspec.yml.",
    arguments=(
        option("application-name", required=True, doc="The application of CodeDeploy."),
        option("s3-location", required=True, doc="Where to upload the revision to: `s3://BUCKET/KEY`."),
        flag(
            "ignore-hidden-files",
            group="ignore-hidden-files",
            doc="Leave out files and folders whose names begin with a dot.",
        ),
        flag(
            "no-ignore-hidden-files",
            group="ignore-hidden-files",
            doc="Bundle hidden files too. That is so where nothing else is said.",
        ),
        option("source", doc="The folder to bundle. The one you are in where none is given."),
        option("description", doc="What the revision is. Where nothing is said, it has the time for a description."),
    ),
)
