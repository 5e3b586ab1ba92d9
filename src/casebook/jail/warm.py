"""The kernel provisioner ``casebook-warm``: forked from a template and jailed, or cold and jailed where that fails."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any

from traitlets import List, Unicode

from casebook.jail import janitor
from casebook.jail.provisioner import CONNECTION, SOCKETS, JailProvisioner
from casebook.jail.spec import JailError
from casebook.jail.warm_child import Order
from casebook.jail.warm_process import WarmProcess
from casebook.jail.warm_template import shared

LOGGER = logging.getLogger("casebook.jail")
WARM_UP = ("casebook.course.warming:warm",)


class WarmProvisioner(JailProvisioner):
    """As `JailProvisioner`, with a kernel that has imported everything before it was asked for.

    ``why_cold`` says why the last kernel was started cold all the same; empty when it is warm.
    """

    warm_up = List(
        Unicode(),
        default_value=list(WARM_UP),
        help="What the template imports (module) or calls (module:function) once. A list for each kind of notebook "
        "makes a template for each.",
    ).tag(config=True)

    process: Any = None
    why_cold = ""

    @property
    def is_warm(self) -> bool:
        """Whether a warm kernel is running now."""
        return isinstance(self.process, WarmProcess)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """As for a cold kernel; clients of the stock kind are replaced by one that waits for no silence."""
        from jupyter_client.asynchronous.client import AsyncKernelClient

        from casebook.jail.warm_client import QuickClient

        manager = self.parent
        if manager is not None and manager.client_factory is AsyncKernelClient:
            manager.client_factory = QuickClient
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """The connection as the client must use it. Raises JailError where not even a cold jail can be had."""
        assert self.scratch is not None
        self.why_cold = ""
        spec = self._spec()
        (self.scratch / CONNECTION).write_text(json.dumps({**_text(self._told()), "ip": f"{spec.inside}/{SOCKETS}"}))
        try:
            _linux_only()
            template = shared(tuple(self.warm_up))
            self.process = await asyncio.to_thread(template.launch, Order(spec, CONNECTION))
        except JailError as error:
            self.why_cold = str(error)
            LOGGER.warning("This kernel starts cold, in the same jail, because no warm one can be had: %s", error)
            janitor.renew(self.scratch)
            return await super().launch_kernel(cmd, **kwargs)
        return self.connection_info

    async def get_provisioner_info(self) -> dict[str, Any]:
        return {**await super().get_provisioner_info(), "warm": self.is_warm, "why_cold": self.why_cold}


def _text(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in told.items()}


def _linux_only() -> None:
    if sys.platform != "linux":
        raise JailError("a warm kernel", f"{sys.platform} has no namespaces", "Use a container with Linux.")
