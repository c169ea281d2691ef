"""A text's ids are those of its words, whatever the text; the tokenizer itself is the witness."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.encoding import embedding, wordpieces
from rag.encoding.modelfolder import load_tokenizer
from rag.encoding.wordpieces import WordPieces

ODD = st.sampled_from([*" \t\n\r", "\x0b", "\x1c", "\x85", "\xa0", "\u2003", "\u2028", "\u200b",
                       "\u0301", "é", "İ", "Σ", "ß", "中", "[SEP]", "[CLS", "]", "##s", "'", "’",
                       ".", "2.5", "U.S.", "Niger", "niger", "x" * 101])  # fmt: skip


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_tokenizer(embedding.bundled_folder())


def test_ids_are_those_of_the_whole_text(tokenizer: Tokenizer) -> None:
    text = "Niger's junta:\n100 Russian  instructors arrived\tin Niamey."
    (found,) = WordPieces(tokenizer).ids([text])
    assert found == tokenizer.encode(text, add_special_tokens=False).ids
    assert tokenizer.decode(found) == "niger ' s junta : 100 russian instructors arrived in niamey."


@settings(deadline=None, max_examples=300)
@given(texts=st.lists(st.lists(ODD | st.text(max_size=4), max_size=12).map("".join), max_size=4))
def test_ids_are_those_of_any_text(tokenizer: Tokenizer, texts: list[str]) -> None:
    wanted = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    pieces = WordPieces(tokenizer)
    assert pieces.ids(texts) == wanted
    assert pieces.ids(texts) == wanted  # as remembered


def test_a_full_memory_is_begun_anew(
    tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wordpieces, "_MOST", 4)
    pieces = WordPieces(tokenizer)
    texts = [f"ship{number} and ship{number + 1} sail" for number in range(20)]
    wanted = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    assert [pieces.ids([text])[0] for text in texts] == wanted
    assert pieces.ids(texts) == wanted
