// node_server.js CERTIFICATE KEY CIPHERS OPTIONS(JSON): for every version of Node.js from 0.10 on.
var fs = require('fs'), tls = require('tls');
var options = JSON.parse(process.argv[5] || '{}');
options.cert = fs.readFileSync(process.argv[2]);
options.key = fs.readFileSync(process.argv[3]);
if (process.argv[4]) options.ciphers = process.argv[4];
var server = tls.createServer(options, function (link) { link.on('error', function () {}); });
server.on('clientError', function () {});
server.on('tlsClientError', function () {});
server.listen(0, '127.0.0.1', function () {
  console.log('versions ' + process.versions.openssl);
  console.log('port ' + server.address().port);
});
