/* mbedtls_server CERTIFICATE KEY: everything that Mbed TLS was built with, on
 * 127.0.0.1. Prints "suite HEX MIN MAX" for each suite of its list, then "port N".
 */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_ciphersuites.h>
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static mbedtls_ssl_config config;

static void serve(int fd) {
  mbedtls_net_context net = {.fd = fd};
  mbedtls_ssl_context ssl;
  mbedtls_ssl_init(&ssl);
  if (mbedtls_ssl_setup(&ssl, &config) == 0) {
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, NULL, mbedtls_net_recv_timeout);
    int result = mbedtls_ssl_handshake(&ssl);
    unsigned char byte;
    while (result == 0 && mbedtls_ssl_read(&ssl, &byte, 1) > 0) continue;
  }
  mbedtls_ssl_free(&ssl);
  mbedtls_net_free(&net);
}

int main(int argc, char** argv) {
  static mbedtls_entropy_context entropy;
  static mbedtls_ctr_drbg_context random;
  static mbedtls_x509_crt certificate;
  static mbedtls_pk_context key;
  if (argc != 3) return 2;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random);
  mbedtls_x509_crt_init(&certificate);
  mbedtls_pk_init(&key);
  mbedtls_ssl_config_init(&config);
  if (mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0) != 0 ||
      mbedtls_x509_crt_parse_file(&certificate, argv[1]) != 0 || mbedtls_pk_parse_keyfile(&key, argv[2], "") != 0)
    return 3;
  mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
  mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
  mbedtls_ssl_conf_own_cert(&config, &certificate, &key);
  mbedtls_ssl_conf_ciphersuites(&config, mbedtls_ssl_list_ciphersuites());
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_0);
  mbedtls_ssl_conf_read_timeout(&config, 3000);
#if defined(MBEDTLS_ARC4_C)
  mbedtls_ssl_conf_arc4_support(&config, MBEDTLS_SSL_ARC4_ENABLED);
#endif
  for (const int* suite = mbedtls_ssl_list_ciphersuites(); *suite != 0; ++suite) {
    const mbedtls_ssl_ciphersuite_t* info = mbedtls_ssl_ciphersuite_from_id(*suite);
    printf("suite %04x %d %d %s\n", (unsigned)*suite, info->min_minor_ver, info->max_minor_ver,
           mbedtls_ssl_get_ciphersuite_name(*suite));
  }
  struct sockaddr_in place = {.sin_family = AF_INET};
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr*)&place, size) != 0 || listen(listener, 128) != 0) return 4;
  getsockname(listener, (struct sockaddr*)&place, &size);
  printf("port %d\n", ntohs(place.sin_port));
  fflush(stdout);
  for (;;) serve(accept(listener, NULL, NULL));
}
