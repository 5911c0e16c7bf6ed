// bun_server.js CERTIFICATE KEY: Bun's own server, BoringSSL underneath.
const server = Bun.serve({
  hostname: '127.0.0.1', port: 0, fetch() { return new Response('here'); },
  tls: { cert: Bun.file(process.argv[2]), key: Bun.file(process.argv[3]) },
});
console.log('port ' + server.port);
