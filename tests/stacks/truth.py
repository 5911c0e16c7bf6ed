"""What a TLS server really offers, found in the slowest and plainest way: each
code point is offered alone, at each version, on a connection of its own.

Nothing here is shared with the product: the hello is written by hand below,
the answer is read by hand, and no list of suites is known. Registered code
points come as numbers from the caller; all others are offered in small lots,
and a lot that is not refused is taken apart.
"""

import selectors
import socket
import struct
import time

VERSIONS = {"SSL 3.0": 0x0300, "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303, "TLS 1.3": 0x0304}
SIGNALLING = {0x00FF, 0x5600}  # no suites: RFC 5746 and RFC 7507
# Every SSL 2.0 kind that was ever written down.
SSL2_KINDS = [0x010080, 0x020080, 0x030080, 0x040080, 0x050080, 0x060040, 0x060140, 0x0700C0, 0x0701C0,
              0x080080, 0xFF0800, 0xFF0810]

CURVES = [29, 23, 24, 25, 30, 26, 27, 28] + list(range(1, 23))
FINITE_FIELDS = list(range(0x100, 0x105))  # ffdhe2048 to ffdhe8192
SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0807, 0x0808,
              0x0401, 0x0501, 0x0601, 0x0402, 0x0502, 0x0602, 0x0301, 0x0302, 0x0303, 0x0201, 0x0202,
              0x0203, 0x0101]


def vector(length_size, content):
    return len(content).to_bytes(length_size, "big") + content


def extension(kind, body=b""):
    return struct.pack(">H", kind) + vector(2, body)


def numbers(codes):
    return b"".join(struct.pack(">H", code) for code in codes)


def client_hello(version, suites, groups=None):
    """One hello: this version and nothing below, these suites."""
    tls13 = version == 0x0304
    body = struct.pack(">H", 0x0303 if tls13 else version) + bytes(range(32))
    body += vector(1, bytes(range(32)) if tls13 else b"")
    body += vector(2, numbers(list(suites) + ([] if tls13 else [0x00FF])))
    body += vector(1, b"\0")
    if version != 0x0300:
        more = extension(10, vector(2, numbers(groups or (CURVES + FINITE_FIELDS + [0x11EC] if tls13 else CURVES))))
        more += extension(11, vector(1, b"\0\1\2"))
        more += extension(23) + extension(22)
        if tls13:
            more += extension(43, vector(1, b"\x03\x04")) + extension(45, vector(1, b"\1"))
            more += extension(51, vector(2, b""))
        if version >= 0x0303:
            more += extension(13, vector(2, numbers(SIGNATURES)))
        body += vector(2, more)
    message = b"\1" + vector(3, body)
    return b"\x16" + (b"\x03\x00" if version == 0x0300 else b"\x03\x01") + vector(2, message)


class Reading:
    """The answer to one hello, as far as it has come."""

    def __init__(self, version, suites):
        self.version, self.suites = version, suites
        self.bytes, self.messages = b"", b""
        self.chosen = self.group = None
        self.kind = None  # accepted, broken_off, refused, nothing

    def take(self, data):
        """True when the answer is known."""
        self.bytes += data
        while len(self.bytes) >= 5:
            size = struct.unpack(">H", self.bytes[3:5])[0]
            if len(self.bytes) < 5 + size:
                return False
            kind, record = self.bytes[0], self.bytes[5:5 + size]
            self.bytes = self.bytes[5 + size:]
            if kind == 21 and len(record) >= 2 and record[0] != 1:
                self.kind = "broken_off" if self.chosen is not None else "refused"
                return True
            if kind == 22:
                self.messages += record
                if self.read_messages():
                    return True
        return False

    def read_messages(self):
        while len(self.messages) >= 4:
            size = int.from_bytes(self.messages[1:4], "big")
            if len(self.messages) < 4 + size:
                return False
            kind, body = self.messages[0], self.messages[4:4 + size]
            self.messages = self.messages[4 + size:]
            if kind == 2 and self.read_hello(body):
                return True
            if kind == 12 and body[:1] == b"\3":  # ServerKeyExchange on a named curve
                self.group = struct.unpack(">H", body[1:3])[0]
            if kind == 14:  # ServerHelloDone: everything of the server's was there
                self.kind = "accepted"
                return True
        return False

    def read_hello(self, body):
        version = struct.unpack(">H", body[:2])[0]
        place = 34 + 1 + body[34]
        suite = struct.unpack(">H", body[place:place + 2])[0]
        rest = body[place + 5:]
        while len(rest) >= 4:
            kind, size = struct.unpack(">HH", rest[:4])
            if kind == 43:
                version = struct.unpack(">H", rest[4:6])[0]
            if kind == 51:
                self.group = struct.unpack(">H", rest[4:6])[0]
            rest = rest[4 + size:]
        if version != self.version or suite not in self.suites:
            self.kind = "refused"
            return True
        self.chosen = suite
        if version == 0x0304:
            self.kind = "accepted"
            return True
        return False

    def end(self):
        if self.kind is None:
            self.kind = "broken_off" if self.chosen is not None else "nothing"


