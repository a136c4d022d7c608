"""The pages of the API: path, parameters of a request, models that it is for (`mimo-api.md` §6.2, §10, §11)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from mimo_tui.core.docs.page import Code, Node, Page, Paragraph, Schema
from mimo_tui.core.docs.readers.amounts import answer, number, silent
from mimo_tui.core.docs.readers.grid import find_column, tables
from mimo_tui.core.docs.readers.ids import ids_in
from mimo_tui.core.docs.readers.remarks import read_remarks
from mimo_tui.core.docs.readers.statements import ANY, Draft, Reader, Reading, Subject, shortened
from mimo_tui.core.docs.readers.words import Meaning, plain
from mimo_tui.core.facts import Scalar, Toml
from mimo_tui.core.text import NOTHING, Clean, clean

_MODEL, _ASKED = "model", frozenset({"messages", "input"})
_TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_SIGNED = r"(?<![0-9.])-?[0-9]{1,15}(?:,[0-9]{3})*(?:\.[0-9]{1,9})?(?![0-9])"
_RANGE = re.compile(
    rf"(?:\brange|\bfrom|\bbetween|\bvalues?|范围|取值)[^0-9\[\](),;-]{{0,40}}(?P<open>[\[(]?)\s?(?P<low>{_SIGNED})"
    rf"\s?(?:,|to|and|-|~|至|到|\.\.\.?)\s?(?P<high>{_SIGNED})\s?(?P<close>[\])]?)"
)
_OPTIONS = re.compile(
    r"(?:available options|available values|possible values|allowed values|options|one of|可选值|可选项|取值)"
    r"\s?(?:is|are|为)?\s?:?\s?"
    r"(?P<list>[^\n。;]*?)(?:$|\n|。|;|\.(?=\s|$))"
)
_ONLY = re.compile(r"(?:^|\W)only (?P<one>\S+) is supported|(?:只|仅)支持\s?(?P<chinese>[a-z0-9_-]+)")
_OPTION = re.compile(r"[^\s,、/|]{1,80}")
_THINKING = re.compile(
    rf"(?:while|when) (?:thinking|reasoning) is on,? (?:the service uses|it is|uses)\s(?P<value>{_SIGNED})"
    rf"|思考时[^0-9。]{{0,20}}(?P<chinese>{_SIGNED})"
)
_MOST = re.compile(
    r"\b(?:up to|at most) (?P<number>[0-9]{1,4}) |(?:最多|至多)\s?(?P<chinese>[0-9]{1,4})\s?[段个]"
)
_URL = re.compile(r"https?://[^\s\"'`<>]+")

_COLUMNS = {
    "name": Meaning(("parameter", "name", "field", "参数", "字段", "名称")),
    "types": Meaning(("type", "类型")),
    "required": Meaning(("required", "mandatory", "必填", "必选", "必需")),
    "default": Meaning(("default", "默认")),
    "description": Meaning(("description", "notes", "meaning", "描述", "说明")),
}


@dataclass(frozen=True, slots=True)
class _Tree:
    nodes: Sequence[Node]
    line: int


def read_parameters(wire: str) -> Reader:
    """Give the reader of the page of that request form."""

    def read(page: Page) -> Reading:
        draft = Draft()
        _read_path(page, wire, draft)
        tree = next(_trees(page), None)
        if tree is None:
            draft.miss("no list of parameters with the model and what is asked of it")
            return draft.reading()
        for name, node in _fields(tree.nodes):
            _read_node(wire, name, node, tree.line, draft)
        draft.cover(("parameters", wire, ANY, part) for part in ("types", "required", "default"))
        read_remarks(page, wire, draft)
        return draft.reading()

    return read


def _trees(page: Page) -> Iterator[_Tree]:
    """Give the parameters of the request: the tree, else the table, that holds the model and what is asked of it."""
    schemas = (_Tree(one.nodes, one.line) for one in page.blocks if isinstance(one, Schema))
    for tree in (*schemas, *_tables(page)):
        names = {node.name for node in tree.nodes}
        if _MODEL in names and names & _ASKED:
            yield tree


def _tables(page: Page) -> Iterator[_Tree]:
    for table, rows in tables(page):
        at = {name: find_column(table.columns, meaning) for name, meaning in _COLUMNS.items()}
        name = at["name"]
        if name is None or at["types"] is None:
            continue

        def cell(row: Sequence[str], part: str, at: dict[str, int | None] = at) -> Clean:
            place = at[part]
            return NOTHING if place is None or silent(row[place]) else Clean(row[place])

        nodes = tuple(
            Node(
                Clean(row[name].strip(" `")),
                tuple(clean(one) for one in re.split(r"\W+", plain(cell(row, "types"))) if one in _TYPES),
                answer(cell(row, "required")) is True
                or plain(cell(row, "required")) in {"required", "必填", "必选"},
                cell(row, "default"),
                cell(row, "description"),
                is_field=True,
            )
            for row in rows
        )
        yield _Tree(nodes, table.line)


def _fields(nodes: Sequence[Node]) -> Iterator[tuple[str, Node]]:
    """Give each parameter with its dotted name: those of the request, and those within its objects."""
    waiting = [(node.name, node) for node in reversed(nodes)]
    while waiting:
        name, node = waiting.pop()
        if node.is_field and all(map(_NAME.fullmatch, name.split("."))):
            yield name, node
            if "object" in node.types:
                waiting += [(Clean(f"{name}.{one.name}"), one) for one in reversed(node.children)]


def _read_node(wire: str, name: str, node: Node, line: int, draft: Draft) -> None:
    described = plain_lines(node.description)
    needed = "required" if node.required else "optional"
    quote = " | ".join((name, ", ".join(node.types), needed, node.default, node.description)).replace(
        "\n", " "
    )

    def state(part: str, value: "Toml | None", *, in_words: bool = False) -> None:
        """State it. What a description says may be there in other words: then it is not covered."""
        subject: Subject = ("parameters", wire, name, part)
        if value is not None:
            draft.state(subject, value, quote, line)
        if value is not None and in_words:
            draft.cover([subject])

    types: list[Toml] = [*map(str, node.types)]
    state("types", types or None)
    state("required", node.required)
    if name == _MODEL:
        _read_models(wire, node, quote, line, draft)
        return
    state("default", default_of(node.default, node.types))
    low, high = range_of(described)
    state("lowest", low, in_words=True)
    state("highest", high, in_words=True)
    state("options", options_of(described), in_words=True)
    state("while_thinking", _while_thinking(described), in_words=True)
    if "array" in types:
        state("most", _most(described), in_words=True)


def _read_models(wire: str, node: Node, quote: str, line: int, draft: Draft) -> None:
    for model in options_of(plain_lines(node.description)) or []:
        if isinstance(model, str) and ids_in(model) == [model]:
            draft.state(("models", model, "wires", wire), value=True, quote=quote, line=line)
            draft.cover([("models", model, "wires", wire)])


def plain_lines(text: str) -> str:
    """Give a description in its plain form, line by line."""
    return "\n".join(map(plain, text.split("\n")))


def default_of(text: str, types: Sequence[str]) -> "Scalar | None":
    """Give a default, typed as its parameter is; None: there is none, or it is null."""
    flat = text.strip().strip("`\"'")
    if not flat or flat == "null" or silent(flat):
        return None
    if "boolean" in types and flat.lower() in {"true", "false"}:
        return flat.lower() == "true"
    if {"integer", "number"} & set(types) and re.fullmatch(_SIGNED, flat):
        return number(Decimal(flat.replace(",", "")))
    return clean(shortened(flat)) if "string" in types or not types else None


def range_of(text: str) -> "tuple[Scalar | None, Scalar | None]":
    """Give the range that a description names first; a bound that is not within it counts as none."""
    match = _RANGE.search(text)
    if match is None:
        return None, None
    low, high = (Decimal(match[name].replace(",", "")) for name in ("low", "high"))
    if low > high:
        return None, None
    return (
        None if match["open"] == "(" and match["close"] in {")", "]"} else number(low),
        None if match["close"] == ")" and match["open"] in {"(", "["} else number(high),
    )


def options_of(text: str) -> "list[Toml] | None":
    """Give the values that a description lists; None: it lists none."""
    match = _OPTIONS.search(text)
    if match is None:
        only = _ONLY.search(text)
        return [(only["one"] or only["chinese"]).strip(".,")] if only else None
    parts = re.split(r"\s?[,、/|]\s?|\s(?:and|or|和|或)\s|[和或]", match["list"].strip(" ."))
    options: list[Toml] = [part.strip(" \"'()") for part in parts if part.strip(" \"'()")]
    return (
        options
        if options and all(isinstance(one, str) and _OPTION.fullmatch(one) for one in options)
        else None
    )


def _while_thinking(text: str) -> "Scalar | None":
    match = _THINKING.search(text)
    return number(Decimal(match["value"] or match["chinese"])) if match else None


def _most(text: str) -> int | None:
    match = _MOST.search(text)
    return int(match["number"] or match["chinese"]) or None if match else None


def _read_path(page: Page, wire: str, draft: Draft) -> None:
    """Read the path of the endpoint: of the first address that stands alone in a block or a paragraph."""
    for block in page.blocks:
        if isinstance(block, Code | Paragraph):
            found = _URL.findall(block.text[:300])
            rest = _URL.sub("", block.text[:300]).strip(" \n:")
            if len(found) == 1 and plain(rest) in {"", "post"} | _ASIDE:
                path = urlsplit(found[0].rstrip(".,;)")).path
                if path.strip("/"):
                    draft.state(("paths", wire), path, block.text.replace("\n", " "), block.line)
                    draft.cover([("paths", wire)])
                    return
    draft.miss("no address of the endpoint")


_ASIDE = {"url", "request url", "post url", "请求地址", "endpoint"}
