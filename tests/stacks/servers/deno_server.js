// deno_server.js CERTIFICATE KEY: Deno's own listener, rustls underneath.
const listener = Deno.listenTls({
  hostname: '127.0.0.1', port: 0,
  cert: Deno.readTextFileSync(Deno.args[0]), key: Deno.readTextFileSync(Deno.args[1]),
});
console.log('port ' + listener.addr.port);
for (;;) {
  try {
    const link = await listener.accept();
    link.handshake().then(() => link.read(new Uint8Array(1))).catch(() => {}).finally(() => { try { link.close(); } catch { /* gone */ } });
  } catch { /* a handshake that was not finished */ }
}
