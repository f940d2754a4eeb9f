"""Faults on the way to credentials: a page or half an answer never becomes a key, and no other call is made then.

The whole table is run with `-m every`, a sample of it otherwise.
"""

import io
import json
from datetime import datetime, timedelta, timezone
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from awsmini.app import App
from awsmini.cli import run_in
from tests.faults.commands import js, xml
from tests.faults.faults import FAULTS
from tests.faults.server import FaultServer, Good, running
from tests.oracle import takes_every
from tests.servers import clean_environment

HUSH = "wJalrXUtnFEMI/K7MDENG+hush"
LATER = datetime.now(timezone.utc) + timedelta(hours=6)
KEYS = {
    "AccessKeyId": "AKIDGOOD", "SecretAccessKey": HUSH, "Token": "t", "Expiration": f"{LATER:%Y-%m-%dT%H:%M:%SZ}",
    "Code": "Success",
}  # fmt: skip
TABLES = js({"TableNames": []})
ASSUMED = xml(
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDGOOD</AccessKeyId><SecretAccessKey>"
    f"{HUSH}</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{KEYS['Expiration']}</Expiration></Credentials>"
    "</AssumeRoleResult></AssumeRoleResponse>"
)
SSO = js(
    {
        "roleCredentials": {
            "accessKeyId": "AKIDGOOD", "secretAccessKey": HUSH, "sessionToken": "t",
            "expiration": int(LATER.timestamp() * 1000),
        }
    }
)  # fmt: skip
CONFIG = {
    "role": "[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
    "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = s\n",
    "sso": "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
    "[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://s.example\n",
}
PAGES = {
    "metadata": (Good(b"a-token"), Good(b"a-role"), js(KEYS), TABLES),
    "container": (js(KEYS), TABLES),
    "role": (ASSUMED, TABLES),
    "sso": (SSO, TABLES),
}
SHARE = 61


class Row(NamedTuple):
    provider: str
    fault: str
    page: int
    every: bool

    def __str__(self) -> str:
        return f"{self.provider}, {self.fault}, {'every' if self.every else 'first'} of answer {self.page + 1}"


ROWS = [
    Row(provider, name, page, every)
    for provider, pages in PAGES.items()
    for page in range(len(pages) - 1)
    for name, fault in FAULTS.items()
    if "doc" in fault.shapes and not fault.slow
    if ("xml" if provider == "role" else "json") in fault.formats
    for every in (False, True)
]


def pytest_generate_tests(metafunc: Any) -> None:
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", ROWS if takes_every(metafunc.config) else ROWS[::SHARE], ids=str)


def environment(row: Row, url: str, home: Path) -> dict[str, str]:
    env = clean_environment(home) | {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": url}
    if row.provider in CONFIG:
        (home / ".aws").mkdir()
        (home / ".aws/config").write_text(CONFIG[row.provider])
        env["AWS_EC2_METADATA_DISABLED"] = "true"
    if row.provider == "role":
        return env
    if row.provider == "sso":
        cache = home / ".aws/sso/cache"
        cache.mkdir(parents=True)
        token = {
            "accessToken": "a",
            "expiresAt": KEYS["Expiration"],
            "region": "us-east-1",
            "startUrl": "https://s.example",
        }
        (cache / f"{sha1(b's').hexdigest()}.json").write_text(json.dumps(token))
        return env
    if row.provider == "container":
        return env | {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/keys"}
    return env | {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url, "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"}


@pytest.mark.every
def test_no_fault_becomes_a_key(tmp_path, row):
    fault = FAULTS[row.fault]
    server = FaultServer(PAGES[row.provider], fault.make, row.page, row.every, fault.kind == "fine")
    streams = {name: io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for name in ("stdout", "stderr")}
    with running(server):
        app = App(
            stdin=io.StringIO(),
            env=environment(row, server.url, tmp_path),
            sleep=lambda _: None,
            uniform=lambda: 0.0,
            **streams,
        )
        code = run_in(app, ["dynamodb", "list-tables", "--query", "length(TableNames)"])
    stdout, stderr = (streams[name].buffer.getvalue().decode() for name in ("stdout", "stderr"))
    assert "Traceback" not in stderr
    assert HUSH not in stderr
    assert len(stderr) < 4000
    calls = [head for head in server.requests if b"ListTables" in head]
    if code == 0:
        assert (stdout, stderr) == ("0\n", "")
        shifted = (
            row.provider == "metadata" and row.page == 0
        )  # version 1 is spoken then, which is answered out of turn
        assert shifted or len(calls) == 1
        assert b"Credential=AKIDGOOD/" in calls[0]
        assert fault.kind == "fine" or not row.every or (row.provider, row.page) == ("metadata", 0)
        return
    assert (stdout, calls) == ("", [])
    assert stderr.strip()
    assert code in (253, 254, 255)
    assert fault.kind != "fine"
    if not row.every:  # once is mended where the rules of the provider ask again
        asked_again = fault.kind in ("again", "cut", "none")
        assert not asked_again or row.provider == "metadata", stderr
