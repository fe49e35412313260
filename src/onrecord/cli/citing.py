"""``onrecord cite``."""

from __future__ import annotations

from typing import Literal

from onrecord.cli.options import HERE, Json, Place
from onrecord.cli.terminal import plain, print_json


def cite(id: str, /, *, format: Literal["text"] = "text", json: Json = False, place: Place = HERE) -> int:
    """Print a citation that can be checked.

    It says who, which words, where and when, and the digest of the page as
    received.

    For example:

      onrecord cite cn-mfa/2023-07-26/zh
      onrecord cite cn-mfa/2023-07-26/zh#3
      onrecord cite cn-mfa/2023-07-26/zh@1:812-860

    Parameters
    ----------
    id
        An edition, a revision (@2), an exchange (#3), or characters of one turn in the text (:812-860).
    format
        text: one sentence, fit for a footnote.
    """
    from onrecord import ids
    from onrecord.publish import cite as citations

    parsed = ids.parse(id)
    with place.open() as record:
        edition = record[id]
    sentence = citations.text(edition, parsed)
    if json:
        print_json({"id": id, "format": format, "citation": sentence})
    else:
        print(plain(sentence))
    return 0
