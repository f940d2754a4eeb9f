"""Completion of one word of a command line, for bash, zsh, fish and the prompt.

`main.py` is what the shells start; `engine.complete` is the whole of it without a process around it: the line is
split into words (`words.py`), the words are read as far as the cursor (`position.py`) along the command tree
(`nodes.py`), and what may stand there is collected (`values.py` and what it calls). It must cost less than a
keystroke is felt, so the tree is walked by names, without click and without the commands themselves.
"""
