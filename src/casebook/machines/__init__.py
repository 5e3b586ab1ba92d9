"""Models of machines: how long served models take, from data sheets and published figures, for the engine.

`served("retinanet", "l4").service(max_batch=8)` is a service model; docs/machines.md has every row's error.
"""

from __future__ import annotations

from casebook.machines.diffusion import DiffusionModel, DiffusionServing, diffusion_model, diffusion_models
from casebook.machines.efficiency import Efficiency, diffusion_efficiency, llm_efficiency
from casebook.machines.figures import MachineError
from casebook.machines.gpu import Gpu, gpus
from casebook.machines.hosted import HostedLlm, RateLimit, hosted_models
from casebook.machines.llm import LlmServing, Step
from casebook.machines.llm_model import LlmModel, llm_model, llm_models, llm_of_size
from casebook.machines.published import Row, left_aside, published_rows, straight_lines
from casebook.machines.served import Served, fitted, served, served_models, unbatched

__all__ = [
    "DiffusionModel", "DiffusionServing", "Efficiency", "Gpu", "HostedLlm", "LlmModel", "LlmServing", "MachineError",
    "RateLimit", "Row", "Served", "Step", "diffusion_efficiency", "diffusion_model", "diffusion_models", "fitted",
    "gpus", "hosted_models", "left_aside", "llm_efficiency", "llm_model", "llm_models", "llm_of_size",
    "published_rows", "served", "served_models", "straight_lines", "unbatched",
]
