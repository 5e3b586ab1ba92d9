"""The kernels ``casebook-jailed`` and ``casebook-warm``: found in this process, or installed for every client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

JAILED, WARM = "casebook-jailed", "casebook-warm"
KERNELS: dict[str, dict[str, Any]] = {
    name: {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": shown,
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False, "kernel_provisioner": {"provisioner_name": provisioner, "config": {}}},
    }
    for name, shown, provisioner in (
        (JAILED, "Python (jailed)", "casebook-jail"),
        (WARM, "Python (jailed, warm)", "casebook-warm"),
    )
}


class JailKernels(KernelSpecManager):
    """Knows the two kernels without anything being installed, and every other one as usual."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        """The kernelspec of that name; raises NoSuchKernel when there is none."""
        if kernel_name in KERNELS:
            return KernelSpec(resource_dir="", **KERNELS[kernel_name])
        return super().get_kernel_spec(kernel_name)

    def find_kernel_specs(self) -> dict[str, str]:
        """Names and folders; ours have none."""
        return {**super().find_kernel_specs(), **dict.fromkeys(KERNELS, "")}


def install(prefix: Path) -> list[Path]:
    """Write both kernelspecs below ``prefix`` (an environment), where Jupyter looks for them; returns the files."""
    written = []
    for name, spec in KERNELS.items():
        path = prefix / "share" / "jupyter" / "kernels" / name / "kernel.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        written.append(path)
    return written
