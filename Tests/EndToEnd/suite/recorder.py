"""A relay on loopback that keeps every byte of every connection, so that one knows what really went over the wire."""

import socket
import threading
import time


class Connection:
    """What went to the server and what came back, in the order of arrival.

    `arrivals` has for each piece that was sent where in `sent` it begins, and when it came (`time.monotonic_ns`).
    """

    def __init__(self):
        self.sent, self.received, self.arrivals = bytearray(), bytearray(), []


class Recorder:
    """Listens on a loopback address and passes everything on to `port` there, unchanged.

    `on_request` is called with the number of the piece, from 1, before a piece from the client is passed on, and
    `on_answer` likewise for pieces from the server. Servers must be told `origin`, or take it from the Host field.
    """

    def __init__(self, port, on_request=None, on_answer=None, host="127.0.0.1"):
        self.upstream, self.host = port, host
        self.on_request, self.on_answer = on_request, on_answer
        self.connections, self.requests, self.answers = [], 0, 0
        self.lock = threading.Lock()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listener = socket.create_server((host, 0), family=family, backlog=128)
        self.port = self.listener.getsockname()[1]
        self.origin = f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        try:
            server = socket.create_connection((self.host, self.upstream))
        except OSError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = Connection()
        with self.lock:
            self.connections.append(connection)
        threading.Thread(target=self.copy, args=(client, server, connection.sent, lambda begin: self.count_request(connection, begin)), daemon=True).start()
        self.copy(server, client, connection.received, self.count_answer)

    def copy(self, source, sink, record, count):
        try:
            while piece := source.recv(65536):
                begin = len(record)
                record += piece
                count(begin)
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def count_request(self, connection, begin):
        with self.lock:
            self.requests += 1
            number = self.requests
            connection.arrivals.append((begin, time.monotonic_ns()))
        if self.on_request:
            self.on_request(number)

    def count_answer(self, _):
        with self.lock:
            self.answers += 1
            number = self.answers
        if self.on_answer:
            self.on_answer(number)

    @property
    def sent(self):
        """All that went to the server."""
        with self.lock:
            return b"\r\n".join(bytes(connection.sent) for connection in self.connections)

    @property
    def received(self):
        """All that came back."""
        with self.lock:
            return b"\r\n".join(bytes(connection.received) for connection in self.connections)
