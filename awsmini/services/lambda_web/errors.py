"""What `lambda-web deploy` says where it cannot go on: `Error: …`, without the program's name."""

from awsmini.errors import AwsminiError


class LambdaWebError(AwsminiError):
    code = "LambdaWebError"


class InvalidOptionError(LambdaWebError):
    """An option, or the folder that it names, is not what it has to be."""

    exit_code = 252
