"""A model as bytes: arrays in a zip file (NumPy's npz) and names in JSON, which run nothing when they are read."""

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from csts.intents.confidence import Confidence
from csts.intents.habits import Habits
from csts.intents.likeness import ASKED, Likeness
from csts.intents.linear import Linear
from csts.intents.logistic import Logistic
from csts.intents.meaning import Meaning
from csts.intents.model import Model, Reader
from csts.intents.space import Space
from csts.intents.together import together_of
from csts.intents.topics import encoder_of
from csts.intents.weighing import Weights

if TYPE_CHECKING:
    from csts.intents.encoder import Encoder
    from csts.intents.memory import Memory

_FORMAT = 2

Arrays = dict[str, np.ndarray]
_FAULTS = (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile)


class NotAModel(ValueError):
    """These bytes are no model, or one of another version of the desk: train it again."""


def to_bytes(model: Model, memory: "Memory | None" = None) -> bytes:
    """With the memory that it was trained with, if there was one."""
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
    if reader.meaning and memory:
        arrays |= _meant(reader.meaning, memory)
    for view in ASKED:
        arrays |= _parts(f"likeness_{view}", reader.likeness.texts[view])
    for name in ("scope", "right", "straight"):
        arrays[name] = getattr(model.confidence, name).weights
    arrays |= model.confidence.together.arrays
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def from_bytes(data: bytes, encoder: "Encoder | None" = None) -> Model:
    """Raises NotAModel; also for a model that was learnt with another encoder, or with none."""
    try:
        arrays = _arrays(data)
        names = json.loads(arrays["names"].tobytes())
        if names["format"] != _FORMAT:
            raise NotAModel(f"a model of format {names['format']}")
        if (wanted := encoder_of(names["version"])) and (encoder is None or encoder.name != wanted):
            raise NotAModel(f"a model for the encoder {wanted}")
        return _model(names, arrays, encoder if wanted else None)
    except _FAULTS as error:
        raise NotAModel(str(error)) from error


def remembered(data: bytes, encoder: str) -> dict[int, np.ndarray]:
    """The vectors of the memory that a model was stored with; none where these bytes are no model of this encoder."""
    try:
        arrays = _arrays(data)
        if encoder_of(json.loads(arrays["names"].tobytes())["version"]) != encoder:
            return {}
        return dict(zip(map(int, arrays["memory_keys"]), arrays["memory"].astype(np.float32), strict=True))
    except _FAULTS:
        return {}


def _arrays(data: bytes) -> Arrays:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def _model(names: dict[str, Any], arrays: Arrays, encoder: "Encoder | None") -> Model:
    reader = Reader(
        Weights({view: arrays[f"weights_{view}"] for view in names["columns"]}),
        names["views"],
        Linear(arrays["linear"].astype(np.float32), arrays["bias"]),
        Likeness({view: _matrix(f"likeness_{view}", arrays) for view in ASKED}, arrays["starts"]),
        Habits(_matrix("said", arrays), arrays["texts"], arrays["is_word"]),
        _meaning(arrays) if encoder else None,
    )
    columns = {view: {term: at for at, term in enumerate(terms)} for view, terms in names["columns"].items()}
    space = Space(columns, encoder)
    scope, right, straight = (Logistic(arrays[name]) for name in ("scope", "right", "straight"))
    confidence = Confidence(scope, right, together_of(arrays), straight)
    return Model(names["version"], names["topics"], space, reader, confidence)


def _meant(meaning: Meaning, memory: "Memory") -> Arrays:
    """The vectors of all that was encoded, once, and which of them are the known texts."""
    places = {key: place for place, key in enumerate(memory.vectors)}
    return {
        "memory_keys": np.array(list(places), np.uint64),
        "memory": np.array(list(memory.vectors.values()), np.float16),
        "meant": np.array([places[int(key)] for key in meaning.keys], np.uint32),
        "meant_starts": meaning.starts,
        "meant_centre": meaning.centre.astype(np.float16),
        "meant_linear": meaning.linear.weights.astype(np.float16),
        "meant_bias": meaning.linear.bias,
        "meant_many": np.array(meaning.is_many),
    }


def _meaning(arrays: Arrays) -> Meaning:
    meant = arrays["meant"]
    return Meaning(
        texts=arrays["memory"][meant].astype(np.float32),
        starts=arrays["meant_starts"],
        keys=arrays["memory_keys"][meant],
        centre=arrays["meant_centre"].astype(np.float32),
        linear=Linear(arrays["meant_linear"].astype(np.float32), arrays["meant_bias"]),
        is_many=bool(arrays["meant_many"]),
    )


def _parts(name: str, matrix: sparse.csr_matrix) -> Arrays:
    parts = {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": np.array(matrix.shape)}
    return {f"{name}_{part}": array for part, array in parts.items()}


def _matrix(name: str, arrays: Arrays) -> sparse.csr_matrix:
    data, indices, indptr, shape = (arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr", "shape"))
    return sparse.csr_matrix((data, indices, indptr), shape=tuple(shape))
