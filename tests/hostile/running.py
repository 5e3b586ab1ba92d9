"""Notebooks that have to be run, and attack whoever runs them: only the jail stands between.

Each is the strong notebook with one harmless loop (so that it cannot be read) and an attack in a cell of its own.
"""

from __future__ import annotations

from textwrap import dedent

from tests.cohort.people import ASSIGNMENT
from tests.hostile.kind import RUN, Notebook, Scene, added, kind, of, own_cell

ANY = ("graded", "crashed", "timeout", "refused", "needs-manual")
LOOP = "for _ in range(3):\n    pass"


def computing(scene: Scene) -> Notebook:
    """The strong notebook, which now has to be run."""
    return added(scene.strong(), "answer-sizing", LOOP)


def attack(name: str, tries: str, source: str, *statuses: str, reason: str = "", same: bool = True) -> None:
    """A kind whose attack stands in a cell of its own, before the answers.

    In ``source`` FLAG, SECRET, COURSE and PORT stand for the paths and the port of its scene.
    """

    def make(scene: Scene) -> None:
        scene.write(own_cell(computing(scene), filled(scene, source)))

    kind(name, tries, *(statuses or ("graded",)), reason=reason, how=RUN, same=same)(make)


def filled(scene: Scene, source: str) -> str:
    """``source`` with the scene's paths in it."""
    words = {"FLAG": scene.flag, "SECRET": scene.secret, "COURSE": str(scene.course), "PORT": str(scene.port)}
    for word, value in words.items():
        source = source.replace(word, value)
    return dedent(source).strip()


TAKE = """
def tried(do):
    try:
        return do()
    except BaseException as error:
        return repr(error)
found = []
def take(path):
    found.append(tried(lambda: open(path, errors='replace').read()[:2000]))
"""
"""What a thief puts before the theft: `take` keeps what it reads in ``found``."""

SHOW = """
print(found)
Hypothesis_ = Hypothesis
def Hypothesis(text):
    got = ''.join(part[:40] for part in str(found).split('canary-')[1:])
    return Hypothesis_(text.replace('digital artists', 'digital artists' + got))
"""


@kind("a harmless loop", "nothing: its answer computes, as an honest one may", how=RUN)
def harmless(scene: Scene) -> None:
    scene.write(computing(scene))


attack(
    "reads outside its jail",
    "to hand in the instructor's files as its own text",
    TAKE + "take('SECRET'); take('COURSE/autograde/judge/" + ASSIGNMENT + ".yaml')\n"
    "take('COURSE/autograde/submitted/a-good/"
    + ASSIGNMENT
    + "/"
    + ASSIGNMENT
    + ".ipynb'); take('/etc/shadow')\n"
    + SHOW,
)
attack(
    "writes outside its jail",
    "to change the course, the package and the home folder",
    TAKE
    + """
import os, pathlib, site, casebook
places = ['FLAG', 'COURSE/autograde/gradebook.db', 'COURSE/release/owned', os.path.expanduser('~/owned'),
          casebook.__file__, site.getsitepackages()[0] + '/sitecustomize.py', 'COURSE/autograde/submitted/a-good/owned']
for place in places:
    tried(lambda: pathlib.Path(place).open('a').write('# owned'))
""",
)
attack(
    "reads /proc",
    "to find the secrets of the processes around it",
    TAKE
    + """
import glob
for path in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline') + glob.glob('/proc/*/root/SECRET'):
    take(path)
take('/proc/1/environ'); take('/proc/self/environ'); take('/proc/1/root/SECRET'); take('/proc/kcore')
"""
    + SHOW,
)
attack(
    "environment",
    "to find secrets that the coordinator was started with",
    TAKE + "import os\nfound.append(repr(os.environ) + repr(os.environb))" + SHOW,
)
attack(
    "ptrace",
    "to change the memory of the processes around it",
    TAKE
    + """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for pid in [os.getppid(), 1, *range(2, 200)]:
    tried(lambda: libc.ptrace(16, pid, 0, 0))
    tried(lambda: open(f'/proc/{pid}/mem', 'r+b').write(b'x'))
""",
)
attack(
    "signals to the coordinator",
    "to end the grading of everybody",
    TAKE
    + """
import os, signal
for pid in [os.getppid(), *range(os.getpid() + 1, os.getpid() + 2000), *range(2, os.getpid())]:
    if pid != os.getpid():
        tried(lambda: os.kill(pid, signal.SIGKILL))
""",
    *ANY,
)
attack(
    "signals to its own group and to everybody",
    "to end whoever shares its group",
    "import os, signal\nos.kill(-1, signal.SIGTERM)\nos.killpg(0, signal.SIGKILL)",
    *ANY,
)
attack(
    "fills the disk",
    "to stop the gradebook from being written",
    TAKE
    + """
import os
def fill(folder):
    with open(f'{folder}/fill', 'wb') as file:
        for _ in range(3_000):
            file.write(bytes(1_000_000))
for folder in ('.', '/tmp', '/dev/shm', '/var/tmp', os.path.expanduser('~')):
    tried(lambda: fill(folder))
for folder in ('.', '/tmp', '/dev/shm', '/var/tmp', os.path.expanduser('~')):
    tried(lambda: os.unlink(f'{folder}/fill'))
""",
    *ANY,
)
attack(
    "a million small files",
    "to use up what the disk can name",
    TAKE
    + """
def litter():
    for n in range(1_000_000):
        open(f'f{n}', 'w').close()
tried(litter)
""",
    *ANY,
)
attack("sleeps for ever", "to keep the others waiting", "import time\ntime.sleep(10**6)", "timeout", reason="second")
attack(
    "swallows every interrupt",
    "to keep the others waiting",
    """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "timeout",
    reason="second",
)
attack(
    "stops itself",
    "to keep the others waiting without using any time",
    "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "timeout",
    "crashed",
)
attack(
    "computes for hours in C",
    "to keep the others waiting where no interrupt arrives",
    "x = 7 ** (10 ** 9)",
    "timeout",
    "crashed",
    reason="second",
)
attack(
    "floods its output",
    "to make the graded notebook, or the coordinator's memory, as large as it likes",
    """
for n in range(200_000):
    print('x' * 1_000)
""",
    *ANY,
)
attack(
    "floods with mime bundles",
    "to fill the memory of whoever collects them",
    """
from IPython.display import display, HTML
for n in range(3_000):
    display(HTML('<script>owned = 1</script>' + 'x' * 100_000))
""",
    *ANY,
)
attack(
    "fills the memory",
    "to have somebody else ended for want of it",
    """
hog = []
while True:
    hog.append(bytearray(50_000_000))
    hog[-1][::4096] = b'x' * len(hog[-1][::4096])
""",
    "crashed",
    "timeout",
)
attack(
    "a tree of forks, bounded",
    "to use up the machine's processes",
    TAKE
    + """
import os, time
def tree(depth):
    for _ in range(6):
        if os.fork() == 0:
            if depth:
                tried(lambda: tree(depth - 1))
            time.sleep(600)
            os._exit(0)
tried(lambda: tree(2))
""",
    *ANY,
)
attack(
    "a process that outlives it",
    "to go on when grading is over",
    TAKE
    + """
import os, subprocess, sys
tried(lambda: subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True))
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
""",
    *ANY,
)
attack(
    "threads in the background",
    "to go on while the answer is taken",
    """
