"""The prompt: `--cli-auto-prompt`, and the setting `cli_auto_prompt`. A command line is typed on a screen that helps.

`mode.py` says when it opens, `editor.ask` opens it and gives the words of the command, which then runs as if typed in
the shell. What the menu holds (`offers.py`, on top of `awsmini/completion`), the help of the command (`docs.py`), the
preview of its answer (`preview.py`) and the lines typed before (`history.py`) know nothing of the screen; that is
`screen.py`, `keys.py` and `editor.py`, the only ones that load prompt_toolkit.
"""
