"""Every sentence with which Engage refuses or gives a reason, by its key: what other languages have to say too.

Read from the source. A problem's key is its code, with its reason where it gives one:
`not_allowed_in_state_salesflow_empty`. A field's key is its code with the names of what its message is filled with:
`out_of_range_maximum_minimum`. After a change write the list anew with `python -m tests.project.error_codes`, and say
what is new in every language.
"""

import ast
import importlib
import inspect
import json
import string
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from api.refusals import CODES, MESSAGES
from domain.connections.model import GrantRefused
from domain.salesflows.enrolling import Reason
from domain.salesflows.model import FinishReason, PauseReason, WaitingReason
from domain.shared.errors import EngageError, FieldError, ProviderError, Rejected
from tests.project.test_house_rules import ROOT, Source, dotted, sources

KEPT = ROOT / "frontend" / "src" / "locales" / "faults.keys.json"
ROOMS = ("domain", "adapters", "api", "workers")
APART = "adapters/sandbox/"
# Where codes are handed on that were given elsewhere: by the features, the framework, and another process.
HANDED_ON = ("domain/shared/errors.py", "api/refusals.py", "adapters/tabular/reading.py")
# What our own validators say inside of the framework's.
VALIDATORS = "value_error"

# By key, the names of what its sentence is filled with.
Keys = dict[str, list[str]]


@dataclass(frozen=True)
class Place:
    """Where something is called, and the function around it."""

    where: str
    call: ast.Call
    around: ast.AST

    @property
    def name(self) -> str:
        return dotted(self.call.func).rpartition(".")[2]

    def given(self, parameters: list[str], name: str) -> ast.expr | None:
        for keyword in self.call.keywords:
            if keyword.arg == name:
                return keyword.value
        position = parameters.index(name) if name in parameters else len(self.call.args)
        return self.call.args[position] if position < len(self.call.args) else None

    def more(self, parameters: list[str]) -> list[str]:
        """The keywords beyond the parameters: what the message is filled with."""
        return sorted(keyword.arg for keyword in self.call.keywords if keyword.arg and keyword.arg not in parameters)

    def meant(self, value: ast.expr | None) -> list[ast.expr]:
        """What is written there, or what its name was given in the function around."""
        if not isinstance(value, ast.Name):
            return [value] if value else []
        assigned = [node for node in ast.walk(self.around) if isinstance(node, ast.Assign)]
        return [node.value for node in assigned if any(dotted(target) == value.id for target in node.targets)]

    def texts(self, value: ast.expr | None) -> list[str]:
        """The texts that this can be."""
        found = [choice for part in self.meant(value) for choice in _choices(part)]
        return [choice.value for choice in found if isinstance(choice, ast.Constant) and isinstance(choice.value, str)]


def _choices(value: ast.expr) -> list[ast.expr]:
    return [*_choices(value.body), *_choices(value.orelse)] if isinstance(value, ast.IfExp) else [value]


def read() -> list[Source]:
    return [source for source in sources(*ROOMS) if not source.name.startswith(APART)]


def errors() -> dict[str, type[EngageError]]:
    """The whole tree by the names of its classes, those of the features too."""
    for source in sources("domain"):
        importlib.import_module(source.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    # Tests make errors of their own.
    return {one.__name__: one for one in _below(EngageError) if one.__module__.startswith("domain.")}


def _below(error: type[EngageError]) -> Iterator[type[EngageError]]:
    yield error
    for child in error.__subclasses__():
        yield from _below(child)


def parameters_of(error: type[object]) -> list[str]:
    given = inspect.signature(error).parameters.values()
    return [each.name for each in given if each.kind is not inspect.Parameter.VAR_KEYWORD]


def filled_by_itself(error: type[EngageError]) -> list[str]:
    """What a message is filled with that the class itself writes."""
    init = ast.parse(textwrap.dedent(inspect.getsource(error.__init__)))
    handed_up = [node for node in ast.walk(init) if isinstance(node, ast.Call) and not dotted(node.func)]
    return sorted(keyword.arg for call in handed_up for keyword in call.keywords if keyword.arg)


def places(texts: list[Source], names: set[str]) -> Iterator[Place]:
    for source in texts:
        functions = [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in names:
                around = [one for one in functions if one.lineno <= node.lineno <= (one.end_lineno or 0)]
                yield Place(f"{source.name}:{node.lineno}", node, around[-1] if around else source.tree)


def problems(texts: list[Source]) -> Keys:
    tree = errors()
    keys: Keys = {code: [] for code in CODES.values()}
    for place in places(texts, {"problem"}):
        keys |= {code: [] for code in place.texts(place.given(["status", "code"], "code"))}
    for error in tree.values():
        keys[error.code] = filled_by_itself(error)
    for place in places(texts, set(tree)):
        error, parameters = tree[place.name], parameters_of(tree[place.name])
        if "message" in parameters:
            for reason in place.texts(place.given(parameters, "reason")):
                keys[f"{error.code}_{reason}"] = place.more(parameters)
    return keys


def without_reason(texts: list[Source]) -> list[str]:
    """Where something is said under a code that others share. What providers do is told by the code alone."""
    tree = {name: error for name, error in errors().items() if not issubclass(error, Rejected | ProviderError)}
    return [
        place.where
        for place in places(texts, set(tree))
        if (parameters := parameters_of(tree[place.name]))
        and place.given(parameters, "message") is not None
        and place.given(parameters, "reason") is None
    ]


def fields(texts: list[Source]) -> Keys:
    rejecting = {name: error for name, error in errors().items() if issubclass(error, Rejected)}
    keys = _field(VALIDATORS, [])
    for code, message in MESSAGES.items():
        keys |= _field(code, [name for _, name, _, _ in string.Formatter().parse(message) if name])
    for place in places([source for source in texts if source.name not in HANDED_ON], {"FieldError", *rejecting}):
        error = rejecting.get(place.name, FieldError)
        parameters = parameters_of(error)
        if "code" in parameters:
            codes = place.texts(place.given(parameters, "code"))
            assert codes, f"{place.where}: the code is not written there"
            for code in codes:
                keys |= _field(code, _filled(place, error, parameters))
    return keys


def _filled(place: Place, error: type[object], parameters: list[str]) -> list[str]:
    if issubclass(error, EngageError):
        return place.more(parameters) if "message" in parameters else filled_by_itself(error)
    given = [part for part in place.meant(place.given(parameters, "params")) if isinstance(part, ast.Dict)]
    return [key.value for part in given for key in part.keys if isinstance(key, ast.Constant)]


def _field(code: str, filled: list[str]) -> Keys:
    names = sorted(filled)
    return {"_".join([code, *names]): names}


def reasons() -> Keys:
    """Why a contact waits, is left out or is done, why an email or a connection failed."""
    told = {reason.value for kind in (Reason, FinishReason, PauseReason, WaitingReason) for reason in kind}
    failures = {error.code for error in errors().values() if issubclass(error, ProviderError)}
    return {code: [] for code in told | (failures - {ProviderError.code, GrantRefused.code})}


def listed() -> str:
    """The list as it is kept."""
    texts = read()
    keys = {"problem": problems(texts), "field": fields(texts), "reason": reasons()}
    return json.dumps(keys, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    KEPT.write_text(listed())
