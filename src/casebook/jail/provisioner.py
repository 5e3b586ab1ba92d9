"""The kernel provisioner ``casebook-jail``: any Jupyter client gets a jailed kernel by the kernel's name alone."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Int, List, Unicode

from casebook.jail import janitor
from casebook.jail.launch import JailProcess, caches, environment, python_folders
from casebook.jail.spec import JailError, JailSpec

CONNECTION = "connection.json"
SOCKETS = "k"


class JailProvisioner(KernelProvisionerBase):
    """Starts the kernel of its kernelspec in a jail of its own; limits come from config or the kernelspec."""

    memory_mb = Int(2048, help="Resident memory of everything in the jail, in MB.").tag(config=True)
    cpu_s = Int(300, help="Processor seconds of one process.").tag(config=True)
    wall_s = Int(3600, help="Seconds after which the jail is ended, whatever it does; 0 for never.").tag(config=True)
    processes = Int(64, help="Processes and threads at one time.").tag(config=True)
    tmp_mb = Int(256, help="Size of its /tmp in MB.").tag(config=True)
    scratch_mb = Int(64, help="Size of its working folder in MB.").tag(config=True)
    read_only = List(Unicode(), help="Further files and folders to show, unwritable.").tag(config=True)

    process: JailProcess | None = None
    scratch: Path | None = None

    @property
    def has_process(self) -> bool:
        return self.process is not None

    async def poll(self) -> int | None:
        return self.process.poll() if self.process else 0

    async def wait(self) -> int | None:
        if self.process is None:
            return 0
        while (status := self.process.poll()) is None:
            await asyncio.sleep(0.02)
        self._end()
        return status

    async def send_signal(self, signum: int) -> None:
        if self.process and signum:
            self.process.send_signal(signum)

    async def kill(self, restart: bool = False) -> None:
        if self.process:
            self.process.kill()

    async def terminate(self, restart: bool = False) -> None:
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        self._end()
        if not restart and self.scratch is not None:
            janitor.remove_run(self.scratch)
            self.scratch = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Sockets in the jail's folder: the client's addresses lead into it, the kernel's are its own."""
        if self.scratch is None:
            janitor.sweep()
            self.scratch = janitor.make_run()
        else:
            janitor.renew(self.scratch)
        manager = self.parent
        if manager is not None:
            manager.transport = "ipc"
            manager.ip = str(self.scratch / SOCKETS)
            manager.write_connection_file()
            self.connection_info = manager.get_connection_info()
        extra = kwargs.pop("extra_arguments", [])
        return await super().pre_launch(cmd=self.kernel_spec.argv + extra, **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """The connection as the client must use it. Raises JailError, with a remedy, where no jail can be had."""
        assert self.scratch is not None
        spec = self._spec()
        told = {name: value.decode() if isinstance(value, bytes) else value for name, value in self._told().items()}
        (self.scratch / CONNECTION).write_text(json.dumps({**told, "ip": f"{spec.inside}/{SOCKETS}"}))
        inside = f"{spec.inside}/{CONNECTION}"
        command = [inside if word == "{connection_file}" else word for word in cmd]
        if os.path.basename(command[0]).startswith("python") and not os.path.isabs(command[0]):
            import sys

            command[0] = sys.executable
        try:
            self.process = await asyncio.to_thread(JailProcess, spec, command)
        except JailError:
            janitor.remove_run(self.scratch)
            self.scratch = None
            raise
        return self.connection_info

    async def get_provisioner_info(self) -> dict[str, Any]:
        return {**await super().get_provisioner_info(), "scratch": str(self.scratch)}

    def get_shutdown_wait_time(self, recommended: float = 5.0) -> float:
        """Nothing in a jail is worth waiting for."""
        return min(recommended, 1.0)

    def _told(self) -> dict[str, Any]:
        return dict(self.connection_info)

    def _spec(self) -> JailSpec:
        assert self.scratch is not None
        return JailSpec(
            self.scratch,
            read_only=(*python_folders(), *(Path(path) for path in self.read_only)),
            copies=caches(),
            env=environment({**_validating(), **self.kernel_spec.env}),
            memory_mb=self.memory_mb,
            cpu_s=self.cpu_s,
            wall_s=self.wall_s,
            processes=self.processes,
            tmp_mb=self.tmp_mb,
            scratch_mb=self.scratch_mb,
        )

    def _end(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


def _validating() -> dict[str, str]:
    """What tells a check that nbgrader's Validate asks and not a learner; nothing else of our environment goes in."""
    return {"NBGRADER_VALIDATING": "1"} if os.environ.get("NBGRADER_VALIDATING") == "1" else {}
