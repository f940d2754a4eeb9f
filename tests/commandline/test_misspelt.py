import pytest

from awsmini.commandline.misspelt import unknown_options
from awsmini.params.arguments import flag, option

ARGUMENTS = (
    option("user-name"),
    option("instance-ids"),
    option("security-group-ids"),
    option("security-groups"),
    option("acl"),
    option("summarize"),
    option("max-results", hidden=True),
    option("bucket-path", positional=True),
    flag("recursive"),
    flag("dry-run", dest="dry_run"),
    flag("no-dry-run", dest="dry_run", value=False),
)
# The words left over, and the lines of what may have been meant.
MISSPELT = {
    "two letters short, and its value": ("--usr-nme x", ["user-name (instead of --usr-nme)"]),
    "only what is before the equals sign": ("--usr-name=x", ["user-name (instead of --usr-name)"]),
    "another name": ("--instances i-1", ["instance-ids (instead of --instances)"]),
    "the nearest first": (
        "--securitygroup-ids",
        ["security-group-ids (instead of --securitygroup-ids)", "security-groups (instead of --securitygroup-ids)"],
    ),
    "in the order of the words": (
        "--dry_run --usr-name",
        ["dry-run (instead of --dry_run)", "user-name (instead of --usr-name)"],
    ),
    "twice the same": ("--usr-name --usr-name=b", ["user-name (instead of --usr-name)"]),
    "just near enough": ("--no-recursve", ["recursive (instead of --no-recursve)"]),
    "a flag that says no": ("--no-dryrun", ["no-dry-run (instead of --no-dryrun)"]),
    "a third dash": ("---acl", ["acl (instead of ---acl)"]),
    "global options": ("--outpt --profle=x", ["output (instead of --outpt)", "profile (instead of --profle)"]),
    "nothing near": ("--summaxxze --acb ----acl", []),
    "hidden": ("--maxresults 3", []),
    "positional": ("--bucket-pat", []),
    "no two dashes": ("-user-name user-nam", []),
    "other case": ("--USER-NAME", []),
}


@pytest.mark.parametrize(("words", "meant"), MISSPELT.values(), ids=MISSPELT)
def test_near_names_are_told(words, meant):
    words = words.split()
    first, *rest = unknown_options(words, ARGUMENTS).split("\n")
    assert first == "Unknown options: " + ", ".join(words)
    assert rest == (["", "Maybe you meant:", *(f"  * --{line}" for line in meant)] if meant else [])
