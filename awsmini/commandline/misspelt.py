"""What is said of words that no option was found for: which they are, and the options that may have been meant."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from awsmini.commandline.globals import OPTIONS
from awsmini.params.arguments import Argument

NEAR = 0.8  # the least likeness of two names, as difflib counts it


def unknown_options(words: Sequence[str], arguments: Iterable[Argument] = ()) -> str:
    """The words in their order, and below them the near names among the command's `arguments` and the global options."""
    known = {option.cli_name for option in (*arguments, *OPTIONS) if not (option.positional or option.hidden)}
    lines = list(dict.fromkeys(_near(words, known)))
    message = f"Unknown options: {', '.join(words)}"
    return "\n".join([message, "", "Maybe you meant:", *lines]) if lines else message


def _near(words: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """A line for each name that is near to a word with two dashes; what follows a `=` is no part of the name."""
    for word in words:
        if word.startswith("--"):
            name = word[2:].partition("=")[0]
            for near in get_close_matches(name, known, cutoff=NEAR):
                yield f"  * --{near} (instead of --{name})"
