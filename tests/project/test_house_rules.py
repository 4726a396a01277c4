"""The rules of the house that a linter does not know, read from the source itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("api", "domain", "adapters", "workers", "migrations")
LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
LONGEST_FUNCTION = 50

MAY_READ_THE_TIME = {"adapters/clock.py", "adapters/sandbox/clock.py"}
MAY_READ_THE_ENVIRONMENT = {"adapters/settings.py"}
OPENS_A_UNIT = {"of", "system", "begin"}


@dataclass(frozen=True)
class Source:
    name: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)


def sources(*rooms: str) -> Iterator[Source]:
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield Source(str(path.relative_to(ROOT)), path.read_text())


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute chain; empty for anything else at its root."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def test_no_file_is_longer_than_400_lines() -> None:
    long = [source.name for source in sources(*ROOMS, "bench") if source.text.count("\n") > LONGEST_FILE]
    long += [source.name for source in sources("tests") if source.text.count("\n") > LONGEST_TEST_FILE]

    assert long == []


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in sources(*ROOMS)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert long == []


def readings_of_the_time(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name.endswith(("datetime.now", "datetime.utcnow", "datetime.today", "date.today")):
                yield node.lineno


def test_only_the_clocks_read_the_time() -> None:
    found = [
        f"{source.name}:{line}"
        for source in sources(*ROOMS)
        if source.name not in MAY_READ_THE_TIME
        for line in readings_of_the_time(source.tree)
    ]

    assert found == []


def readings_of_the_environment(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and dotted(node) in ("os.environ", "os.getenv", "os.environb"):
            yield node.lineno
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) and node.module == "os" else []
        if "environ" in names or "getenv" in names:
            yield node.lineno


def test_only_the_settings_read_the_environment() -> None:
    found = [
        f"{source.name}:{line}"
        for source in sources(*ROOMS)
        if source.name not in MAY_READ_THE_ENVIRONMENT
        for line in readings_of_the_environment(source.tree)
    ]

    assert found == []


def filters_by_organization(tree: ast.Module) -> Iterator[int]:
    """`t.c.organization_id == something`, unless it joins two tables by it; and the same written as SQL."""
    aliases = {
        dotted(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute) and node.value.attr == "c"
        for target in node.targets
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            names = [_column(side, aliases) for side in (node.left, node.comparators[0])]
            if "organization_id" in names and "" in names:
                yield node.lineno
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = " ".join(node.value.lower().split())
            if "organization_id = :" in text or "organization_id=:" in text or "organization_id = $" in text:
                yield node.lineno


def _column(side: ast.expr, aliases: set[str]) -> str:
    """The name of the table's column that `side` is; empty for anything else."""
    owner, _, name = dotted(side).rpartition(".")
    return name if owner.endswith(".c") or owner in aliases else ""


def test_no_store_filters_by_organization_itself() -> None:
    """Row-level security does; a filter beside it would hide that it is missing."""
    found = [
        f"{source.name}:{line}"
        for source in sources("adapters/postgres")
        for line in filters_by_organization(source.tree)
    ]

    assert found == []


def providers_of(cls: ast.ClassDef, ports: set[str]) -> set[str]:
    """Attributes of `self` that hold something typed as a provider's port, or a mapping of such."""
    typed: set[str] = set()
    for node in ast.walk(cls):
        if isinstance(node, ast.arg) and node.annotation and ports & _names(node.annotation):
            typed.add(node.arg)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and ports & _names(node.annotation):
            typed.add(f"self.{node.target.id}")
    held = {name for name in typed if name.startswith("self.")}
    for node in ast.walk(cls):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name) and node.value.id in typed:
            held |= {dotted(target) for target in node.targets}
    return held | typed


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def ports_imported(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("domain.providers")
        for alias in node.names
    }


def units_in(tree: ast.AST) -> Iterator[ast.AsyncWith]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith) and any(_opens_a_unit(item.context_expr) for item in node.items):
            yield node


def _opens_a_unit(call: ast.expr) -> bool:
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    return call.func.attr in OPENS_A_UNIT and "units" in dotted(call.func.value)


def awaited_calls(node: ast.AST) -> Iterator[tuple[int, str]]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Await) and isinstance(inner.value, ast.Call):
            yield inner.lineno, dotted(inner.value.func)


def providers_awaited_in_units(tree: ast.Module) -> Iterator[int]:
    """Followed through the class's own methods: a unit that awaits `self._send()` awaits what that awaits."""
    ports = ports_imported(tree)
    for cls in [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]:
        providers = providers_of(cls, ports)
        methods = {node.name: node for node in cls.body if isinstance(node, ast.AsyncFunctionDef)}
        for unit in units_in(cls):
            if _reaches(unit, providers, methods, set()):
                yield unit.lineno


def _reaches(node: ast.AST, providers: set[str], methods: dict[str, ast.AsyncFunctionDef], seen: set[str]) -> bool:
    for _, called in awaited_calls(node):
        owner, _, method = called.rpartition(".")
        if owner in providers:
            return True
        if owner == "self" and method in methods and method not in seen:
            seen.add(method)
            if _reaches(methods[method], providers, methods, seen):
                return True
    return False


def test_no_provider_is_awaited_inside_a_unit_of_work() -> None:
    """A provider may take a minute or never answer; a transaction must not wait for it."""
    found = [
        f"{source.name}:{line}"
        for source in sources("domain", "workers", "api")
        for line in providers_awaited_in_units(source.tree)
    ]

    assert found == []


WRONG = """
from domain.providers.mailbox import Mailbox
class Sender:
    def __init__(self, units: Units, mailbox: Mailbox) -> None:
        self._units, self._box = units, mailbox
        self._mailbox = mailbox
    async def direct(self):
        async with self._units.of(1) as unit:
            await self._mailbox.send()
    async def through_a_method(self):
        async with self._units.of(1) as unit:
            await self._helped()
    async def _helped(self):
        await self._mailbox.send()
    async def right(self):
        async with self._units.of(1) as unit:
            await unit.emails.add()
        await self._mailbox.send()
"""


def test_the_rule_about_providers_sees_what_it_forbids() -> None:
    assert list(providers_awaited_in_units(ast.parse(WRONG))) == [8, 11]


def test_the_rule_about_organizations_tells_a_filter_from_a_join() -> None:
    assert list(filters_by_organization(ast.parse("users.c.organization_id == organization_id"))) == [1]
    assert list(filters_by_organization(ast.parse("users.c.organization_id == principal.organization_id"))) == [1]
    assert list(filters_by_organization(ast.parse("users.c.organization_id == tokens.c.organization_id"))) == []
    assert list(filters_by_organization(ast.parse("u = users.c\nu.organization_id == tokens.c.organization_id"))) == []
