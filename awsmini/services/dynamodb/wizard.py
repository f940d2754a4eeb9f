"""`awsmini dynamodb wizard new-table`: something new, made by answering questions on the terminal."""

from awsmini.wizards.command import group, wizard

command = group("dynamodb", {"new-table": "awsmini.services.dynamodb.wizard:new_table"})
new_table = wizard(
    "dynamodb",
    "new-table",
    "Create a DynamoDB table by answering questions: its keys, its capacity, its encryption. It is shown as commands "
    "or as a CloudFormation template before it is made.",
)
