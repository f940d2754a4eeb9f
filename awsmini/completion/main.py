"""What the shells start: COMP_LINE and COMP_POINT say where the cursor is, the candidates are printed a line each.

Without arguments it is AWS CLI v2's `aws_completer`, for `complete -C` and whatever else knows it. The scripts of
`awsmini completion` name their shell first. Nothing but candidates is ever printed, whatever goes wrong.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from awsmini.completion.candidate import Candidate
from awsmini.completion.engine import complete
from awsmini.completion.values import World
from awsmini.completion.words import Words, quoted, split

TIME_LIMIT = 2.0  # seconds, for everything
STARTED = 0.1  # seconds that had passed before this module was loaded


def main() -> None:
    """Print the candidates, and leave at once: a call to the account may still be under way."""
    deadline = time.monotonic() + TIME_LIMIT - STARTED
    try:
        text = output(sys.argv[1:], os.environ, lambda: deadline - time.monotonic())
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt):
        os._exit(1)
    os._exit(0)


def output(arguments: Sequence[str], env: Mapping[str, str], time_left: Callable[[], float]) -> str:
    """What is printed for the arguments and the environment that a shell gives."""
    line = env.get("COMP_LINE") or env.get("COMMAND_LINE") or ""  # tcsh has the other name
    point = env.get("COMP_POINT", "")
    typed = split(line[: int(point)] if point.isdecimal() else line)
    candidates = complete(typed, World(env, time_left))
    shell = arguments[0] if arguments else ""
    if shell in NOTED:
        return "".join(f"{NOTED[shell](candidate)}\n" for candidate in candidates)
    # `complete -C` gives the command, the word and the one before it; our script for bash the word alone.
    word = arguments[1] if (shell == "bash" and len(arguments) == 2) or len(arguments) == 3 else typed.raw
    return "".join(_for_bash(candidates, typed, word, ends=shell == "bash"))


def _zsh(candidate: Candidate) -> str:
    return f"{'open' if candidate.is_open else 'done'}\t{candidate.text}\t{candidate.note}"


def _fish(candidate: Candidate) -> str:
    return f"{candidate.text}\t{candidate.note}"


NOTED = {"zsh": _zsh, "fish": _fish}


def _for_bash(candidates: Sequence[Candidate], typed: Words, word: str, *, ends: bool) -> Iterator[str]:
    """Lines as bash puts them in the place of `word`, which begins after the last `:` or `=` of what is typed.

    With `ends` a blank follows where nothing more is to be typed; bash itself would set one after a folder too.
    Where a quote is open, bash closes it after a sole candidate, so one that goes on is not left alone.
    """
    known = len(typed.raw) - len(word) if typed.raw.endswith(word) else 0
    for candidate in candidates:
        text = quoted(candidate.text, typed)
        if text is not None:
            yield f"{text[known:]}{' ' if ends and not candidate.is_open and not typed.quote else ''}\n"
            if ends and typed.quote and candidate.is_open and len(candidates) == 1:
                yield f"{text[known:]}…\n"
