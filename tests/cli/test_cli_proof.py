"""``onrecord verify``, ``head``, ``prove`` and ``cite``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from harbour import (
    EN,
    ENGLISH,
    Run,
    process,
    span_of,
)


def test_verify_head_and_prove(run: Run, shelf: Path, tmp_path: Path) -> None:
    verified = run("--record", shelf, "verify", "--json")
    head = run("--record", shelf, "head", "--json")
    assert verified.json == {"entries": head.json["entries"], "ok": True, "problems": []}
    assert run("--record", shelf, "verify").out.startswith("ok: ")
    assert run("--record", shelf, "verify", EN, "--json").json["ok"] is True
    (tmp_path / "head.json").write_text(head.out)
    proof = run("--record", shelf, "prove", f"{EN}@1")
    (tmp_path / "proof.json").write_text(proof.out)
    assert proof.json["root"] == head.json["root"]
    assert run("prove", "--check", "proof.json").status == 0
    assert run("prove", "--check", "proof.json", "--head", "head.json", "--json").json == {"ok": True}
    for shown in (["--check", "-"], ["--check", "-", "--head", "head.json"]):
        done = process("prove", *shown, cwd=tmp_path, input=proof.out.encode())
        assert (done.returncode, done.stderr) == (0, b"")
    (tmp_path / "forged.json").write_text(proof.out.replace(f"{EN}", f"{EN[:-2]}fr"))
    forged = run("prove", "--check", "forged.json")
    assert (forged.status, forged.err) == (1, "onrecord: forged.json: the proof does not hold\n")
    other = head.json | {"entries": head.json["entries"] + 1}
    (tmp_path / "other.json").write_text(json.dumps(other))
    assert run("prove", "--check", "proof.json", "--head", "other.json").status == 1


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, "[]", '"x"', "\x80"])
def test_what_is_no_proof_does_not_hold(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "proof.json").write_text(content, encoding="latin-1")
    said = run("prove", "--check", "proof.json")
    assert said.status == 1
    assert re.fullmatch(r"onrecord: proof.json: [^\n]+\n", said.err)
    assert run("prove", "--check", "missing.json").err == "onrecord: missing.json: no such file or directory\n"


def test_verify_names_what_has_changed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ENGLISH)
    run("add", "a.md")
    (warc,) = (tmp_path / "record" / "archive").glob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 1
    warc.write_bytes(data)
    said = run("verify")
    assert said.status == 1
    assert said.out.startswith(f"archive/{warc.name}: ")
    found = run("verify", "--json")
    assert found.status == 1
    assert found.json["ok"] is False
    assert [list(problem) for problem in found.json["problems"]] == [["where", "what"]]


def test_cite_quotes_aspan_of(run: Run, shelf: Path) -> None:
    span = span_of(shelf, "The one canal policy stands.")
    sentence = run("--record", shelf, "cite", f"{EN}:{span}").out
    assert "“The one canal policy stands.”" in sentence
    assert f"{EN}@2:{span}" in sentence
    assert sentence.endswith(".\n")
    told = run("--record", shelf, "cite", f"{EN}:{span}", "--json").json
    assert told == {"id": f"{EN}:{span}", "format": "text", "citation": sentence.rstrip("\n")}


def test_cite_refuses_what_is_nobodys_words(run: Run, shelf: Path) -> None:
    beyond = run("--record", shelf, "cite", f"{EN}:0-99999")
    assert beyond.status == 1
    assert "beyond its end" in beyond.err
    across = run("--record", shelf, "cite", f"{EN}:0-{span_of(shelf, 'The one canal policy stands.').split('-')[1]}")
    assert across.status == 2
    assert "run over turns" in across.err
