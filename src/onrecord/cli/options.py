"""Options that several commands share, each spelled and explained once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from onrecord.errors import OnRecordError

if TYPE_CHECKING:
    from onrecord.model import Edition
    from onrecord.record import Record


class WrongUsage(OnRecordError):
    """Options that do not go together, or a value that cannot be: exit status 2."""


Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False, help="Print JSON.")]

Html = Annotated[
    Path | None,
    Parameter(
        name="--html", allow_leading_hyphen=True, help="Write one self-contained HTML file instead; - prints it."
    ),
]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Place:
    """Which record is meant."""

    record: Annotated[
        Path, Parameter(env_var="ONRECORD_DIR", help="The folder of the record; may also stand before the command.")
    ] = Path("record")

    def open(self, *, create: bool = False) -> Record:
        """The record, made if it is not there and ``create``."""
        from onrecord.record import Record

        return Record(self.record, create=create)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which editions, or turns, are meant."""

    source: Annotated[str | None, Parameter(help="Who publishes, such as cn-mfa.")] = None
    country: Annotated[str | None, Parameter(help="Country of the source, such as CN.")] = None
    outlet: Annotated[str | None, Parameter(help="Outlet of the asker, by any of its names.")] = None
    person: Annotated[str | None, Parameter(help="Who speaks, by any of the spellings of the name.")] = None
    lang: Annotated[str | None, Parameter(help="Language of the text, such as zh.")] = None
    since: Annotated[str | None, Parameter(help="From this year, month or day on (2023, 2023-07, 2023-07-26).")] = None
    until: Annotated[str | None, Parameter(help="Up to and with this year, month or day.")] = None
    latest: Annotated[
        bool,
        Parameter(
            negative="--all-revisions", show_default=False, help="Latest revisions only (the default), or all of them."
        ),
    ] = True

    def given(self) -> dict[str, Any]:
        """The filters as arguments of ``Record.search`` and ``Record.editions``; dates checked."""
        for name, value in (("--since", self.since), ("--until", self.until)):
            if value is not None:
                check_date(name, value)
        if self.since and self.until:
            digits = min(len(self.since), len(self.until))  # 2023-07 to 2023 is July to December
            if self.since[:digits] > self.until[:digits]:
                raise WrongUsage(f"--since {self.since} is after --until {self.until}")
        return {
            "source": self.source,
            "country": self.country.upper() if self.country else None,
            "outlet": self.outlet,
            "person": self.person,
            "lang": self.lang,
            "since": self.since,
            "until": self.until,
            "latest": self.latest,
        }


HERE = Place()
ALL = Filters()


def check_date(option: str, text: str) -> None:
    """Raises WrongUsage unless the text is a year, a month or a day that exists."""
    from datetime import date

    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01" if len(text) == 7 else text)
        if len(text) not in (4, 7, 10) or not text.replace("-", "").isascii():
            raise ValueError
    except ValueError:
        raise WrongUsage(f"{option} {text!r} is not a date: write 2023, 2023-07 or 2023-07-26") from None


def check_file(option: str, file: Path | None) -> None:
    """Raises WrongUsage for what looks like an option where a file's name should stand; - is the standard stream."""
    name = str(file or "")
    if name.startswith("-") and name != "-":
        raise WrongUsage(f"{option} needs a file, and {name} is an option (for a file of that name write ./{name})")


def check_count(option: str, value: int | None, *, least: int = 0) -> None:
    """Raises WrongUsage for a number below ``least``."""
    if value is not None and value < least:
        raise WrongUsage(f"{option} {value} is too small: write a number from {least} on")


def check_html(html: Path | None, *, json: bool) -> None:
    """Raises WrongUsage where ``--html`` is no file, or does not go with what else was asked for."""
    check_file("--html", html)
    if html is not None and json:
        raise WrongUsage("--json and --html do not go together")


def check_whole(id: str) -> None:
    """Raises WrongUsage where a part of an edition is named and only the whole of it can be meant; BadId for no id."""
    from onrecord import ids

    parsed = ids.parse(id)
    if parsed.exchange is not None or parsed.span is not None:
        raise WrongUsage(f"{id} is a part of an edition, and here stands a whole one (@2 names a revision of it)")


def other_edition(a: Edition, b: str) -> str:
    """The id of an edition named beside another: ``en`` beside ``cn-mfa/2023-07-26/zh`` is of the same occasion."""
    other = b if "/" in b else f"{a.occasion}/{b}"
    check_whole(other)
    return other
