"""A model as bytes: arrays in a zip file (NumPy's npz) and names in JSON, which run nothing when they are read."""

import io
import json
import zipfile
from typing import Any

import numpy as np
from scipy import sparse

from csts.intents.confidence import Confidence
from csts.intents.habits import Habits
from csts.intents.likeness import ASKED, Likeness
from csts.intents.linear import Linear
from csts.intents.logistic import Logistic
from csts.intents.model import Model, Reader
from csts.intents.space import Space
from csts.intents.weighing import Weights

_FORMAT = 1

Arrays = dict[str, np.ndarray]


class NotAModel(ValueError):
    """These bytes are no model, or one of another version of the desk: train it again."""


def to_bytes(model: Model) -> bytes:
    reader = model.reader
    names = {
        "format": _FORMAT,
        "version": model.version,
        "topics": list(model.topics),
        "views": list(reader.views),
        "columns": {view: list(columns) for view, columns in model.space.columns.items()},
    }
    arrays: Arrays = {
        "names": np.frombuffer(json.dumps(names).encode(), np.uint8),
        "linear": reader.linear.weights.astype(np.float16),
        "bias": reader.linear.bias,
        "starts": reader.likeness.starts,
        "texts": reader.habits.texts,
        "is_word": reader.habits.is_word,
        **{f"weights_{view}": weights for view, weights in reader.weights.columns.items()},
        **_parts("said", reader.habits.said),
    }
    for view in ASKED:
        arrays |= _parts(f"likeness_{view}", reader.likeness.texts[view])
    for name in ("scope", "right", "straight"):
        arrays[name] = getattr(model.confidence, name).weights
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def from_bytes(data: bytes) -> Model:
    """Raises NotAModel."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays = dict(file)
        names = json.loads(arrays["names"].tobytes())
        if names["format"] != _FORMAT:
            raise NotAModel(f"a model of format {names['format']}")
        return _model(names, arrays)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise NotAModel(str(error)) from error


def _model(names: dict[str, Any], arrays: Arrays) -> Model:
    reader = Reader(
        Weights({view: arrays[f"weights_{view}"] for view in names["columns"]}),
        names["views"],
        Linear(arrays["linear"].astype(np.float32), arrays["bias"]),
        Likeness({view: _matrix(f"likeness_{view}", arrays) for view in ASKED}, arrays["starts"]),
        Habits(_matrix("said", arrays), arrays["texts"], arrays["is_word"]),
    )
    space = Space({view: {term: at for at, term in enumerate(columns)} for view, columns in names["columns"].items()})
    confidence = Confidence(*(Logistic(arrays[name]) for name in ("scope", "right", "straight")))
    return Model(names["version"], names["topics"], space, reader, confidence)


def _parts(name: str, matrix: sparse.csr_matrix) -> Arrays:
    parts = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": np.array(matrix.shape)}
    return {f"{name}_{part}": array for part, array in parts.items()}


def _matrix(name: str, arrays: Arrays) -> sparse.csr_matrix:
    data, indices, indptr, shape = (arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr", "shape"))
    return sparse.csr_matrix((data, indices, indptr), shape=tuple(shape))
