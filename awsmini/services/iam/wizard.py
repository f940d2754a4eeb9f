"""`awsmini iam wizard new-role`: something new, made by answering questions on the terminal."""

from awsmini.wizards.command import group, wizard

command = group("iam", {"new-role": "awsmini.services.iam.wizard:new_role"})
new_role = wizard(
    "iam",
    "new-role",
    "Create an IAM role by answering questions: who takes it, what it may do, and which profile uses it. It is shown "
    "as commands or as a CloudFormation template before it is made.",
)
