"""`awsmini gamelift get-game-session-log`."""

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.params.arguments import option
from awsmini.parse.body import streaming_body
from awsmini.parse.presence import refuse_page
from awsmini.records import Reply, Request
from awsmini.system.atomic import check_writable, saving

PIECE = 64 * 2**10


class LogError(AwsminiError):
    """The log cannot be had."""


def run(invocation: Invocation, values: Values) -> int:
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


command = HandWritten(
    "get-game-session-log",
    run,
    doc="Save the log of a game session.",
    arguments=(
        option("game-session-id", required=True, doc="The game session."),
        option("save-as", required=True, doc="The file to save the log to, a zip file."),
    ),
)
