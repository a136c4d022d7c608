"""Write the table "Promises" of README from the figures that the tests noted: `python -m tests.promises.table`.

Run the tests first, with `-m long` too. `--check` writes nothing and fails where a row of README names a test that
is not there any more.
"""

import json
import re
import sys
from pathlib import Path

from tests.promises.conftest import FIGURES

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- promises: made by python -m tests.promises.table -->", "<!-- /promises -->"


def rows() -> list[str]:
    """Give the rows, by number; where the full count was run, its figure replaces the ordinary one."""
    best: dict[tuple[str, str], tuple[bool, str, str]] = {}
    for path in sorted(FIGURES.glob("*.json")):
        record = json.loads(path.read_text())
        file = record["test"].split("::")[0]
        key = (record["promise"], re.sub(r"\W+", " ", record["test"].split("::")[1]))
        best[key] = max(best.get(key, (False, "", "")), (record["long"], record["figure"], file))
    ordered = sorted(best.items(), key=lambda item: (int(re.sub(r"\D", "", item[0][0])), item[0]))
    return [f"| {number} | {figure} | `{file}` |" for (number, _), (_, figure, file) in ordered]


def main() -> int:
    """Rewrite the table, or check it; gives the exit code."""
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    present, _, after = rest.partition(END)
    if "--check" in sys.argv:
        files = re.findall(r"`(tests/\S+\.py)`", present)
        missing = [name for name in files if not (README.parent / name).is_file()]
        sys.stdout.write(f"{len(files)} rows, {len(missing)} without their test {missing or ''}\n")
        return 1 if missing or not files else 0
    table = "\n".join(["", "| Promise | Reached | Test |", "|---|---|---|", *rows(), ""])
    README.write_text(f"{before}{BEGIN}{table}{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
