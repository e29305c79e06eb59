"""The forward pass of BERT (Devlin et al., 2019) with NumPy: from numbers of word pieces to a vector for each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import erf

Tensors = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Shape:
    """What config.json says of a model: how many layers and heads, how wide, and how long a text may be."""

    layers: int
    heads: int
    width: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Bert:
    shape: Shape
    tensors: Tensors

    def __call__(self, pieces: np.ndarray) -> np.ndarray:
        """From a row of pieces for each text, all of one length, to (texts, pieces, width); nothing is padded."""
        states = self._begin(pieces)
        for layer in range(self.shape.layers):
            states = self._layer(states, f"encoder.layer.{layer}")
        return states

    def _begin(self, pieces: np.ndarray) -> np.ndarray:
        name = "embeddings"
        words = self.tensors[f"{name}.word_embeddings.weight"][pieces]
        places = self.tensors[f"{name}.position_embeddings.weight"][: pieces.shape[1]]
        kind = self.tensors[f"{name}.token_type_embeddings.weight"][0]
        return self._normal(words + places + kind, f"{name}.LayerNorm")

    def _layer(self, states: np.ndarray, name: str) -> np.ndarray:
        told = self._linear(self._attention(states, name), f"{name}.attention.output.dense")
        states = self._normal(states + told, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
        return self._normal(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attention(self, states: np.ndarray, name: str) -> np.ndarray:
        """What each piece takes over from all pieces of its text."""
        texts, length, width = states.shape
        size = width // self.shape.heads

        def heads(part: str) -> np.ndarray:
            found = self._linear(states, f"{name}.attention.self.{part}")
            return found.reshape(texts, length, self.shape.heads, size).transpose(0, 2, 1, 3)

        fit = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32(size**0.5)
        shares = np.exp(fit - fit.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        return np.asarray((shares @ heads("value")).transpose(0, 2, 1, 3).reshape(texts, length, width))

    def _linear(self, states: np.ndarray, name: str) -> np.ndarray:
        return np.asarray(states @ self.tensors[f"{name}.weight"].T + self.tensors[f"{name}.bias"])

    def _normal(self, states: np.ndarray, name: str) -> np.ndarray:
        states = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(states).mean(axis=-1, keepdims=True) + np.float32(self.shape.epsilon))
        return np.asarray(states / spread * self.tensors[f"{name}.weight"] + self.tensors[f"{name}.bias"])


def _gelu(states: np.ndarray) -> np.ndarray:
    return np.asarray(states * np.float32(0.5) * (1 + erf(states * np.float32(0.5**0.5))))


def expected(shape: Shape) -> dict[str, tuple[int | None, ...]]:
    """The shape of each tensor that is read, by name; None where any size will do."""
    width = shape.width
    found: dict[str, tuple[int | None, ...]] = {
        "embeddings.word_embeddings.weight": (None, width),
        "embeddings.position_embeddings.weight": (shape.positions, width),
        "embeddings.token_type_embeddings.weight": (None, width),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{number}" for number in range(shape.layers)):
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            found |= {f"{layer}.attention.{part}.weight": (width, width), f"{layer}.attention.{part}.bias": (width,)}
        found |= {f"{layer}.intermediate.dense.weight": (None, width), f"{layer}.intermediate.dense.bias": (None,)}
        found |= {f"{layer}.output.dense.weight": (width, None), f"{layer}.output.dense.bias": (width,)}
    for norm in norms:
        found |= {f"{norm}.weight": (width,), f"{norm}.bias": (width,)}
    return found
