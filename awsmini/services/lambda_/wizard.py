"""`awsmini lambda wizard new-function`: something new, made by answering questions on the terminal."""

from awsmini.wizards.command import group, wizard

command = group("lambda", {"new-function": "awsmini.services.lambda_.wizard:new_function"})
new_function = wizard(
    "lambda",
    "new-function",
    "Create a Lambda function by answering questions: its runtime, its role, its code. It is shown as commands or as a "
    "CloudFormation template before it is made.",
)
