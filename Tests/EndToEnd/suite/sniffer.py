"""Records what really passes the loopback interface of a network namespace that holds nothing else."""

import fcntl
import socket
import struct
import threading

INTERFACE_UP = 0x1 | 0x40  # IFF_UP | IFF_RUNNING
SET_FLAGS, ALL_PROTOCOLS, OUTGOING = 0x8914, 0x0003, 4


def raise_loopback():
    """Brings `lo` up; a new namespace has it down."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sh14x", b"lo", INTERFACE_UP))


class Sniffer:
    """The payload of every TCP segment on `lo`, by the port that it goes to and the one that it comes from."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
        self.socket.bind(("lo", 0))
        self.streams, self.lock = {}, threading.Lock()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            frame, (_, _, kind, *_) = self.socket.recvfrom(1 << 17)
            if kind != OUTGOING:  # on loopback every packet is seen twice
                self.take(frame[14:])

    def take(self, packet):
        if packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP:
            return
        header = (packet[0] & 0xF) * 4
        end = int.from_bytes(packet[2:4], "big") or len(packet)
        segment = packet[header:end]
        payload = segment[(segment[12] >> 4) * 4 :]
        if payload:
            place = (
                socket.inet_ntoa(packet[16:20]), int.from_bytes(segment[2:4], "big"),
                int.from_bytes(segment[:2], "big"),
            )
            with self.lock:
                self.streams.setdefault(place, bytearray()).extend(payload)

    def to(self, port):
        """All that went to this port on any address."""
        with self.lock:
            return b"\r\n".join(bytes(data) for (_, target, _), data in self.streams.items() if target == port)

    def back_from(self, port):
        """All that came from this port."""
        with self.lock:
            return b"\r\n".join(bytes(data) for (_, _, source), data in self.streams.items() if source == port)

    def elsewhere(self, port):
        """`address:port` -> what went there, for everything that neither goes to nor comes from `port`."""
        with self.lock:
            return {
                f"{address}:{target}": bytes(data)
                for (address, target, source), data in self.streams.items()
                if port not in (target, source)
            }
