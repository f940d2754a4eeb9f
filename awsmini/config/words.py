"""A command line split into words, as a shell would: POSIX's way, and that of Windows."""

from pkgutil import resolve_name

from awsmini.errors import AwsminiError

SHELL_SPLIT = "shlex:split"


class CommandWordsError(AwsminiError):
    """A quote that is never closed."""


def split_command(command: str, platform: str) -> list[str]:
    """The program and its arguments. `platform` is `sys.platform`."""
    if platform == "win32":
        return _split_windows(command)
    try:
        words: list[str] = resolve_name(SHELL_SPLIT)(command)
    except ValueError as error:
        raise CommandWordsError(str(error)) from None
    return words


def _split_windows(command: str) -> list[str]:
    """The C runtime's rules: a double quote groups, a backslash escapes a quote, and is itself anywhere else."""
    words: list[str] = []
    word = ""
    started = quoted = False
    backslashes = 0
    for character in command:
        if character == "\\":
            backslashes += 1
            continue
        if character == '"':
            word += "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                quoted = not quoted
                started = True
        else:
            word += "\\" * backslashes
            if character in " \t" and not quoted:
                if started or word:
                    words.append(word)
                word, started = "", False
            else:
                word += character
        backslashes = 0
    if quoted:
        raise CommandWordsError(f"No closing quotation in string: {command}")
    word += "\\" * backslashes
    if started or word:
        words.append(word)
    return words
