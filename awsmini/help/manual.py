"""The addresses of AWS's own manual of the AWS CLI."""

BASE = "https://awscli.amazonaws.com/v2/documentation/api/latest"
# What is not in it.
OURS = frozenset(("completion", "local", "models", "search"))


def address(kind: str, *path: str | None) -> str | None:
    """The page of a command (`kind` is `reference`) or topic (`topic`); None where the manual has none.

    The path ends with None where the page is that of a group, and with "" where it is that of a single command.
    """
    *names, last = path
    words = [name for name in names if name]
    if words and words[0] in OURS:
        return None
    if last:
        words.append(last)
    if not words and kind == "reference":
        return f"{BASE}/index.html"
    return "/".join([BASE, kind, *words]) + ("/index.html" if last is None else ".html")
