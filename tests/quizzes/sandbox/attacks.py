"""Code that tries to get out, to see what it must not, or to pass without solving: one case each.

Whatever succeeds prints BREACH. `{secret}` is a file of the server's user that no run may read.
"""

TESTS = """
import numpy as np
from checks import ExerciseTestCase
from exercise import double


class TestDouble(ExerciseTestCase):
    def test_scalar(self):
        expected_value = 4242.5
        self.assert_close(double(2121.25), expected_value, what="double(2121.25)")

    def test_array(self):
        hidden_key = np.array([2.0, 4.0, 7.0])
        self.assert_close(double(np.array([1.0, 2.0, 3.5])), hidden_key)
"""
RIGHT = "def double(x):\n    return 2 * x\n"


def attempt(body: str, then: str = RIGHT) -> str:
    """Try something while the file is loaded, swallow the refusal, then define the function."""
    indented = "\n".join(f"    {line}" for line in body.strip().splitlines())
    return f"try:\n{indented}\nexcept BaseException as refusal:\n    print('refused', type(refusal).__name__)\n\n{then}"


READ = {
    "the server's files": "print('BREACH', open('{secret}').read())",
    "/etc/passwd": "print('BREACH', open('/etc/passwd').read()[:20])",
    "its environment": "print('BREACH', open('/proc/self/environ').read())",
    "its parent's environment": "import os\nprint('BREACH', open(f'/proc/{os.getppid()}/environ').read())",
    "its own memory through /proc": "print('BREACH', open('/proc/self/mem', 'rb').read(1))",
    "its parent's memory": "import os\nprint('BREACH', open(f'/proc/{os.getppid()}/mem', 'rb'))",
    "the list of processes": "import os\nprint('BREACH', os.listdir('/proc'))",
    "the root folder": "import os\nprint('BREACH', os.listdir('/'))",
    "the settings": "import pathlib\nprint('BREACH', pathlib.Path('{root}/mlprep/settings.py').read_text()[:20])",
    "the tests on disk": "import pathlib\nprint('BREACH', pathlib.Path('{root}/fixtures/topics').iterdir().__next__())",
    "the solution on disk": "import glob\nfound = glob.glob('{root}/fixtures/topics/*/exercises/*/solution.py')\nassert found\nprint('BREACH')",
    "another package": "print('BREACH', open('{package}').read()[:20])",
    "the list of packages": "import os, numpy\nprint('BREACH', os.listdir(os.path.dirname(os.path.dirname(numpy.__file__)))[:3])",
    "a package by its import": "import django\nprint('BREACH', django.__file__)",
    "a file through a symbolic link": "import os\nos.symlink('/etc/passwd', '/tmp/link')\nprint('BREACH')",
    "/dev/mem": "print('BREACH', open('/dev/mem', 'rb'))",
    "environment variables": "import os\nassert any(n not in ('LC_CTYPE',) for n in os.environ)\nprint('BREACH', dict(os.environ))",
}
WRITE = {
    "into /tmp": "open('/tmp/mlprep-attack', 'w').write('x')\nprint('BREACH')",
    "into the program": "open('{root}/quizzes/sandbox/x.py', 'w').write('x')\nprint('BREACH')",
    "into numpy": "import numpy\nopen(numpy.__file__, 'a').write('x')\nprint('BREACH')",
    "into shared memory": "open('/dev/shm/mlprep-attack', 'w').write('x')\nprint('BREACH')",
    "a nameless file": "import os\nos.memfd_create('x')\nprint('BREACH')",
    "by removing": "import os\nos.remove('{secret}')\nprint('BREACH')",
    "by renaming": "import os\nos.rename('{secret}', '{secret}2')\nprint('BREACH')",
    "a folder": "import os\nos.mkdir('/tmp/mlprep-attack-dir')\nprint('BREACH')",
    "a temporary file": "import tempfile\ntempfile.TemporaryFile()\nprint('BREACH')",
    "by truncating": "import os\nos.truncate('{secret}', 0)\nprint('BREACH')",
    "other rights": "import os\nos.chmod('{secret}', 0o777)\nprint('BREACH')",
}
NETWORK = {
    f"a socket of the family {family}": f"import socket\nsocket.socket(socket.{family}, socket.{kind})\nprint('BREACH')"
    for family, kind in [
        ("AF_INET", "SOCK_STREAM"), ("AF_INET", "SOCK_DGRAM"), ("AF_INET6", "SOCK_STREAM"), ("AF_UNIX", "SOCK_STREAM"),
        ("AF_NETLINK", "SOCK_RAW"), ("AF_PACKET", "SOCK_RAW"),
    ]
} | {
    "datagrams": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nprint('BREACH')",
    "a pair of sockets": "import socket\nsocket.socketpair()\nprint('BREACH')",
    "a name": "import socket\nsocket.getaddrinfo('localhost', 80)\nsocket.create_connection(('127.0.0.1', 80))\nprint('BREACH')",
}  # fmt: skip
PROCESSES = {
    "fork": "import os\npid = os.fork()\nprint('BREACH')",
    "a bomb of forks": "import os\nfor _ in range(1000):\n    os.fork()\nprint('BREACH')",
    "exec": "import os\nos.execv('/bin/sh', ['sh', '-c', 'echo BREACH'])",
    "a command": "import subprocess\nprint('BREACH', subprocess.run(['id'], capture_output=True))",
    "os.system": "import os\nassert os.system('echo BREACH') == 0\nprint('BREACH')",
    "posix_spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {{}})\nprint('BREACH')",
    "multiprocessing": "import multiprocessing\nmultiprocessing.Process(target=print).start()\nprint('BREACH')",
    "threads by the thousand": "import threading\nfor _ in range(1000):\n    threading.Thread(target=print).start()\nprint('BREACH')",
    "a signal to the parent": "import os\nos.kill(os.getppid(), 9)\nprint('BREACH')",
    "a signal to everybody": "import os\nos.kill(-1, 9)\nprint('BREACH')",
    "a signal to the first process": "import os\nos.kill(1, 0)\nprint('BREACH')",
    "another user": "import os\nos.setuid(0)\nos.setgid(0)\nprint('BREACH')",
    "another root": "import os\nos.chroot('/')\nprint('BREACH')",
    "more processor time": "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (10**6, 10**6))\nprint('BREACH')",
    "more memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\nprint('BREACH')",
    "a higher priority": "import os\nos.nice(-10)\nprint('BREACH')",
}
_CALL = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
SYSTEM_CALLS = {
    "ptrace": _CALL + "assert libc.ptrace(16, os.getppid(), None, None) == 0\nprint('BREACH')",
    "process_vm_readv": _CALL + "assert libc.syscall(310, os.getppid(), None, 0, None, 0, 0) >= 0\nprint('BREACH')",
    "mount": _CALL + "assert libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0\nprint('BREACH')",
    "unshare": _CALL + "assert libc.unshare(0x10000000) == 0\nprint('BREACH')",
    "bpf": _CALL + "assert libc.syscall(321, 0, None, 0) >= 0\nprint('BREACH')",
    "io_uring": _CALL + "assert libc.syscall(425, 8, ctypes.create_string_buffer(256)) >= 0\nprint('BREACH')",
    "keyctl": _CALL + "assert libc.syscall(250, 0, -3, 0) >= 0\nprint('BREACH')",
    "a socket by number": _CALL + "assert libc.syscall(41, 2, 1, 0) >= 0\nprint('BREACH')",
    "fork by number": _CALL + "assert libc.syscall(57) >= 0\nprint('BREACH')",
    "clone3 by number": _CALL + "assert libc.syscall(435, ctypes.create_string_buffer(88), 88) >= 0\nprint('BREACH')",
    "a 32-bit call": _CALL + "assert libc.syscall(0x40000000 + 41, 2, 1, 0) >= 0\nprint('BREACH')",
    "opening for writing by number": _CALL
    + "assert libc.open(b'/tmp/mlprep-attack2', 0o102, 0o600) >= 0\nprint('BREACH')",
}
INSPECT = {
    "frames of its callers": """
import sys
frame = sys._getframe()
while frame:
    if 'expected_value' in frame.f_locals or 'hidden_key' in frame.f_locals:
        print('BREACH')
    frame = frame.f_back
""",
    "all objects": """
import gc

def search():
    name, number = ''.join(['expected', '_value']), str(float('8485') / float('2'))
    for thing in gc.get_objects():
        try:
            shown = repr(thing)[:5000]
        except Exception:
            continue
        if name in shown or number in shown:
            print('BREACH', shown[:200])

search()
""",
    "modules": "import sys\nassert 'tests' in sys.modules\nprint('BREACH')",
}
_LIE = """
import numpy as np

class Liar({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __array__(self, *a, **k): return np.array(4242.5)

def double(x):
    return Liar(0.0)
"""
CHEATS = {
    "a number that says it equals everything": _LIE.format(base="float"),
    "an object that says it equals everything": _LIE.format(base="object").replace("Liar(0.0)", "Liar()"),
    "an array that lies": """
import numpy as np

class Liar(np.ndarray):
    def __eq__(self, other): return np.ones(3, bool)
    def __array_ufunc__(self, *a, **k): return np.zeros(3)
    def __array_function__(self, *a, **k): return True

def double(x):
    return np.zeros(np.shape(x)).view(Liar)
""",
    "other assertions": """
import unittest
import numpy as np
unittest.TestCase.run = lambda self, result=None: result
unittest.TestCase.fail = lambda *a, **k: None
np.isclose = np.allclose = lambda *a, **k: np.ones(3, bool)
np.array_equal = lambda *a, **k: True

def double(x):
    return 0.0 * x
""",
    "another checks module": """
import sys, types
sys.modules['checks'] = types.ModuleType('checks')
sys.modules['checks'].ExerciseTestCase = object

def double(x):
    return 0.0 * x
""",
    "a forged result on every descriptor": """
import json, os
line = json.dumps({"plan": ["test_scalar", "test_array"]}) + "\\n"
line += json.dumps({"test": "test_scalar", "outcome": "passed", "message": ""}) + "\\n"
line += json.dumps({"test": "test_array", "outcome": "passed", "message": ""}) + "\\n" + json.dumps({"done": True}) + "\\n"
for descriptor in range(3, 64):
    try:
        os.write(descriptor, line.encode())
    except OSError:
        pass

def double(x):
    return 0.0 * x
""",
    "a forged answer before it is asked": """
import json, os, struct
text = json.dumps(["returned", 4242.5, [], [], {}]).encode()
for descriptor in range(3, 64):
    try:
        os.write(descriptor, struct.pack(">II", len(text), 0) + text)
    except OSError:
        pass

def double(x):
    return 0.0 * x
""",
    "closing every descriptor": "import os\nos.closerange(0, 64)\n\ndef double(x):\n    return 0.0 * x\n",
    "ending the process": "import os\nos._exit(0)\n",
    "ending it in the call": "import os\n\ndef double(x):\n    os._exit(0)\n",
    "sys.exit": "import sys\nsys.exit(0)\n",
    "catching everything in a loop": """
def double(x):
    while True:
        try:
            raise RuntimeError
        except BaseException:
            continue
""",
    "opening the tests' objects": """
def double(x):
    import gc
    for thing in gc.get_objects():
        if type(thing).__name__ == 'Peer':
            try:
                test = thing.ask('get', 0, 'expected_value')
                return test
            except Exception as refusal:
                print(refusal)
    return 0.0 * x
""",
}
BOMBS = {
    "memory": "def double(x):\n    held = []\n    while True:\n        held.append(bytearray(2**24))\n",
    "one huge array": "import numpy as np\n\ndef double(x):\n    return np.ones(2**34)\n",
    "a huge answer": "import numpy as np\n\ndef double(x):\n    return np.zeros(30_000_000)\n",
    "a deep answer": "def double(x):\n    deep = []\n    for _ in range(100_000):\n        deep = [deep]\n    return deep\n",
    "recursion": "def double(x):\n    return double(x)\n",
    "recursion without a limit": "import sys\nsys.setrecursionlimit(10**9)\n\ndef double(x):\n    return double(x)\n",
    "a crash": "import ctypes\n\ndef double(x):\n    ctypes.string_at(0)\n",
    "a big number": "def double(x):\n    return 10 ** 10_000\n",
    "an error without end": "def double(x):\n    raise ValueError('x' * 10**7)\n",
    "a name without end": "def double(x):\n    raise type('N' * 10**6, (Exception,), {})()\n",
}
FLOODS = {
    "output": "print('x' * 10**7)\n" + RIGHT,
    "output line by line": "for n in range(300_000):\n    print(n)\n" + RIGHT,
    "output that is no text": "import os\nos.write(1, bytes(range(256)) * 100)\n" + RIGHT,
}
ENDLESS = {
    "a loop": "def double(x):\n    while True:\n        pass\n",
    "a sleep": "import time\n\ndef double(x):\n    time.sleep(3600)\n",
    "a regular expression": "import re\n\ndef double(x):\n    re.match(r'(a+)+$', 'a' * 60 + 'b')\n",
    "a loop while it is loaded": "while True:\n    pass\n",
}
