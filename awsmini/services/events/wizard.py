"""`awsmini events wizard new-rule`: something new, made by answering questions on the terminal."""

from awsmini.wizards.command import group, wizard

command = group("events", {"new-rule": "awsmini.services.events.wizard:new_rule"})
new_rule = wizard(
    "events",
    "new-rule",
    "Create an EventBridge rule by answering questions: which events or what schedule, and what they start. It is "
    "shown as commands or as a CloudFormation template before it is made. What it starts is permitted to be started.",
)
