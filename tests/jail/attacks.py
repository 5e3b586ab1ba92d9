"""What a notebook may try against its jail, each with what must come of it. Attack, source, expected `tell`s."""

from __future__ import annotations

from typing import Any

REFUSED_FILE = ["refused", "FileNotFoundError"]
READ_ONLY = ["refused", "OSError"]

ATTACKS: dict[str, tuple[str, list[Any]]] = {
    "sockets to anywhere": (
        """
        def connect(family, address):
            with socket.socket(family, socket.SOCK_STREAM) as line:
                line.settimeout(2)
                return errno.errorcode.get(line.connect_ex(address), "done")
        tell(connect(socket.AF_INET, ("127.0.0.1", PORT)), connect(socket.AF_INET, ("192.0.2.1", 80)))
        tell(connect(socket.AF_UNIX, "\\0casebook-test-PORT"))
        """,
        [["ENETUNREACH", "ENETUNREACH"], ["ECONNREFUSED"]],
    ),
    "families of sockets that lead past the network": (
        """
        tell([tried(lambda: socket.socket(family, kind))[0] for family, kind in ((40, 1), (38, 5), (17, 3), (31, 1))])
        tell(tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()))
        """,
        [[["refused"] * 4], [["done", "None"]]],
    ),
    "files of the host": (
        """
        for path in ("/etc/shadow", "/var/log", "/home", "/boot", "CANARY", "/proc/1/root/etc/shadow"):
            tell(tried(lambda: os.stat(path)))
        tell(sorted({"var", "boot", "sys", "run", "media", "srv", "mnt"} & set(os.listdir("/"))))
        """,
        [*[[REFUSED_FILE]] * 5, [["refused", "PermissionError"]], [[]]],
    ),
    "the environment of the coordinator": (
        """
        seen = "".join(os.environ) + "".join(os.environ.values()) + open("/proc/self/environ").read()
        tell("CANARY_VARIABLE" in seen, tried(lambda: open("/proc/1/environ").read())[0])
        """,
        [[False, "refused"]],
    ),
    "processes of the host": (
        """
        tell(sorted(int(name) for name in os.listdir("/proc") if name.isdigit()), os.getpid(), os.getppid())
        """,
        [[[1, 2], 2, 1]],
    ),
    "killing everybody": (
        """
        for target in (1, -1):
            tried(lambda: os.kill(target, signal.SIGKILL))
        tell(os.getppid())
        """,
        [[1]],
    ),
    "looking into its first process": (
        """
        tell(call(101, 16, 1, 0, 0), call(310, 1, 0, 0, 0, 0, 0), tried(lambda: open("/proc/1/mem", "rb"))[0])
        """,
        [["EPERM", "EPERM", "refused"]],
    ),
    "writing where the system is": (
        """
        for path in ("/x", "/usr/x", "/etc/passwd", sys.prefix + "/x", "/proc/sys/kernel/hostname", "/dev/x"):
            tell(tried(lambda: open(path, "a").close())[0])
        """,
        [["refused"]] * 6,
    ),
    "more rights": (
        """
        tell([tried(lambda: do())[0] for do in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]),
             lambda: os.chroot("/tmp"), lambda: os.mknod("/tmp/disk", 0o60600, os.makedev(8, 0)), lambda: os.nice(-5))])
        status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
        tell([status[name].strip() for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")])
        os.close(os.open("/tmp/raised", os.O_CREAT | os.O_WRONLY)), os.chmod("/tmp/raised", 0o6755)
        tell(bool(os.statvfs("/tmp").f_flag & os.ST_NOSUID), bool(os.statvfs("/usr").f_flag & os.ST_NOSUID))
        """,
        [[["refused"] * 6], [["0" * 16] * 4 + ["1", "2"]], [True, True]],
    ),
    "namespaces and mounts of its own": (
        """
        flags = (0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
        tell([call(272, flag) for flag in flags])
        tell([call(56, flag | 17, 0, 0, 0, 0) for flag in flags])
        tell(call(435, 0, 0), call(308, 0, 0), call(165, b"x", b"/tmp", b"tmpfs", 0, 0), call(166, b"/tmp"), call(155))
        """,
        [[["EPERM"] * 6], [["EPERM"] * 6], ["ENOSYS", "EPERM", "EPERM", "EPERM", "EPERM"]],
    ),
    "calls to the depths of the machine": (
        """
        numbers = dict(bpf=321, keyctl=250, add_key=248, userfaultfd=323, perf=298, kexec=246, module=175, reboot=169,
                       clock=227, quota=179, handle=304, personality=135, syslog=103)
        tell(sorted({call(number, 0, 0, 0, 0, 0) for number in numbers.values()}))
        tell([call(number, 0, 0, 0, 0, 0) for number in (425, 319, 447, 29)])
        """,
        [[["EPERM"]], [["ENOSYS"] * 4]],
    ),
    "calls in the processor's other modes, whose numbers the filter does not know": (
        """
        import mmap
        def ended_by(work):
            child = os.fork()
            if child == 0:
                work()
                os._exit(0)
            return os.WTERMSIG(os.waitpid(child, 0)[1])
        def old():
            code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            code.write(bytes.fromhex("b814000000cd80c3"))
            ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
        tell(ended_by(old) in (signal.SIGSYS, signal.SIGSEGV), ended_by(lambda: call(0x40000000 | 39)) == signal.SIGSYS)
        """,
        [[True, True]],
    ),
    "one file larger than allowed, and more than the folder holds": (
        """
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        def fill(folder, chunk=2**20):
            kept, total = [], 0
            try:
                for number in range(1000):
                    kept.append(open(f"{folder}/{number}", "wb", buffering=0))
                    os.unlink(f"{folder}/{number}")
                    for _ in range(4):
                        total += kept[-1].write(b"x" * chunk)
            except OSError as error:
                return errno.errorcode[error.errno], total // 2**20
            return "done", total // 2**20
        tell(fill("/tmp"), fill("/scratch"))
        tell(tried(lambda: os.truncate(os.open("/dev/shm/x", os.O_CREAT | os.O_RDWR), 2**30)))
        """,
        [[["ENOSPC", 20], ["ENOSPC", 12]], [["refused", "OSError"]]],
    ),
    "a million empty files": (
        """
        made = 0
        try:
            while made < 100_000:
                os.close(os.open(f"/tmp/{made}", os.O_CREAT | os.O_WRONLY))
                made += 1
        except OSError as error:
            tell(errno.errorcode[error.errno], made < 10_000)
        """,
        [["ENOSPC", True]],
    ),
    "one request for more memory than there is": (
        """
        tell(tried(lambda: bytearray(8 * 2**30)))
        """,
        [[["refused", "MemoryError"]]],
    ),
    "a tree of processes": (
        """
        children = 0
        try:
            while children < 2000:
                if os.fork() == 0:
                    signal.pause()
                children += 1
        except OSError as error:
            tell(errno.errorcode[error.errno], children <= 24)
        """,
        [["EAGAIN", True]],
    ),
}
LIMITS = {"processes": 24, "memory_mb": 300, "tmp_mb": 20, "scratch_mb": 12, "file_mb": 8}
