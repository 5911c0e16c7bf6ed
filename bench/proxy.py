"""A proxy on loopback that counts what passes through it and can be far away.

With a round trip of R seconds, the first bytes of a client wait R (the TCP
handshake) and R/2, each answer R/2: what a client would see over such a line.
It counts connections, hellos that the server signed an answer to, and keeps the
times at which a client went on after the server's first flight (it completes a
handshake then).
"""

import asyncio
import threading
import time


class Passed:
    """What one connection showed of the server's side."""

    def __init__(self):
        self.buffer, self.messages, self.signed, self.retry = b"", b"", False, False

    def take(self, data):
        if self.signed or len(self.buffer) > 1 << 20:
            return
        self.buffer += data
        while len(self.buffer) >= 5 and self.buffer[0] in (20, 21, 22, 23):
            size = int.from_bytes(self.buffer[3:5], "big")
            if len(self.buffer) < 5 + size:
                return
            kind, body = self.buffer[0], self.buffer[5:5 + size]
            self.buffer = self.buffer[5 + size:]
            if kind == 23:  # TLS 1.3 after a ServerHello: CertificateVerify is in there
                self.signed = True
            if kind == 22:
                self.messages += body
                while len(self.messages) >= 4:
                    length = int.from_bytes(self.messages[1:4], "big")
                    if len(self.messages) < 4 + length:
                        break
                    self.signed = self.signed or self.messages[0] == 12  # ServerKeyExchange
                    self.messages = self.messages[4 + length:]


class Proxy:
    def __init__(self, port, round_trip=0.0):
        self.target, self.round_trip = port, round_trip
        self.connections = self.signed = self.most_at_once = self.now = 0
        self.completing = []  # [begin, end] on the monotonic clock
        self.times = []       # [opened, closed]
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.loop.set_exception_handler(lambda *_: None)  # connections that end with the proxy

        def run():
            asyncio.set_event_loop(self.loop)
            self.server = self.loop.run_until_complete(
                asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024))
            self.port = self.server.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        ready.wait()

    def reset(self):
        self.connections = self.signed = self.most_at_once = 0
        self.completing, self.times = [], []

    async def serve(self, reader, writer):
        self.connections += 1
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        begun = time.monotonic()
        passed = Passed()
        spans = []
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            self.now -= 1
            return

        async def pump(source, sink, from_client):
            first = True
            try:
                while data := await source.read(65536):
                    if self.round_trip:
                        await asyncio.sleep(self.round_trip * (1.5 if from_client and first else 0.5))
                    if from_client and not first and not spans:
                        spans.append(time.monotonic())
                    if not from_client:
                        passed.take(data)
                    first = False
                    sink.write(data)
                    await sink.drain()
            except OSError:
                pass
            finally:
                sink.close()

        await asyncio.gather(pump(reader, upstream_writer, True), pump(upstream_reader, writer, False),
                             return_exceptions=True)
        self.signed += passed.signed
        ended = time.monotonic()
        self.times.append([begun, ended])
        if spans:
            self.completing.append([spans[0], ended])
        self.now -= 1

    def stop(self):
        def end():
            self.server.close()
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.loop.call_later(0.1, self.loop.stop)

        self.loop.call_soon_threadsafe(end)
        self.thread.join(5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
