"""GameLift: builds are uploaded, and logs of games saved."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "get-game-session-log": "awsmini.services.small.gamelift:get_game_session_log",
        "upload-build": "awsmini.services.small.gamelift:upload_build",
    },
)
