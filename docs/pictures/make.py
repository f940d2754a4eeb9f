"""Draw the pictures of README: what a terminal shows of made-up answers. `python docs/pictures/make.py`"""

import math
import re
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from awsmini.commands.watch import marked
from awsmini.format import chart, grid
from awsmini.format.view import View
from awsmini.model.load import ModelFinder
from awsmini.model.shapes import ServiceModel

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
FLEET = [("web-1", "running", "m5.large", 92), ("web-2", "running", "m5.large", 92), ("jobs", "stopped", "c7g.xlarge", 400),
         ("shop-db-replica", "running", "r6g.2xlarge", 3000), ("canary", "pending", "t3.micro", 0)]  # fmt: skip


def main() -> None:
    instances = ServiceModel(ModelFinder({}).lines("ec2")).operation_model("DescribeInstances")
    view = View.of(instances)._replace(is_tty=True, width=100, now=NOW)
    shown = "".join(grid.render(fleet(), view))
    draw("grid", "awsmini ec2 describe-instances --output grid", shown)
    later = "".join(grid.render(fleet(canary="running", jobs="pending"), view))
    frame = "\n".join(["Every 5 s: ec2 describe-instances    12:00:05 UTC", "", *marked(later.splitlines(), shown.splitlines())])  # fmt: skip
    draw("watch", "awsmini watch -n 5 -- ec2 describe-instances", frame)
    view = View("GetMetricData", is_tty=True, width=100)
    draw("chart", "awsmini cloudwatch get-metric-data … --output chart", "".join(chart.render(metrics(), view)))


def fleet(**states: str) -> dict[str, object]:
    return {"Reservations": [{"Instances": [
        {"InstanceId": f"i-0{number}b1c2d3e4f5a6b7c", "InstanceType": kind, "State": {"Name": states.get(name, state)},
         "Placement": {"AvailabilityZone": f"eu-west-1{'abc'[number % 3]}"}, "PrivateIpAddress": f"10.0.{number}.17",
         "LaunchTime": (NOW - timedelta(hours=hours, seconds=40)).isoformat(), "Tags": [{"Key": "Name", "Value": name}]}
        for number, (name, state, kind, hours) in enumerate(FLEET)]}]}  # fmt: skip


def metrics() -> dict[str, object]:
    times = [(NOW - timedelta(minutes=5 * number)).isoformat() for number in range(200)]
    load = [45 + 30 * math.sin(number / 28) + 6 * math.sin(number * 1.7) for number in range(200)]
    return {"MetricDataResults": [{"Label": name, "Timestamps": times, "Values": [share * value for value in load]}
                                  for name, share in (("web-1 CPUUtilization", 1), ("web-2 CPUUtilization", 0.6))]}  # fmt: skip


def draw(name: str, title: str, text: str) -> None:
    console = Console(record=True, width=100, file=StringIO(), force_terminal=True, color_system="standard")
    console.print(Text.from_ansi(text))
    svg = console.export_svg(title=title, unique_id=name)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace(
        "Fira Code", "DejaVu Sans Mono"
    )  # no request
    (HERE / f"{name}.svg").write_text(svg)


if __name__ == "__main__":
    main()
