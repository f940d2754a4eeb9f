"""A stack brought to what a template says, by way of a change set: made, waited for, executed, waited for."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from awsmini.app import App
from awsmini.client import Client
from awsmini.errors import AwsminiError, ClientError, WaiterError
from awsmini.services.cloudformation.overrides import Parameter, for_new_stack, for_stack
from awsmini.waiting import Waiter

PREFIX = "awscli-cloudformation-package-deploy-"
CREATE, UPDATE = "CREATE", "UPDATE"
WAITERS = {CREATE: "stack_create_complete", UPDATE: "stack_update_complete"}
_NO_CHANGES = ("The submitted information didn't contain changes.", "No updates are to be performed")


class NoChangesError(AwsminiError):
    def __init__(self, stack: str) -> None:
        super().__init__(f"No changes to deploy. Stack {stack} is up to date")


class ChangeSetError(AwsminiError):
    """The change set cannot be made."""


class DeployError(AwsminiError):
    def __init__(self, stack: str) -> None:
        super().__init__(
            "Failed to create/update the stack. Run the following command\n"
            "to fetch the list of events leading up to the failure\n"
            f"awsmini cloudformation describe-stack-events --stack-name {stack}"
        )


class ChangeSet(NamedTuple):
    id: str
    type: str  # CREATE or UPDATE


class Wanted(NamedTuple):
    """What the stack is to become. `template` is the one parameter that says so: TemplateBody or TemplateURL."""

    stack: str
    template: Callable[[], Mapping[str, str]]
    parameters: Sequence[Parameter]
    capabilities: Sequence[str]
    tags: Sequence[Mapping[str, str]]
    optional: Mapping[str, Any]  # RoleARN, NotificationARNs


class Deployer(NamedTuple):
    client: Client
    app: App

    def create(self, wanted: Wanted) -> ChangeSet:
        """Make the change set. Raises ClientError."""
        now = self.app.now()
        parameters, kind = for_new_stack(wanted.parameters), CREATE
        if self._exists(wanted.stack):
            summary = self.client._make_api_call("GetTemplateSummary", {"StackName": wanted.stack})
            known = {each["ParameterKey"] for each in summary.get("Parameters", ())}
            parameters, kind = for_stack(wanted.parameters, known), UPDATE
        answer = self.client._make_api_call(
            "CreateChangeSet",
            {
                "ChangeSetName": f"{PREFIX}{int(now.timestamp())}",
                "StackName": wanted.stack,
                **wanted.template(),
                "ChangeSetType": kind,
                "Parameters": parameters,
                "Capabilities": wanted.capabilities,
                "Description": f"Created by AWS CLI at {now.replace(tzinfo=None).isoformat()} UTC",
                "Tags": wanted.tags,
                **wanted.optional,
            },
        )
        return ChangeSet(answer["Id"], kind)

    def _exists(self, stack: str) -> bool:
        """Whether there is a stack that can be updated: one that has not got beyond a review is yet to be made."""
        try:
            found = self.client._make_api_call("DescribeStacks", {"StackName": stack}).get("Stacks", [])
        except ClientError as error:
            if f"Stack with id {stack} does not exist" in str(error):
                return False
            raise
        return len(found) == 1 and found[0].get("StackStatus") != "REVIEW_IN_PROGRESS"

    def wait_until_made(self, made: ChangeSet, stack: str) -> None:
        """Raises NoChangesError, ChangeSetError."""
        try:
            self.client.get_waiter("change_set_create_complete").wait(
                ChangeSetName=made.id, StackName=stack, WaiterConfig={"Delay": 5}
            )
        except WaiterError as error:
            status = error.last_response.get("Status")
            reason = error.last_response.get("StatusReason", "")
            if status == "FAILED" and any(text in reason for text in _NO_CHANGES):
                raise NoChangesError(stack) from None
            told = "" if status is None else f" Status: {status}. Reason: {reason}"
            raise ChangeSetError(f"Failed to create the changeset: {error}{told}") from None

    def execute(self, made: ChangeSet, stack: str, *, disable_rollback: bool) -> None:
        self.client._make_api_call(
            "ExecuteChangeSet",
            {"ChangeSetName": made.id, "StackName": stack, "DisableRollback": disable_rollback},
        )

    def wait_until_done(self, made: ChangeSet, stack: str, sleep: Callable[[float], None]) -> None:
        """Raises DeployError."""
        known = self.client.get_waiter(WAITERS[made.type])
        waiter = Waiter(known.name, known.config, self.client._method("DescribeStacks", "WAITER"), sleep)
        try:
            waiter.wait(StackName=stack, WaiterConfig={"Delay": 30, "MaxAttempts": 120})
        except WaiterError:
            raise DeployError(stack) from None
