"""`awsmini configure`: see, set and share what the config and credentials files say."""

from awsmini.commandline.handwritten import HandWritten

command = HandWritten(
    "configure",
    "awsmini.commands.configure.interactive:run",
    doc="Set up a profile: keys, region and output format, each asked for. Enter keeps what there is.",
    subcommands={
        "list": "awsmini.commands.configure.show:command",
        "get": "awsmini.commands.configure.get:command",
        "set": "awsmini.commands.configure.set:command",
        "add-model": "awsmini.commands.configure.add_model:command",
        "import": "awsmini.commands.configure.import_csv:command",
        "list-profiles": "awsmini.commands.configure.profiles:command",
        "sso": "awsmini.commands.configure.sso:command",
        "sso-session": "awsmini.commands.configure.sso:session_command",
        "mfa-login": "awsmini.commands.configure.mfa_login:command",
        "export-credentials": "awsmini.commands.configure.export_credentials:command",
        "agent-toolkit": "awsmini.commands.configure.agent_toolkit:command",
        "wizard": "awsmini.commands.configure.wizard:command",
    },
)
