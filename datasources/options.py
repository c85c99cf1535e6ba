"""The kind's own part of a `[[sources]]` block, checked as a whole: every wrong key, each with what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from datasources.contract import SourceSettings
from situation.settings import as_toml, said_of, suggestion


class OptionTable(BaseModel):
    """A table inside `[sources.options]`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)


class Options(OptionTable):
    """What a kind of source can be told in `[sources.options]`: subclass it, one documented field an option.

    Times end in `_s`; what is secret is a `situation.settings.Secret` and named so that its key says so.
    """

    moves_within_s: float | None = Field(default=None, ge=0)
    """City seconds after which content that stands still is frozen; 0: it may rest for ever; None: as the kind says."""


def _host_name(text: str) -> str:
    has_port = text.count(":") == 1  # more of them: IPv6
    if not text or has_port or set(text) & set("/@ "):
        raise ValueError("is a name without scheme, port or path, like 10.6.0.7")
    return text


HostName = Annotated[str, AfterValidator(_host_name)]
"""A host that addresses in replies may lie on. One with a port would never fit, and everything on it be left out."""

AnyOptions = TypeVar("AnyOptions", bound=Options)


@dataclass(frozen=True, slots=True)
class OptionProblem:
    """One wrong option. `path` is below the block: `("options", "paging", "size")`; `value` shows no secret."""

    path: tuple[str | int, ...]
    value: str
    allowed: str


class OptionsError(ValueError):
    """A source's options can't be used; `str()` lists every problem, one a line."""

    def __init__(self, key: str, problems: tuple[OptionProblem, ...]) -> None:
        self.key = key
        self.problems = problems
        super().__init__("\n".join(_line(key, problem) for problem in problems))


def read_options(model: type[AnyOptions], settings: SourceSettings) -> AnyOptions:
    """The options of one source; raises OptionsError that names every wrong one and what is allowed."""
    return _read(model, settings.key, settings.options)


def read_part(model: type[AnyOptions], settings: SourceSettings) -> AnyOptions:
    """The same of a mix-in: options that are not its own are left to whoever knows them."""
    own = {name: value for name, value in settings.options.items() if name in model.model_fields}
    return _read(model, settings.key, own)


def _read(model: type[AnyOptions], key: str, options: Mapping[str, Any]) -> AnyOptions:
    try:
        return model.model_validate(dict(options))
    except ValidationError as error:
        raise OptionsError(key, tuple(_problem(model, each) for each in error.errors())) from error


def _problem(model: type[Options], error: ErrorDetails) -> OptionProblem:
    path = ("options", *error["loc"])
    if error["type"] == "extra_forbidden":
        return OptionProblem(path, "", _nearest(str(error["loc"][-1]), model, error["loc"][:-1]))
    if error["type"] == "missing":
        return OptionProblem(path, "", "is missing")
    value = error["input"]
    return OptionProblem(path, as_toml(value), said_of(error))


def _nearest(name: str, model: type[BaseModel], above: tuple[str | int, ...]) -> str:
    known = _fields(model, above)
    return suggestion(name, known, "option") if known else "is no known option"


def _fields(model: type[BaseModel], above: tuple[str | int, ...]) -> list[str]:
    """The names that are known where an unknown one was found; empty where that can't be said."""
    for name in above:
        field = model.model_fields.get(str(name))
        inner = field.annotation if field else None
        choices = (inner, *getattr(inner, "__args__", ()))
        tables = [each for each in choices if isinstance(each, type) and issubclass(each, BaseModel)]
        if not tables:
            return []
        model = tables[0]
    return list(model.model_fields)


def _line(key: str, problem: OptionProblem) -> str:
    where = ".".join(str(part) for part in ("sources", key, *problem.path))
    return f"{where}{f' = {problem.value}' if problem.value else ''}: {problem.allowed}"
