"""Help: what a command is, page by page.

A page (`root`, `service`, `operation`, `waiter`, `handwritten`, `topics`) is made as blocks (`page.py`), whatever it
is shown on; `layout` turns blocks into lines of a width that `terminal` shows, and `web` makes HTML of them. AWS's own prose is
read where it is installed (`prose.py`), and converted by `markup`. `awsmini.commands.help` puts it together.
"""