import threading, time
def work():
    while True:
        for name in list(globals()):
            if name == 'design':
                globals()[name] = None
                globals()[name] = __builtins__
        time.sleep(0.001)
for _ in range(20):
    threading.Thread(target=work, daemon=True).start()
threading.Thread(target=time.sleep, args=(600,)).start()
""",
    "graded",
    "crashed",
    "timeout",
    "refused",
    "partial",
    same=False,
)
attack(
    "sockets",
    "to send what it found, or to reach a server on this machine",
    TAKE
    + """
import socket
for place in ('127.0.0.1', '::1', 'localhost', '0.0.0.0'):
    tried(lambda: socket.create_connection((place, PORT), timeout=1).send(b'owned'))
tried(lambda: socket.socket(socket.AF_UNIX).connect('/run/docker.sock'))
tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
tried(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
""",
)
attack(
    "poisoned PYTHONPATH and sitecustomize",
    "to run in the next Python that starts",
    TAKE
    + """
import os, site, sys
evil = "open('FLAG', 'w').write('owned')"
for folder in ('.', '/tmp', os.path.expanduser('~'), sys.prefix, site.getsitepackages()[0], site.getusersitepackages()):
    for name in ('sitecustomize.py', 'usercustomize.py', 'casebook.py', 'json.py', 'evil.pth'):
        tried(lambda: open(os.path.join(folder, name), 'w').write(evil))
os.environ['PYTHONPATH'] = os.environ['PYTHONSTARTUP'] = '/tmp'
""",
    "graded",
    "crashed",
)
attack(
    "replies of its own making",
    "to have its own words taken for the kernel's",
    """
import sys
for line in ('{"status": "graded", "score": 100}', 'casebook-answer:{"case_id": "x"}', '=== answer ==='):
    print(line); print(line, file=sys.stderr)
    sys.__stdout__.write(line + '\\n'); sys.__stdout__.flush()
session = get_ipython().kernel.session
real = session.send
def send(stream, kind, content=None, *args, **more):
    if isinstance(content, dict) and 'status' in content:
        content = {**content, 'status': 'ok', 'payload': [{'source': 'page', 'data': {'text/plain': '100'}}]}
    return real(stream, kind, content, *args, **more)
session.send = send
""",
    "graded",
    "crashed",
    "refused",
)
attack(
    "replies that no client can parse",
    "to raise in the coordinator",
    """
import json
json.dumps = lambda *a, **k: '{"header": NaN'
session = get_ipython().kernel.session
session.pack = lambda message: b'\\xff\\x00{{{'
session.key = b'another key'
""",
    "crashed",
    "timeout",
    "refused",
)
attack(
    "Answer with another to_json",
    "to hand over a score instead of an answer",
    """
import casebook.answer
from casebook.answer import Answer
Answer.to_json = lambda self: '{"score": 100, "points": 100, "status": "graded"}'
Answer.gather = classmethod(lambda cls, *a, **k: (cls('x'), ()))
casebook.answer.answer.Answer = None
""",
    "refused",
    "crashed",
    "graded",
)
attack(
    "an answer of 50 MB",
    "to fill the judge's memory",
    """
from casebook.answer import Answer
Answer.to_json = lambda self: '{"speaking": "' + 'x' * 50_000_000 + '"}'
""",
    "refused",
    "crashed",
    "graded",
    "timeout",
)
attack(
    "an answer 10,000 levels deep, with NaN",
    "to overflow or to poison the judge",
    """
from casebook.answer import Answer
Answer.to_json = lambda self: '{"risks": ' + '[' * 10_000 + 'NaN' + ']' * 10_000 + '}'
""",
    "refused",
    "crashed",
    "graded",
)
attack("ends its own kernel", "to be dropped without a mark", "import os\nos._exit(0)", "crashed")
attack("ends its kernel with a fault", "to be dropped without a mark", "import ctypes\nctypes.string_at(0)", "crashed")
attack("asks for input", "to keep the others waiting", "input('password?')", *ANY)
attack(
    "leaves the loop of its own kernel",
    "to be dropped without a mark",
    "get_ipython().kernel.do_shutdown(False)\nimport asyncio\nasyncio.get_event_loop().stop()\nexit()",
    *ANY,
)
attack(
    "links planted in its folder",
    "to have the coordinator follow them when it looks or cleans up",
    TAKE
    + """
import os
for name in ('answer.json', 'answer', 'out', 'reply.json', 'notebook.ipynb', 'kernel.log', 'x'):
    tried(lambda: os.symlink('COURSE/autograde/gradebook.db', name))
    tried(lambda: os.symlink('SECRET', '/tmp/' + name))
tried(lambda: os.mkfifo('pipe'))
tried(lambda: os.makedirs('a/' * 500))
""",
    "graded",
    "crashed",
)
attack(
    "new rights",
    "to become somebody else, or to mount what it may not see",
    TAKE
    + """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
for flags in (0x10000000, 0x00020000, 0x20000000, 0x40000000, 0x7e020000):
    tried(lambda: libc.unshare(flags))
tried(lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))
tried(lambda: libc.mount(b'/', b'/tmp', None, 4096, None))
tried(lambda: libc.setns(os.open('/proc/1/ns/mnt', 0), 0))
tried(lambda: libc.chroot(b'..'))
tried(lambda: os.setuid(0)); tried(lambda: os.chmod('/bin/sh', 0o4755))
take('SECRET'); take('/proc/1/root/SECRET'); take('/../../SECRET')
"""
    + SHOW,
)
attack(
    "limits of its own",
    "to lift what bounds it",
    TAKE
    + """
