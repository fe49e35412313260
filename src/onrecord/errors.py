"""What can go wrong, one subclass for each thing a caller can act on.

Every message is one sentence fit for standard error; the command line prints it after the input's name.
"""

from __future__ import annotations


class OnRecordError(Exception):
    """Root of everything this package raises on purpose."""


class UnreadableInput(OnRecordError):
    """The bytes cannot be had: a missing path, no permission, too large, a folder that loops, a broken container."""


class NotABriefing(OnRecordError):
    """The bytes were had but hold nothing that can be read as text: empty, binary, encrypted."""


class UnknownSource(OnRecordError):
    """A source id was given that no file in ``sources/`` describes."""


class NotOnRecord(OnRecordError, KeyError):
    """An id was asked for that the record does not hold."""

    def __str__(self) -> str:  # KeyError would print the repr
        return str(self.args[0]) if self.args else "not on the record"


class BadId(OnRecordError):
    """A string is not an edition, exchange, revision or span id."""


class BadQuery(OnRecordError):
    """A search query cannot be understood, or is too long."""


class NotBuilt(OnRecordError):
    """Something was asked for that this version cannot do yet."""


class RecordDamaged(OnRecordError):
    """The record's folder is not what the ledger says; run ``onrecord verify``."""


class RecordBusy(OnRecordError):
    """Another process is writing to the record."""


class RecordNotWritten(OnRecordError):
    """The record's disk refused a write (full, read-only); what was reported done is kept."""
