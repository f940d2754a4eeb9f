"""GameLift: builds are uploaded, and logs of games saved."""

from awsmini.services.record import Service

SERVICE = Service(
    commands={
        "get-game-session-log": "awsmini.services.gamelift.get_game_session_log:command",
        "upload-build": "awsmini.services.gamelift.upload_build:command",
    },
)
