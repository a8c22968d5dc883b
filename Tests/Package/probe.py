"""Runs in the daemon's place, under its unit, and tries what the sandbox must refuse."""
import ctypes
import errno
import mmap
import os
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
holes, refused = [], []


def expect(what: str, codes: set[int], action) -> None:
    """The action must fail with one of these errno values."""
    try:
        action()
        holes.append(f"{what}: succeeded")
    except OSError as error:
        (refused if error.errno in codes else holes).append(f"{what}: {errno.errorcode.get(error.errno, error.errno)}")


def system_call(name: str, *arguments):
    def call():
        if getattr(libc, name)(*arguments) < 0:
            raise OSError(ctypes.get_errno(), name)
    return call


def write(path: str):
    def action():
        with open(path, "w") as file:
            file.write("planted")
    return action


NO_WRITE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT}
for path in ("/etc/planted", "/usr/bin/planted", "/var/lib/planted", "/var/lib/private/planted", "/var/log/planted", "/run/planted",
             "/home/planted", "/root/planted", "/opt/planted", "/proc/sys/kernel/core_pattern", "/sys/fs/cgroup/planted",
             "/etc/oauthwatch/oauthwatch.yaml"):
    expect(f"write {path}", NO_WRITE, write(path))
for path in ("/etc/shadow", "/etc/oauthwatch/credentials/127.0.0.1", "/proc/1/environ"):
    expect(f"read {path}", {errno.EACCES, errno.EPERM, errno.ENOENT}, lambda: open(path).close())
EPERM = {errno.EPERM}
expect("mount", EPERM, system_call("mount", b"none", b"/tmp", b"tmpfs", 0, None))
expect("ptrace", EPERM, system_call("ptrace", 16, os.getppid(), 0, 0))
expect("reboot", EPERM, system_call("reboot", 0))
expect("bpf", EPERM, system_call("syscall", 321, 0, 0, 0))
expect("keyctl", EPERM, system_call("syscall", 250, 0, 0, 0, 0, 0))
expect("unshare", EPERM, system_call("unshare", 0x10000000))
expect("setuid", EPERM, system_call("setuid", 0))
expect("setpriority", EPERM, system_call("setpriority", 0, 0, 5))
expect("clock_settime", EPERM, lambda: __import__("time").clock_settime(0, 0))
expect("a packet socket", {errno.EAFNOSUPPORT, errno.EPERM}, lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
expect("memory that can be written and run", {errno.EPERM, errno.EACCES},
       lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))
own = os.path.join(os.environ["STATE_DIRECTORY"], "own")
write(own)()
os.remove(own)
with open(os.path.join(os.environ["CREDENTIALS_DIRECTORY"], "credentials_127.0.0.1")) as credential:
    assert credential.read().strip(), "the credential is empty"
if holes:
    print("\n".join(holes))
    sys.exit(1)
print(f"sandbox: {len(refused)} of {len(refused)} tries refused, the state directory can be written, the credential read")
