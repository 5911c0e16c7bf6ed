// tls
