"""`awsmini gamelift get-game-session-log` and `upload-build`."""

import os
from collections.abc import Sequence
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError, ClientError
from awsmini.model.shapes import ServiceModel
from awsmini.params.arguments import option
from awsmini.parse.body import streaming_body
from awsmini.parse.presence import refuse_page
from awsmini.records import Credentials, Reply, Request
from awsmini.services.shared.file_sizes import readable_size
from awsmini.services.shared.several_calls import MADE, told_what_is_done
from awsmini.services.shared.zip_archives import files_below, zipped
from awsmini.system.atomic import check_writable, saving

if TYPE_CHECKING:
    from awsmini.client import Client

PIECE = 64 * 2**10
UPLOAD = "awsmini.services.shared.s3_uploads:upload"  # a client
STEP = 128 * 2**10  # bytes from one line of progress to the next

_TAGS = option("tags", nargs="+", doc="Tags of the build, as `Key=Value` words.")


class LogError(AwsminiError):
    """The log cannot be had."""


def _save_log(invocation: Invocation, values: Values) -> int:
    """Save the log of a game session. The address that it is at is not shown: whoever has it may read the log."""
    app, session_id, path = invocation.app, values["game_session_id"], values["save_as"]
    check_writable(path)
    client = invocation.session.client("gamelift")
    url = client._make_api_call("GetGameSessionLogUrl", {"GameSessionId": session_id}).get("PreSignedUrl")
    if not url:
        raise LogError(f"There is no log of the game session {session_id}.")
    send = app.open_sender(invocation.session._sender_options(None))
    reply: Reply = send(Request(method="GET", url=url, headers={}, stream=True))
    if reply.raw is None:
        raise LogError(f"HTTP Error {reply.status}: {reply.reason}")
    refuse_page(reply)
    app.stdout.write(f"Downloading log archive for game session {session_id}...\r")
    with saving(path) as file:
        file.writelines(streaming_body(reply).iter_chunks(PIECE))
    app.stdout.write(f"Successfully downloaded log archive for game session {session_id} to {path}\n")
    return 0


def _upload_build(invocation: Invocation, values: Values) -> int:
    """Register a build, and upload its folder with the credentials that GameLift gives for it."""
    app, root = invocation.app, values["build_root"]
    if not root or not any(files for _, _, files in os.walk(root)):
        app.stderr.write(f"Fail to upload {root}. The build root directory is empty or does not exist.\n")
        return 255
    gamelift = invocation.session.client("gamelift")
    build = gamelift._make_api_call("CreateBuild", _build(values, values.get(_TAGS.dest, [])))["Build"]["BuildId"]
    with told_what_is_done(invocation, MADE, [f"build {build}"]):
        _upload(invocation, gamelift, build, root)
    app.stdout.write(f"Successfully uploaded {root} to AWS GameLift\nBuild ID: {build}\n")
    return 0


def _upload(invocation: Invocation, gamelift: "Client", build: str, root: str) -> None:
    answer = gamelift._make_api_call("RequestUploadCredentials", {"BuildId": build})
    where, lent = answer["StorageLocation"], answer["UploadCredentials"]
    app, session = invocation.app, invocation.session
    s3 = session.client_for(
        ServiceModel(session.models.lines("s3")),
        credentials=Credentials(lent["AccessKeyId"], lent["SecretAccessKey"], lent["SessionToken"]),
        endpoint_flag=False,
    )
    with zipped(files_below(root, follow_links=False)) as archive:
        size = archive.seek(0, os.SEEK_END)

        def progress(sent: int) -> None:
            app.stdout.write(
                f"\rUploading {root}:  {readable_size(sent)} / {readable_size(size)}  ({sent / size * 100:.2f}%)"
            )
            app.stdout.flush()

        try:
            resolve_name(UPLOAD)(s3, where["Bucket"], where["Key"], archive, {}, progress, step=STEP)
        except ClientError:
            progress(size)
            raise
        progress(size)  # v2 tells of the end twice


def _build(values: Values, tags: str | Sequence[str]) -> dict[str, Any]:
    """What describes the build."""
    build: dict[str, Any] = {"Name": values["name"], "Version": values["build_version"]}
    optional = {"OperatingSystem": "operating_system", "ServerSdkVersion": "server_sdk_version"}
    build |= {member: values[dest] for member, dest in optional.items() if values.get(dest)}
    if tags:
        pairs = [tag.partition("=") for tag in ([tags] if isinstance(tags, str) else tags)]
        build["Tags"] = [{"Key": key, "Value": value} for key, _, value in pairs]
    return build


get_game_session_log = HandWritten(
    "get-game-session-log",
    _save_log,
    doc="Save the log of a game session.",
    arguments=(
        option("game-session-id", required=True, doc="The game session."),
        option("save-as", required=True, doc="The file to save the log to, a zip file."),
    ),
)
upload_build = HandWritten(
    "upload-build",
    _upload_build,
    doc="Register a build of a game server, and upload the folder that it is in.",
    arguments=(
        option("name", required=True, doc="The name of the build."),
        option("build-version", required=True, doc="The version of the build."),
        option("build-root", required=True, doc="The folder of the build. It goes as one zip file."),
        option("server-sdk-version", doc="The version of the GameLift server SDK that the game server was made with."),
        option("operating-system", doc="The operating system that the build is for."),
        _TAGS,
    ),
)