class Endpoint:
    def __init__(self, host, port, patience=10.0, at_once=24):
        self.address = (host, port)
        self.patience, self.at_once = patience, at_once
        self.connections = 0

    def ask(self, questions):
        """Sends each (version, suites, groups); gives back their Readings, in order."""
        answers = [None] * len(questions)
        waiting = list(enumerate(questions))[::-1]
        chooser = selectors.DefaultSelector()
        running = {}

        def start(place, question):
            version, suites, groups = question
            link = socket.socket()
            link.setblocking(False)
            link.connect_ex(self.address)
            self.connections += 1
            running[link] = [place, Reading(version, set(suites)), client_hello(version, suites, groups),
                             time.monotonic() + self.patience]
            chooser.register(link, selectors.EVENT_WRITE)

        def finish(link):
            place, reading, _, _ = running.pop(link)
            reading.end()
            answers[place] = reading
            chooser.unregister(link)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            link.close()

        while waiting or running:
            while waiting and len(running) < self.at_once:
                start(*waiting.pop())
            for key, _ in chooser.select(1.0):
                link = key.fileobj
                state = running[link]
                try:
                    if state[2]:
                        state[2] = state[2][link.send(state[2]):]
                        if not state[2]:
                            chooser.modify(link, selectors.EVENT_READ)
                        continue
                    data = link.recv(65536)
                    if not data or state[1].take(data):
                        finish(link)
                except OSError:
                    finish(link)
            now = time.monotonic()
            for link in [link for link, state in running.items() if state[3] < now]:
                finish(link)
        return answers

    def each_alone(self, version, codes):
        """{suite: kind} of what was not refused. What got no answer is asked again."""
        found = {}
        left = sorted(set(codes) - SIGNALLING)
        for _ in range(3):
            answers = self.ask([(version, [code], None) for code in left])
            silent = []
            for code, answer in zip(left, answers):
                if answer.kind == "nothing":
                    silent.append(code)
                elif answer.kind != "refused":
                    found[code] = answer.kind
            left = silent
        return found

    def in_lots(self, version, codes, lot=48):
        """The same for code points that hardly any server knows."""
        codes = sorted(set(codes) - SIGNALLING)
        lots = [codes[i:i + lot] for i in range(0, len(codes), lot)]
        found = {}
        for some, answer in zip(lots, self.ask([(version, some, None) for some in lots])):
            if answer.kind != "refused":
                found.update(self.each_alone(version, some))
        return found


    def groups_alone(self, version, suites, groups):
        """The groups with which a server can use one of these suites, each offered alone."""
        found, left = set(), sorted(groups)
        for _ in range(3):
            answers = self.ask([(version, suites, [group]) for group in left])
            # Named in the answer: some servers go on without any that was offered.
            found.update(group for group, answer in zip(left, answers)
                         if answer.kind == "accepted" and answer.group == group)
            left = [group for group, answer in zip(left, answers) if answer.kind == "nothing"]
        return found


def ssl2_kinds(host, port, patience=3.0):
    """The kinds that a SERVER-HELLO of SSL 2.0 lists, or None."""
    body = b"\1\0\2" + struct.pack(">HHH", 3 * len(SSL2_KINDS), 0, 16)
    body += b"".join(kind.to_bytes(3, "big") for kind in SSL2_KINDS) + bytes(range(16))
    data = b""
    try:
        with socket.create_connection((host, port), patience) as link:
            link.sendall(struct.pack(">H", 0x8000 | len(body)) + body)
            while len(data) < 2 or len(data) < 2 + (struct.unpack(">H", data[:2])[0] & 0x7FFF):
                more = link.recv(65536)
                if not more:
                    return None
                data += more
    except OSError:
        return None
    if data[2] != 4:
        return None
    certificate, kinds = struct.unpack(">HH", data[7:11])
    listed = data[13 + certificate:13 + certificate + kinds]
    return {int.from_bytes(listed[i:i + 3], "big") for i in range(0, len(listed), 3)}


def offers(endpoint, registered, everything=False):
    """{version name: {suite: "accepted" | "broken_off"}}."""
    found = {}
    for name, version in VERSIONS.items():
        found[name] = endpoint.each_alone(version, registered)
        if found[name] or everything:
            others = set(range(0x10000)) if everything else {
                high << 8 | low for high in (0x00, 0x13, 0x16, 0xC0, 0xC1, 0xCC, 0xD0, 0xFE, 0xFF) for low in range(256)}
            found[name].update(endpoint.in_lots(version, others - set(registered)))
    return found
