"""neighbour.py PORT: an established client of a TLS Redis that sends PING again
and again, and prints begin and end of each on the monotonic clock."""

import socket
import ssl
import sys
import time

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])))) as link:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print("ready", flush=True)
    lines = []
    try:
        while True:
            begun = time.monotonic()
            link.sendall(b"PING\r\n")
            if not link.recv(64):
                break
            lines.append(f"{begun} {time.monotonic()}")
            time.sleep(0.002)
    except KeyboardInterrupt:
        pass
print("\n".join(lines))
