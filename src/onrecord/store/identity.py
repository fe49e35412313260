"""Which page is which: addresses and words folded until two fetches of the same page look the same."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# Hosts under which one publisher's pages have stood with the same paths.  The presidential libraries keep each White
# House site under its own name (https://www.archives.gov/presidential-records/research/archived-white-house-websites),
# the State Department each administration's under its years (https://www.state.gov/archive-websites/).  The Chinese
# Foreign Ministry's own "Url" meta tags name fmprc.gov.cn, its test and svn hosts and, since 2021, mfa.gov.cn.
_HOSTS = {
    "bidenwhitehouse.archives.gov": "whitehouse.gov",
    "trumpwhitehouse.archives.gov": "whitehouse.gov",
    "obamawhitehouse.archives.gov": "whitehouse.gov",
    "georgewbush-whitehouse.archives.gov": "whitehouse.gov",
    "2009-2017.state.gov": "state.gov",
    "2017-2021.state.gov": "state.gov",
    "2021-2025.state.gov": "state.gov",
    "fmprc.gov.cn": "mfa.gov.cn",
    "test.fmprc.gov.cn": "mfa.gov.cn",
    "svn.fmprc.gov.cn": "mfa.gov.cn",
    "test.mfa.gov.cn": "mfa.gov.cn",
    "svn.mfa.gov.cn": "mfa.gov.cn",
}
# On mfa.gov.cn the same page stands with and without "/web", and its English site as "/mfa_eng" and "/eng".
_MFA_ROOT = re.compile(r"^/web(?=/)|^/mfa_(?=eng/)")
_WAYBACK = re.compile(r"^(?:https?:)?//(?:web|wayback|www)\.archive\.org/web/[0-9*]+[a-z_]*/(?P<url>.+)$", re.I)
_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)$", re.I)
_SHINGLE = 8


def address_key(url: str | None) -> str | None:
    """``url`` folded so that one page has one key; None when it names no host.

    Folded: scheme, ``www.``, default ports, the hosts above, copies in the Wayback Machine, a trailing slash, the
    fragment, tracking parameters, percent-encoding.  Kept: the rest of the query, and names such as ``index.html``.
    """
    if not url:
        return None
    url = url.strip()
    while wayback := _WAYBACK.match(url):
        url = wayback["url"]
    if "//" not in url[:8]:  # a bare host is taken with a path only, lest "t123.html" pass for one
        url = "//" + url if "/" in url else ""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if "." not in host:
        return None
    host = host.removeprefix("www.")
    host = _HOSTS.get(host, host)
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._").rstrip("/")
    if host == "mfa.gov.cn":
        path = _MFA_ROOT.sub("", path)
        path = path if path.startswith("/") else f"/{path}"
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
    return f"{host}{path}" + (f"?{urlencode(query)}" if query else "")


def shares_words(one: str, other: str) -> bool:
    """Whether at least half of the shorter text's runs of eight letters stand in the other too.

    This tells a corrected text from another text of the same day under the same heading.
    """
    return max(shared(one, other)) >= 0.5


def shared(one: str, other: str) -> tuple[float, float]:
    """The share of each text's runs of eight letters that stand in the other too; the greater is the shorter text's.

    Two briefings of one day share up to a quarter in English, hardly anything in Chinese (shared corpus).
    """
    first, second = _shingles(one), _shingles(other)
    both = len(first & second)
    return both / len(first), both / len(second)


def letters(text: str) -> str:
    """The letters and digits of ``text`` with case folded: a heading without its blanks, dashes and invisible marks."""
    return "".join(filter(str.isalnum, text.casefold()))


def _shingles(text: str) -> set[str]:
    run = letters(text)
    return {run[i : i + _SHINGLE] for i in range(max(1, len(run) - _SHINGLE + 1))}