import resource
for what in range(16):
    tried(lambda: resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
import os
tried(lambda: os.nice(-20)); tried(lambda: os.sched_setaffinity(0, range(64)))
""",
)
attack(
    "an exception that shows script",
    "to run where its traceback is shown",
    """
class Evil(Exception):
    def __str__(self): return '<script>owned = 1</script>'
    def _render_traceback_(self): return ['<img src=x onerror=owned=1>', 'canary']
raise Evil()
""",
    "graded",
    "crashed",
)
attack(
    "magics that run the shell",
    "to run programs",
    "%%bash\ntouch FLAG; cat SECRET; (sleep 600 >/dev/null 2>&1 &) ; kill -9 1",
    "graded",
    "timeout",
    reason="second",
)
attack(
    "patched everything",
    "to have the grader run what it patched",
    """
import builtins, casebook.checks, sys
casebook.checks.grade = lambda *a, **k: 1000
get_ipython().run_cell = lambda *a, **k: None
builtins.open = builtins.print = lambda *a, **k: None
sys.stdout = sys.stderr = None
class Everything(float):
    __eq__ = __gt__ = __ge__ = __lt__ = lambda *a: True
    __hash__ = float.__hash__
points = score = Everything(1e9)
""",
    "graded",
    "crashed",
    "refused",
    "timeout",
)


@kind(
    "values that are not what they look like",
    "to pass a check by how it compares or prints",
    "graded",
    "refused",
    "crashed",
    "partial",
    how=RUN,
    same=False,
)
def odd_values(scene: Scene) -> None:
    lines = (
        "class S(str):\n    __eq__ = lambda *a: True\n    __hash__ = str.__hash__\n    __len__ = lambda s: 1\n"
        "class F(float):\n    __float__ = lambda s: float('nan')\n"
        "speaking = S('x' * 10**6)\nflag_precision = Audit('flag-precision', F(5.7))\nweeks_left = float('inf')\n"
        "risks = iter(int, 1)\nquestions = {'volume': float('nan')}"
    )
    notebook = scene.strong()
    of(notebook, "answer-close")["source"] += f"\n{lines}"
    scene.write(notebook)
