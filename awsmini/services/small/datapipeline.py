"""`awsmini datapipeline create-default-roles` and `list-runs`: when a pipeline ran, and what came of it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from awsmini.client import Client
from awsmini.commandline.answer import check, conversions, show_value
from awsmini.commandline.handwritten import HandWritten, Values
from awsmini.commandline.invocation import Invocation
from awsmini.errors import ParamValidationError
from awsmini.format.output import write_out
from awsmini.params.arguments import option
from awsmini.records import Conversions
from awsmini.services.shared.default_roles import allowed, is_there, trust
from awsmini.services.shared.several_calls import MADE, told_what_is_done

SERVICE_ROLE, RESOURCE_ROLE = "DataPipelineDefaultRole", "DataPipelineDefaultResourceRole"
VERSION = "2008-10-17"  # of the language that their documents are in
ROLES = {
    SERVICE_ROLE: ("AWSDataPipelineRole", ("datapipeline.amazonaws.com", "elasticmapreduce.amazonaws.com")),
    RESOURCE_ROLE: ("AmazonEC2RoleforDataPipelineRole", ("ec2.amazonaws.com",)),
}

DEPRECATED = "Deprecated: roles that are missing may not be made, as AWS may have taken their policies away.\n"


def _create_default_roles(invocation: Invocation, values: Values) -> int:
    check(invocation)
    invocation.app.stderr.write(DEPRECATED)
    iam = invocation.session.client("iam")
    done: list[str] = []
    with told_what_is_done(invocation, MADE, done):
        made = [role for name in ROLES if (role := _made_role(iam, name, conversions(invocation), done))]
        _instance_profile(iam, RESOURCE_ROLE, done)
    show_value(invocation, "create_role", made)
    return 0


def _instance_profile(iam: Client, name: str, done: list[str]) -> None:
    if is_there(iam, "GetInstanceProfile", {"InstanceProfileName": name}):
        return
    iam._make_api_call("CreateInstanceProfile", {"InstanceProfileName": name})
    done.append(f"instance profile {name}")
    iam._make_api_call("AddRoleToInstanceProfile", {"InstanceProfileName": name, "RoleName": name})


def _made_role(iam: Client, name: str, converted: Conversions, done: list[str]) -> dict[str, Any] | None:
    """The role, if it was missing, and what its policy allows. What is made is noted in `done`."""
    if is_there(iam, "GetRole", {"RoleName": name}):
        return None
    policy, services = ROLES[name]
    document = json.dumps(trust(VERSION, *services), indent=2)
    answer = iam._make_api_call("CreateRole", {"RoleName": name, "AssumeRolePolicyDocument": document}, converted)
    done.append(f"role {name}")
    arn = f"arn:aws:iam::aws:policy/service-role/{policy}"
    iam._make_api_call("AttachRolePolicy", {"PolicyArn": arn, "RoleName": name})
    return {"Role": answer["Role"], "RolePolicy": allowed(iam, arn)}


create_default_roles = HandWritten(
    "create-default-roles",
    _create_default_roles,
    doc=f"Make the IAM roles {SERVICE_ROLE} and {RESOURCE_ROLE}, and an instance profile of the latter's name, where "
    "they are missing. What is there stays as it is.\n\n"
    "AWS has closed the service to new users, and may have taken the policies away that these roles are given.",
)


STARTED, SCHEDULED = "@actualStartTime", "@scheduledStartTime"
DAYS = 4  # that are looked back where nothing is said
WRITTEN_OUT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?Z?\Z")  # what else the service takes is its own
AT_ONCE = 100  # objects of one DescribeObjects
STATUSES = (
    "waiting", "pending", "cancelled", "running", "finished", "failed", "waiting_for_runner",
    "waiting_on_dependencies", "shutting_down",
)  # fmt: skip

Run = dict[str, Any]


def _list_runs(invocation: Invocation, values: Values) -> int:
    query = {"selectors": list(_selectors(values, invocation.app.now()))}
    client = invocation.session.client("datapipeline")
    asked = {"pipelineId": values["pipeline_id"], "sphere": "INSTANCE", "query": query}
    ids = client.get_paginator("query_objects").paginate(**asked).build_full_result().get("ids", [])
    runs = sorted(_described(client, values["pipeline_id"], ids), key=_when)
    if invocation.flags.get("output") is None and invocation.query is None:
        write_out(_table(runs), invocation.app)
    elif invocation.flags.get("output") is None:
        write_out(_table(invocation.query.search(runs) or ()), invocation.app)  # type: ignore[union-attr]
    else:
        show_value(invocation, "list-runs", runs)
    return 0


def _selectors(values: Values, now: datetime) -> Iterator[dict[str, Any]]:
    """What the runs have to be like. Raises ParamValidationError."""
    intervals = {STARTED: values.get("start_interval"), SCHEDULED: values.get("schedule_interval")}
    if not any(intervals.values()):
        yield _between(STARTED, [f"{moment:%Y-%m-%dT%H:%M:%S}" for moment in (now - timedelta(days=DAYS), now)])
    for (name, text), label in zip(intervals.items(), ("--start-interval", "--schedule-interval"), strict=True):
        if text is not None:
            ends = [part.strip() for part in text.split(",")]
            if len(ends) < 2:
                raise ParamValidationError(f"{label} takes two moments with a comma in between: {text}")
            for moment in filter(WRITTEN_OUT.match, ends[:2]):
                _check(label, moment)
            yield _between(name, ends[:2])
    if "status" in values:
        statuses = [part.strip() for part in values["status"].split(",")]
        for status in statuses:
            if status not in STATUSES:
                raise ParamValidationError(f"Invalid status: {status}, must be one of: {', '.join(STATUSES)}")
        wanted = {"type": "EQ", "values": [status.upper() for status in statuses]}
        yield {"fieldName": "@status", "operator": wanted}


def _check(label: str, moment: str) -> None:
    try:
        datetime.fromisoformat(moment.rstrip("Z"))
    except ValueError as error:
        raise ParamValidationError(f"{label}: {moment} is no date: {error}") from None


def _between(name: str, ends: Sequence[str]) -> dict[str, Any]:
    return {"fieldName": name, "operator": {"type": "BETWEEN", "values": [*ends]}}


def _described(client: Client, pipeline_id: str, ids: Sequence[str]) -> Iterator[Run]:
    """The objects of those ids, each as a map of its fields."""
    for at in range(0, len(ids), AT_ONCE):
        params = {"pipelineId": pipeline_id, "objectIds": ids[at : at + AT_ONCE]}
        for each in client._make_api_call("DescribeObjects", params).get("pipelineObjects", ()):
            fields = {field["key"]: field.get("stringValue", field.get("refValue")) for field in each["fields"]}
            yield {"@id": each["id"], "name": each["name"], **fields}


def _when(run: Run) -> tuple[bool, str, str]:
    """Runs by the time that they were meant for; those without one first."""
    return SCHEDULED in run, run.get(SCHEDULED) or "", run.get("name") or ""


def _table(runs: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f"       {_cells('Name', 'Scheduled Start')}  {'Status':23.23}\n"
    second = f"       {_cells('ID', 'Started')}  {'Ended':19.19}"
    yield f"{second}\n{'-' * len(second)}\n"
    for number, run in enumerate(runs, 1):
        first = _cells(run.get("@componentParent", ""), run.get(SCHEDULED, ""))
        yield f"{number:4}.  {first}  {run.get('@status', ''):23.23}\n"
        yield f"       {_cells(run['@id'], run.get(STARTED, ''))}  {run.get('@actualEndTime', ''):19.19}\n\n"


def _cells(first: str, second: str) -> str:
    """The two columns that both lines of a run have."""
    return f"{first:50.50}  {second:19.19}"


list_runs = HandWritten(
    "list-runs",
    _list_runs,
    doc="List when a pipeline ran: without further options, the runs that began within the last four days.",
    arguments=(
        option("pipeline-id", required=True, doc="The ID of the pipeline."),
        option(
            "status",
            doc=f"List only runs that are in one of these states, with commas in between: {', '.join(STATUSES)}.",
        ),
        option("start-interval", doc="List only runs that began between two moments, with a comma in between."),
        option(
            "schedule-interval",
            doc="List only runs that were meant to begin between two moments, with a comma in between.",
        ),
    ),
)
