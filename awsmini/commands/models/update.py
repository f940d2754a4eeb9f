"""`awsmini models update`: the newest models of all services, without a new awsmini."""

from contextlib import nullcontext
from pathlib import Path

from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.model import own, store
from awsmini.model.build import open_distribution
from awsmini.model.load import data
from awsmini.model.update import downloaded, models, news
from awsmini.params.arguments import option


def run(invocation: Invocation, values: Values) -> int:
    say, env = invocation.app.stdout.write, invocation.app.env
    before = invocation.models
    shipped = data("services.json")["botocore"]
    with nullcontext(Path(values["from"])) if "from" in values else downloaded(values.get("release")) as source:
        release = open_distribution(source).version
        if own.version(release) <= own.version(shipped):
            say(f"The models that awsmini ships are of botocore {shipped}; {release} is not newer.\n")
            return 0
        found = dict(models(source))
        services, operations = news(before, found)
        store.keep_release(env, release, iter(found.items()))
    say(f"The models are now those of botocore {release}.\n")
    for name in services:
        say(f"new service: {name}\n")
    for name, new in operations.items():
        say(f"new in {name}: {', '.join(new)}\n")
    return 0


command = HandWritten(
    "update",
    run,
    doc="Fetch the newest release of botocore with pip, and make the commands from its models.",
    arguments=(
        option("release", doc="A release of botocore, where the newest is not wanted."),
        option("from", doc="A botocore wheel, sdist or installed package at hand, in place of pip."),
    ),
)
