"""Kubeconfigs as text that is edited: what is not touched keeps its bytes."""

import pytest
import yaml

from awsmini.services.eks.kubeconfig import KubeconfigError, added, dump, parse

ENTRIES = {
    "clusters": {"cluster": {"certificate-authority-data": "Q0E=", "server": "https://new"}, "name": "arn:c"},
    "users": {"name": "arn:c", "user": {"exec": {"args": ["--region", "x"], "command": "aws"}}},
    "contexts": {"context": {"cluster": "arn:c", "user": "arn:c"}, "name": "arn:c"},
}
CLUSTER = "- cluster:\n    certificate-authority-data: Q0E=\n    server: https://new\n  name: arn:c\n"
CONTEXT = "- context:\n    cluster: arn:c\n    user: arn:c\n  name: arn:c\n"
USER = "- name: arn:c\n  user:\n    exec:\n      args:\n      - --region\n      - x\n      command: aws\n"
WHOLE = f"apiVersion: v1\nclusters:\n{CLUSTER}contexts:\n{CONTEXT}current-context: arn:c\nkind: Config\npreferences: {{}}\nusers:\n{USER}"
OTHERS = "clusters:\n{0}contexts:\n{1}current-context: {2}\nusers:\n{3}"
DEV = (
    "- cluster:\n    server: https://dev\n  name: dev\n",
    "- context:\n    cluster: dev\n    user: me\n  name: dev\n",
    "- name: me\n  user:\n    token: abc\n",
)


def edited(text: str) -> str:
    made = added(parse(text, "file"), ENTRIES, "arn:c")
    again = added(parse(made, "file"), ENTRIES, "arn:c")
    assert again == made, "what is there already is left alone"
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", WHOLE),
        ("# mine\n", f"# mine\n{WHOLE}"),
        ("# mine", f"# mine\n{WHOLE}"),
        ("{}\n", f"clusters:\n{CLUSTER}users:\n{USER}contexts:\n{CONTEXT}current-context: arn:c\n"),
        (
            "kind: Config",
            f"kind: Config\nclusters:\n{CLUSTER}users:\n{USER}contexts:\n{CONTEXT}current-context: arn:c\n",
        ),
        (
            "clusters: []   # none yet\ncontexts: null\ncurrent-context:\nusers: ~ # nobody\n",
            f"clusters:   # none yet\n{CLUSTER}contexts:\n{CONTEXT}current-context: arn:c\nusers: # nobody\n{USER}",
        ),
        (
            OTHERS.format(DEV[0], DEV[1], "dev # where I was", DEV[2]),
            OTHERS.format(DEV[0] + CLUSTER, DEV[1] + CONTEXT, "arn:c # where I was", DEV[2] + USER),
        ),
        (OTHERS.format(CLUSTER, CONTEXT, "arn:c", USER), OTHERS.format(CLUSTER, CONTEXT, "arn:c", USER)),
        (
            "clusters: [{cluster: {server: s}, name: dev}]\n",
            f"clusters:\n- cluster:\n    server: s\n  name: dev\n{CLUSTER}users:\n{USER}contexts:\n{CONTEXT}current-context: arn:c\n",
        ),
    ],
    ids=[
        "empty",
        "comment",
        "comment without an end",
        "empty map",
        "no lists",
        "nothing in the lists",
        "beside others",
        "there already",
        "flow list",
    ],
)
def test_what_the_file_becomes(text, expected):
    assert edited(text) == expected


KEPT = """\
# The clusters of my team.
apiVersion: "v1"   # quoted
kind: Config


clusters:   # two
  # production comes first
  -   cluster: {server: 'https://prod', insecure-skip-tls-verify: yes}
      name: prod   # careful
  - name: dev
    cluster:
        server: https://dev
  # nothing below
users:
- name: me
  user: &login
    token: "abc"
- name: also-me
  user: *login
# the end
"""


def test_comments_blanks_quotes_flow_styles_and_anchors_stay():
    made = edited(KEPT)
    position = 0
    for line in KEPT.splitlines():
        position = made.index(line, position) + len(line)
    assert yaml.safe_load(made)["clusters"][2] == ENTRIES["clusters"]


def test_line_ends_of_windows_stay():
    text = OTHERS.format(*DEV[:2], "dev", DEV[2]).replace("\n", "\r\n")
    made = edited(text)
    assert made.count("\n") == made.count("\r\n")


