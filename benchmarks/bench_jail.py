"""What a jail costs: milliseconds from the fork until the process is inside, and processor time until it is gone."""

from __future__ import annotations

import os
import resource
import statistics
import time

from casebook.jail.ability import jail_ability
from casebook.jail.janitor import make_run, remove_run
from casebook.jail.launch import caches, environment, python_folders
from casebook.jail.namespace import enter
from casebook.jail.spec import JailSpec

ROUNDS = 20


def one(with_caches: bool) -> float:
    """Milliseconds until one jailed process says that it is inside."""
    scratch = make_run()
    copies = caches() if with_caches else ()
    spec = JailSpec(scratch, read_only=python_folders(), env=environment(), copies=copies)
    reading, writing = os.pipe()
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        enter(spec, keep=(writing,))
        os.write(writing, b"in")
        os._exit(0)
    os.close(writing)
    os.read(reading, 2)
    took = 1000 * (time.perf_counter() - began)
    os.waitpid(child, 0)
    os.close(reading)
    remove_run(scratch)
    return took


def main() -> None:
    ability = jail_ability()
    if not ability.ok:
        print(f"no jail on this machine: {ability.why}")
        return
    for name, with_caches in (("jail alone", False), ("with copies of what was compiled before", True)):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        took = [one(with_caches) for _ in range(ROUNDS)]
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"{name:40}  set-up: fastest {min(took):6.1f} ms, median {statistics.median(took):6.1f} ms; "
            f"processor, end included: {1000 * spent / ROUNDS:5.1f} ms"
        )


if __name__ == "__main__":
    main()
