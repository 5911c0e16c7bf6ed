"""python_server.py CERTIFICATE KEY DH-PARAMETERS CIPHERS: the ssl module of Python, TLS 1.0 to 1.3, on 127.0.0.1."""

import socketserver
import ssl
import sys
import warnings

warnings.simplefilter("ignore")
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_dh_params(sys.argv[3])
context.set_ciphers(sys.argv[4])
context.minimum_version = ssl.TLSVersion.TLSv1
context.load_cert_chain(sys.argv[1], sys.argv[2])


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(10)
        try:
            with context.wrap_socket(self.request, server_side=True) as link:
                link.recv(1)
        except OSError:
            pass


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


with Server(("127.0.0.1", 0), Session) as server:
    print("port", server.server_address[1], flush=True)
    server.serve_forever()
