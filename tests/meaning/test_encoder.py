"""The encoder that comes with the program keeps the promises of ``Encoder``."""

from __future__ import annotations

import numpy as np

from onrecord.meaning import default_encoder

TEXTS = ["The harbour will open in May.", "港口将于五月开放。", "The minister has not resigned.", ""]


def test_vectors_are_of_unit_length_and_do_not_depend_on_their_company() -> None:
    encoder = default_encoder()
    together = encoder.encode(TEXTS)
    assert together.shape == (len(TEXTS), encoder.dimensions)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-4)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.allclose(encoder.encode([text])[0], vector, atol=1e-4)


def test_no_texts_are_no_vectors() -> None:
    assert default_encoder().encode([]).shape == (0, default_encoder().dimensions)


def test_a_sentence_is_nearest_to_its_own_translation() -> None:
    harbour, translated, other = default_encoder().encode(TEXTS[:3])
    assert harbour @ translated > 0.6 > harbour @ other


def test_its_name_says_which_model_made_the_vectors() -> None:
    assert default_encoder().name.startswith("use-multilingual-v3/0.")
