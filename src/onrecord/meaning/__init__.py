"""Sentences as vectors, so that what they say can be compared across languages.

An ``Encoder`` is anything that gives each text a vector of unit length; the inner product of two vectors is how near
the texts are in meaning.  ``default_encoder`` is the one that comes with the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

__all__ = ["Encoder", "Vectors", "default_encoder"]

Vectors = NDArray[np.float32]
"""One row a text, each of length 1."""


class Encoder(Protocol):
    """Gives texts their vectors; the same text has the same vector, whatever it is encoded together with."""

    @property
    def name(self) -> str:
        """Which model it is, in which version; vectors of two names cannot be compared."""

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, one row each, in their order."""


@cache
def default_encoder() -> Encoder:
    """The multilingual encoder that comes with the program, loaded once (about a second)."""
    from onrecord.meaning.use import UniversalSentenceEncoder

    return UniversalSentenceEncoder()