@pytest.mark.parametrize("indent", [0, 2, 4])
def test_new_entries_stand_where_the_others_do(indent):
    text = "clusters:\n" + "".join(f"{' ' * indent}{line}\n" for line in DEV[0].splitlines())
    assert "".join(f"{' ' * indent}{line}\n" for line in CLUSTER.splitlines()) in edited(text)


def test_a_replaced_entry_keeps_the_comments_of_its_lines():
    text = """\
clusters:
# ours
- cluster:  # in Oregon
    # was moved in May
    server: https://old   # private
    certificate-authority-data: Q0E=
    # of no more use
    tls-server-name: x
  name: arn:c  # the name
- name: other
"""
    made = edited(text)
    assert made.startswith(
        """\
clusters:
# ours
# of no more use
- cluster:  # in Oregon
    certificate-authority-data: Q0E=
    # was moved in May
    server: https://new  # private
  name: arn:c  # the name
- name: other
"""
    )


@pytest.mark.parametrize(
    "text",
    [
        "{apiVersion: v1, clusters: [{cluster: {server: s}, name: dev}], users: []}\n",
        "users:\n- name: arn:c\n  user: &u {token: a}\n- name: me\n  user: *u\n",
        "current-context: &c dev\nkind: *c\n",
        "clusters:\n- &d\n  name: dev\nusers:\n- *d\n",
        "? clusters\n: - name: dev\n",
        "--- # first\nclusters:\n-\n  name: dev\n...\n",
        "clusters:\n- name: dev\n  note: |\n    a\n\n    b # no comment\n\n",
        "clusters:\n- name: arn:c\n  note: |+\n    a # no comment\n\nusers: []\n",
        'clusters:\n- name: "two\n    lines"  # yes\n',
        "\ufeffclusters: []\n",
        "clusters: []\nclusters:\n- name: dev\n",
    ],
)
def test_odd_files_say_afterwards_what_they_said_and_the_new(text):
    before = yaml.safe_load(text.lstrip("\ufeff")) or {}
    after = yaml.safe_load(edited(text).lstrip("\ufeff"))
    for key, entry in ENTRIES.items():
        old = [each for each in before.get(key) or [] if each.get("name") != "arn:c"]
        assert [each for each in after[key] if each.get("name") != "arn:c"] == old
        assert entry in after[key]
    assert after["current-context"] == "arn:c"
    others = {key: value for key, value in before.items() if key not in ENTRIES and key != "current-context"}
    assert {key: after[key] for key in others} == others


@pytest.mark.parametrize(
    "name",
    [
        "yes",
        "No",
        "on",
        "y",
        "true",
        "null",
        "12",
        "1_000",
        "1e3",
        "a: b",
        "# x",
        "",
        "ü ☃",
        "'q'",
        "two\nlines",
        "2024-01-01",
        "~",
        "- a",
        "x" * 200,
    ],
)
def test_texts_are_read_back_as_texts(name):
    assert yaml.safe_load(dump({"name": name})) == {"name": name}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("text\n", "Content not a <class 'dict'>."),
        ("- a\n", "Content not a <class 'dict'>."),
        ("clusters: {}\n", "clusters is wrong type: <class 'collections.OrderedDict'> (Should be <class 'list'>)"),
        (
            "preferences: []\n",
            "preferences is wrong type: <class 'list'> (Should be <class 'collections.OrderedDict'>)",
        ),
        ("current-context: 5\n", "current-context is wrong type: <class 'int'> (Should be <class 'str'>)"),
        ("kind: true\n", "kind is wrong type: <class 'bool'> (Should be <class 'str'>)"),
        ("users: [a]\n", "Entry in users not a <class 'dict'>. "),
        ("a: [b\n", 'YamlError while loading kubeconfig: while parsing a flow sequence\n  in "file", line 1, column 4'),
        ("a: b\n---\nc: d\n", "YamlError while loading kubeconfig: expected a single document"),
    ],
)
def test_what_is_no_kubeconfig_is_told(text, message):
    with pytest.raises(KubeconfigError) as raised:
        parse(text, "file")
    assert str(raised.value).startswith(message)


def test_yaml_11s_booleans_are_names_too():
    assert parse("kind: no\nclusters:\n- name: yes\n", "file").has_cluster("yes")
