"""A sentence model says what texts mean, and one that cannot be read says why."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from csts.intents.encoder import Encoder, NoEncoder, encoder_at
from csts.intents.memory import Memory, key_of
from tests.intents.sentence_model import altered, model_folder, sentence_model

pytestmark = pytest.mark.once

TEXTS = ("how do I reset my password", "my parcel is late", "hello", "the third card that you sent has not come yet")


@pytest.fixture
def encoder() -> Encoder:
    return sentence_model()


def test_vectors_are_of_unit_length_and_the_same_in_company(encoder: Encoder) -> None:
    together = encoder(TEXTS)
    assert together.shape == (len(TEXTS), encoder.width)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-3)
    for text, vector in zip(TEXTS, together, strict=True):
        # Half precision; a batch of another size may round the last digit another way.
        assert encoder([text])[0] == pytest.approx(vector, abs=1e-3)


def test_what_means_the_same_is_nearer_than_what_has_the_same_words(encoder: Encoder) -> None:
    question, paraphrase, decoy = encoder(
        ["I forgot my password", "the secret that I log in with has slipped my mind", "I forgot my umbrella"]
    )
    assert question @ paraphrase > question @ decoy + 0.1


def test_case_and_accents_do_not_matter(encoder: Encoder) -> None:
    one, other = encoder(["Où est mon café?", "ou est mon CAFE?"])
    assert one @ other == pytest.approx(1, abs=1e-3)


def test_of_a_long_text_the_beginning_is_read(encoder: Encoder) -> None:
    long = "my card " * 200
    assert encoder([long])[0] @ encoder([long + "weather"])[0] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("text", ["", "\ud800", "\0", "我的包裹在哪里", "😀", "x" * 20_000])
def test_any_text_has_a_meaning(encoder: Encoder, text: str) -> None:
    assert np.linalg.norm(encoder([text])[0]) == pytest.approx(1, abs=1e-3)


def test_the_first_piece_speaks_where_the_model_says_so(encoder: Encoder, tmp_path: Path) -> None:
    first = {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}
    other = encoder_at(altered(tmp_path, "1_Pooling/config.json", **first))
    assert other.name != encoder.name
    assert other(["hello"])[0] @ encoder(["hello"])[0] < 0.9


def test_without_a_word_about_it_the_mean_speaks(encoder: Encoder, tmp_path: Path) -> None:
    folder = altered(tmp_path, "config.json")
    (folder / "1_Pooling" / "config.json").unlink()
    assert (encoder_at(folder)(["hello"]) == encoder(["hello"])).all()


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_file_that_is_missing_is_named(name: str, tmp_path: Path) -> None:
    folder = altered(tmp_path, "config.json")
    (folder / name).unlink()
    with pytest.raises(NoEncoder, match=f"no sentence model: {name} is missing"):
        encoder_at(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xff"])
def test_a_file_that_holds_something_else_is_named(name: str, content: bytes, tmp_path: Path) -> None:
    folder = altered(tmp_path, "config.json")
    (folder / name).unlink()
    (folder / name).write_bytes(content)
    with pytest.raises(NoEncoder, match=name):
        encoder_at(folder)


@pytest.mark.parametrize(
    "file, changes, complaint",
    [
        ("config.json", {"model_type": "roberta"}, "type roberta"),
        ("config.json", {"hidden_act": "relu"}, "relu"),
        ("config.json", {"hidden_size": None}, "does not say 'hidden_size'"),
        ("config.json", {"hidden_size": "wide"}, "does not say .*wide"),
        ("config.json", {"hidden_size": 100}, "100 wide with 12 heads"),
        ("config.json", {"num_attention_heads": 0}, "with 0 heads"),
        ("config.json", {"num_hidden_layers": 7}, r"has no encoder\.layer\.6"),
        ("config.json", {"max_position_embeddings": 99}, "not that of config.json"),
        ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, "wants .*max_tokens"),
    ],
)
def test_what_does_not_fit_is_named(file: str, changes: dict[str, object], complaint: str, tmp_path: Path) -> None:
    with pytest.raises(NoEncoder, match=complaint):
        encoder_at(altered(tmp_path, file, **changes))


def test_pieces_that_the_model_does_not_have_are_refused(tmp_path: Path) -> None:
    pieces = json.loads((model_folder() / "tokenizer.json").read_text())
    pieces["model"]["vocab"]["zyzzyva"] = len(pieces["model"]["vocab"])
    with pytest.raises(NoEncoder, match="more pieces"):
        encoder_at(altered(tmp_path, "tokenizer.json", model=pieces["model"]))


@pytest.mark.parametrize("module", ["tokenizers", "safetensors.numpy"])
def test_without_the_extra_it_is_named(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NoEncoder, match=f"{module} is not installed"):
        encoder_at(model_folder())


def test_what_is_remembered_is_not_encoded_again(encoder: Encoder) -> None:
    mine = np.zeros(encoder.width, np.float32)
    memory = Memory(encoder, {key_of("known"): mine, key_of("forgotten"): mine})
    known, new, again = memory(["known", "new", "new"])
    assert (known == mine).all()
    assert (new == again).all()
    assert (new == encoder(["new"])[0]).all()
    assert memory.vectors.keys() == {key_of("known"), key_of("new")}
    assert memory([]).shape == (0, encoder.width)


def test_a_desk_without_a_sentence_model_does_not_read_what_it_needs() -> None:
    program = "import sys, csts.intents.storage; sys.exit(bool({'tokenizers', 'scipy.special'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
