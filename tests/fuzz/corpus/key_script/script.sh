openssl genrsa -out a-key.pem 2048
chmod 600 *.key.pem
