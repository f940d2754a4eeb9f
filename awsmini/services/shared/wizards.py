"""`awsmini SERVICE wizard NAME`: something new, made by answering questions on the terminal."""

from awsmini.wizards.command import group, wizard

dynamodb = group("dynamodb", {"new-table": "awsmini.services.shared.wizards:new_table"})
new_table = wizard(
    "dynamodb",
    "new-table",
    "Create a DynamoDB table by answering questions: its keys, its capacity, its encryption. It is shown as commands "
    "or as a CloudFormation template before it is made.",
)
events = group("events", {"new-rule": "awsmini.services.shared.wizards:new_rule"})
new_rule = wizard(
    "events",
    "new-rule",
    "Create an EventBridge rule by answering questions: which events or what schedule, and what they start. It is "
    "shown as commands or as a CloudFormation template before it is made. What it starts is permitted to be started.",
)
iam = group("iam", {"new-role": "awsmini.services.shared.wizards:new_role"})
new_role = wizard(
    "iam",
    "new-role",
    "Create an IAM role by answering questions: who takes it, what it may do, and which profile uses it. It is shown "
    "as commands or as a CloudFormation template before it is made.",
)
lambda_ = group("lambda", {"new-function": "awsmini.services.shared.wizards:new_function"})
new_function = wizard(
    "lambda",
    "new-function",
    "Create a Lambda function by answering questions: its runtime, its role, its code. It is shown as commands or as a "
    "CloudFormation template before it is made.",
)
