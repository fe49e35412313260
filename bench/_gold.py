"""The shared gold of White House turns with its two faults mended, as docs/decisions/0002 tells.

"Q" with a single space, or none ("Q– and"), is not taken for a label there, so that a reporter's words are given to the
speaker before; and a closing time stamp without "END" is given to the last speaker's words.
"""

from __future__ import annotations

import re
from types import ModuleType

_CLOSING = r"^(?:\d{1,2}:\d\d\s*[AP]\.?\s?M\.?.{0,12}$)|"


def mend(gold: ModuleType) -> None:
    """Mends the module ``gold_whitehouse`` of the shared tools in memory, for as long as this process lives."""
    label = gold.LABEL.pattern.replace(r"Q(?=\s{2,}|\s*$)", r"Q(?=\s|\\`|[–—]|(?:And|Does) |$)")
    gold.LABEL = re.compile(label)
    gold.END = re.compile(_CLOSING + gold.END.pattern)
