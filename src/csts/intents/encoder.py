"""What texts mean, as vectors: a sentence model of the BERT family in a folder, as sentence-transformers stores it."""

import hashlib
import importlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from csts.intents.bert import Bert, Shape, Tensors, expected
from csts.intents.linear import in_half
from csts.intents.terms import MAX_CHARACTERS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# A question says what it is about early, and time grows with the number of pieces.
MAX_PIECES = 128
# Texts that are counted together: more are not faster, and take more memory.
_BATCH = 64
_FILES = ("config.json", "tokenizer.json", "model.safetensors")
_POOLING = "1_Pooling/config.json"


class NoEncoder(ValueError):
    """There is no sentence model that can be read; the words say where, and what is missing."""


@dataclass(frozen=True)
class Encoder:
    """From texts to a unit vector for each. `name` is a digest of the model: equal names make equal vectors."""

    name: str
    bert: Bert
    tokenizer: "Tokenizer"
    takes_first: bool

    @property
    def width(self) -> int:
        return self.bert.shape.width

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """A row of length 1 for each text; of a long text the beginning. Some 15 ms of CPU time for a question."""
        pieces = [self._pieces(text) for text in texts]
        found = np.zeros((len(texts), self.width), np.float32)
        for batch in _of_equal_length(pieces):
            states = self.bert(np.array([pieces[each] for each in batch]))
            found[batch] = states[:, 0] if self.takes_first else states.mean(axis=1)
        return in_half(found / np.linalg.norm(found, axis=1, keepdims=True))

    def _pieces(self, text: str) -> list[int]:
        # Half of a surrogate pair is no text elsewhere.
        return self.tokenizer.encode(text[:MAX_CHARACTERS].encode(errors="replace").decode()).ids


def encoder_at(folder: Path) -> Encoder:
    """Reads the folder, 90 MB in a second. Raises NoEncoder.

    From here on this process multiplies matrices in one thread: the matrices of a question are small, and more threads
    wait for each other with a processor each, which others need to talk.
    """
    for name in _FILES:
        if not (folder / name).is_file():
            raise NoEncoder(f"{folder} is no sentence model: {name} is missing")
    shape = _shape(folder)
    _extra("threadpoolctl").threadpool_limits(1, "blas")
    tokenizer = _tokenizer(folder, min(MAX_PIECES, shape.positions))
    tensors = _tensors(folder, shape)
    if tokenizer.get_vocab_size() > len(tensors["embeddings.word_embeddings.weight"]):
        raise NoEncoder(f"{folder}: tokenizer.json knows more pieces than model.safetensors")
    return Encoder(_digest(folder), Bert(shape, tensors), tokenizer, _takes_first(folder))


def _shape(folder: Path) -> Shape:
    config = _json(folder / "config.json")
    # What is not said is what BERT began with.
    kind, activation = config.get("model_type"), config.get("hidden_act", "gelu")
    if kind != "bert" or activation != "gelu" or config.get("position_embedding_type", "absolute") != "absolute":
        raise NoEncoder(f"{folder}: config.json names a model of type {kind} ({activation}); BERT's with gelu are read")
    try:
        shape = Shape(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            width=int(config["hidden_size"]),
            positions=int(config["max_position_embeddings"]),
            epsilon=float(config.get("layer_norm_eps", 1e-12)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NoEncoder(f"{folder}: config.json does not say {error}") from error
    if min(shape.layers, shape.heads, shape.width, shape.positions) < 1 or shape.width % shape.heads:
        raise NoEncoder(f"{folder}: config.json wants a model {shape.width} wide with {shape.heads} heads")
    return shape


def _takes_first(folder: Path) -> bool:
    """Whether the first piece speaks for the text, or the mean of all."""
    if not (folder / _POOLING).exists():
        return False
    modes = [name for name, value in _json(folder / _POOLING).items() if name.startswith("pooling_mode") and value]
    if modes not in (["pooling_mode_mean_tokens"], ["pooling_mode_cls_token"]):
        raise NoEncoder(f"{folder}: {_POOLING} wants {modes}; the mean or the first of the pieces is taken")
    return modes == ["pooling_mode_cls_token"]


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NoEncoder(f"{file} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise NoEncoder(f"{file} is no object")
    return found


def _tokenizer(folder: Path, longest: int) -> "Tokenizer":
    found: Tokenizer = _extra("tokenizers").Tokenizer
    try:
        tokenizer = found.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the edge of a library that raises nothing more exact, whatever is wrong
        raise NoEncoder(f"{folder}: tokenizer.json cannot be read: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    return tokenizer


def _tensors(folder: Path, shape: Shape) -> Tensors:
    library = _extra("safetensors.numpy")
    try:
        found: Tensors = library.load_file(folder / "model.safetensors")
    except (OSError, importlib.import_module("safetensors").SafetensorError) as error:
        raise NoEncoder(f"{folder}: model.safetensors cannot be read: {error}") from error
    read = {}
    for name, sizes in expected(shape).items():
        if name not in found:
            raise NoEncoder(f"{folder}: model.safetensors has no {name}")
        given = found[name].shape
        if len(given) != len(sizes) or any(want not in {None, size} for want, size in zip(sizes, given, strict=True)):
            raise NoEncoder(f"{folder}: {name} has the shape {given}, which is not that of config.json")
        read[name] = found[name].astype(np.float32, copy=False)
    return read


def _extra(module: str) -> Any:
    """By name: a desk without a sentence model needs neither. Raises NoEncoder."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise NoEncoder(f"{module} is not installed; it comes with csts[semantic]") from error


def _digest(folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name in (*_FILES, _POOLING):
        if (folder / name).exists():
            with (folder / name).open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()


def _of_equal_length(pieces: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Numbers of texts that have equally many pieces, so that none is filled up with nothing."""
    order = sorted(range(len(pieces)), key=lambda each: len(pieces[each]))
    for _, found in groupby(order, key=lambda each: len(pieces[each])):
        alike = list(found)
        yield from (alike[at : at + _BATCH] for at in range(0, len(alike), _BATCH))
