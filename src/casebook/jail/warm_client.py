"""A kernel client that knows without waiting when a kernel is ready: a warm one is, in less time than stock waits."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

_ASK_AGAIN_S = 1.0
_SUBSCRIBED_S = 0.1


class QuickClient(AsyncKernelClient):
    """As `AsyncKernelClient`, except that what has arrived is taken as it is, and no silence is waited for."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Return once the kernel answered a question and its being idle again was heard on iopub.

        Messages are heard in the order in which they were sent, so nothing older is left on iopub by then.
        Raises RuntimeError when the kernel died, or gave no answer within ``timeout`` seconds.
        """
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            if await self._answered(self.kernel_info()):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")

    async def _answered(self, asked: str) -> bool:
        try:
            reply = await _mine(self.shell_channel, asked, "kernel_info_reply", _ASK_AGAIN_S)
            self._handle_kernel_info_reply(reply)
            # The subscription may be younger than the answer; then it is asked once more.
            state = ""
            while state != "idle":
                state = (await _mine(self.iopub_channel, asked, "status", _SUBSCRIBED_S))["content"]["execution_state"]
        except (Empty, KeyError, TypeError, ValueError):
            return False
        return True


async def _mine(channel: Any, asked: str, kind: str, wait_s: float) -> dict[str, Any]:
    """The next message of this ``kind`` about ``asked``. Raises Empty when none comes for ``wait_s`` seconds."""
    while True:
        message: dict[str, Any] = await channel.get_msg(timeout=wait_s)
        if message["msg_type"] == kind and message["parent_header"].get("msg_id") == asked:
            return message
