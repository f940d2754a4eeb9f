"""`awsmini s3 website`."""

from awsmini.commandline.handwritten import HandWritten
from awsmini.params.arguments import option
from awsmini.services.s3 import options

command = HandWritten(
    "website",
    "awsmini.services.s3.buckets:website",
    doc="Make a website of a bucket.",
    arguments=(
        options.ONE_PATH,
        option("index-document", doc="What is served for a folder: the last part of the key, such as index.html."),
        option("error-document", doc="The key of the object that is served where there is an error."),
    ),
    literal=options.LITERAL,
)
