#!/bin/sh
# ruamel.yaml 0.19.1, its safe dumper in plain Python.
#
# A good guess: what `YAML(typ="safe", pure=True).dump` writes, its `load` reads back as the same value, as PyYAML does.
# Seen: a plain text in which two blanks stand before a word that does not fit into the line of 80 columns loses one of
# them. The word is moved to the next line, and what is read there is one blank for the line break, whatever stood
# before it. Nothing is said of it. PyYAML 6.0.3 leaves the word where it is, and keeps both blanks.
#
# Exits 0 while this is so, 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -qq --no-warn-conflicts --disable-pip-version-check --target "$folder" ruamel.yaml==0.19.1 PyYAML==6.0.3
cat > "$folder/dumped.py" <<'END'
from io import StringIO
import yaml
from ruamel.yaml import YAML

word = "http://example.com/" + "x" * 70
value = f"two  {word}"
safe = YAML(typ="safe", pure=True)
safe.default_flow_style = False
out = StringIO()
safe.dump({"key": value}, out)
print(out.getvalue(), end="")
back = YAML(typ="safe", pure=True).load(out.getvalue())["key"]
plain = yaml.safe_load(yaml.safe_dump({"key": value}))["key"]
print(f"ruamel.yaml: {back[:24]!r}  PyYAML: {plain[:24]!r}")
assert back == f"two {word}" and plain == value, "it has changed"
END
PYTHONPATH="$folder" python3 "$folder/dumped.py" || exit 1
