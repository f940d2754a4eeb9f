"""`awsmini completion bash|zsh|fish`: the script that makes a shell complete the words of awsmini."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import AwsminiError
from awsmini.format.output import write_out
from awsmini.model.load import DATA, content
from awsmini.params.arguments import flag, option
from awsmini.system.app_dirs import data_folder
from awsmini.system.atomic import writing
from awsmini.system.user_dirs import home_folder

SCRIPTS = {"bash": "awsmini.bash", "zsh": "_awsmini", "fish": "awsmini.fish"}
AFTERWARDS = {
    "bash": "New shells complete awsmini, where bash-completion is installed. Elsewhere, put this into ~/.bashrc:\n"
    "    source {path}\n",
    "zsh": "Put this into ~/.zshrc, before compinit, unless it is there already:\n    fpath=({folder} $fpath)\n",
    "fish": "New shells complete awsmini.\n",
}


class ScriptError(AwsminiError):
    """The script is not there, or cannot be put where the shell looks."""


def script(shell: str) -> str:
    """The text of a shell's script: part of what is installed, or of the checkout."""
    name = f"completions/{SCRIPTS[shell]}"
    for folder in (DATA, DATA.parent.parent):
        with suppress(FileNotFoundError):
            return content(name, folder).decode()
    raise ScriptError(f"{SCRIPTS[shell]} is not part of this installation")


def place(shell: str, env: Mapping[str, str]) -> Path:
    """Where a shell looks for a user's own scripts; zsh looks where it is told to."""
    shared = data_folder(env, "linux").parent  # ~/.local/share, on every system
    if shell == "bash":
        home = env.get("BASH_COMPLETION_USER_DIR") or str(shared / "bash-completion")
        return Path(home.split(os.pathsep)[0], "completions", "awsmini")
    if shell == "zsh":
        return shared / "zsh" / "site-functions" / SCRIPTS[shell]
    config = env.get("XDG_CONFIG_HOME", "")
    return Path(
        config if os.path.isabs(config) else Path(home_folder(env), ".config"), "fish", "completions", SCRIPTS[shell]
    )


def run(invocation: Invocation, values: Values) -> int:
    app, shell = invocation.app, values["shell"]
    text = script(shell)
    if not values.get("install"):
        write_out([text], app)
        return 0
    path = place(shell, app.env)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(str(path)) as file:
            file.write(text.encode())
    except OSError as error:
        raise ScriptError(f"{path} cannot be written: {error.strerror}") from None
    app.stdout.write(f"{path} is there. {AFTERWARDS[shell].format(path=path, folder=path.parent)}")
    return 0


command = HandWritten(
    "completion",
    run,
    doc="Print the script that makes a shell complete the words of awsmini. bash: eval "
    '"$(awsmini completion bash)" in ~/.bashrc; zsh: eval "$(awsmini completion zsh)" in ~/.zshrc, after compinit; '
    "fish: awsmini completion fish | source in ~/.config/fish/config.fish. Commands, options, their values and, "
    "unless AWSMINI_COMPLETE_REMOTE is 0, names from the account are completed.",
    arguments=(
        option("shell", positional=True, required=True, choices=tuple(SCRIPTS), doc="bash, zsh or fish."),
        flag("install", doc="Put the script where the shell looks for such, instead of printing it."),
    ),
)
