#!/bin/sh
# ruamel.yaml 0.18.6 with ruamel.yaml.clib 0.2.15: `YAML(typ="safe")` refuses a word that holds a colon within braces or
# brackets, `{url: http://host}`, with "found unexpected ':'". YAML 1.2 allows it (and 1.1 too), ruamel.yaml's own pure and
# round-trip loaders read it, and so does the libyaml within PyYAML 6.0.3. The same word outside of braces is read.
# Which of the two one gets depends on whether the C part was installed: `YAML(typ="safe")` is quietly the pure one
# without it.
#
# Seen: the C loader raises ScannerError for three documents that the other three loaders read. Exit code 1 where that
# changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q 'ruamel.yaml==0.18.6' 'ruamel.yaml.clib==0.2.15' 'PyYAML==6.0.3'
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import yaml
from ruamel.yaml import YAML, YAMLError

DOCUMENTS = {"{url: http://host}": {"url": "http://host"}, "[a:b]": ["a:b"], "{time: x:30}": {"time": "x:30"}}
LOADERS = {
    "ruamel.yaml, safe, C": YAML(typ="safe").load,
    "ruamel.yaml, safe, pure": YAML(typ="safe", pure=True).load,
    "ruamel.yaml, round trip": YAML(typ="rt").load,
    "PyYAML, safe, C": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
}
as_seen = True
for text, value in DOCUMENTS.items():
    for name, load in LOADERS.items():
        try:
            found = load(text)
        except YAMLError as error:
            found = str(error).splitlines()[-2]
        print(f"{text:20} {name:24} {found}")
        refused = found == "found unexpected ':'"
        as_seen = as_seen and (refused if name == "ruamel.yaml, safe, C" else found == value)
sys.exit(0 if as_seen else 1)
PYTHON
