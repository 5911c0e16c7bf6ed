/* wolfssl_server CERTIFICATE KEY DH-PARAMETERS: everything that wolfSSL was
 * built with, on 127.0.0.1. Prints "name NAME" for each suite, then "port N".
 */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  signal(SIGPIPE, SIG_IGN);
  wolfSSL_Init();
  WOLFSSL_CTX* context = wolfSSL_CTX_new(wolfSSLv23_server_method());
  if (context == NULL) return 3;
  wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1);
  static char every[1 << 16];
  if (wolfSSL_get_ciphers(every, sizeof every) == WOLFSSL_SUCCESS) wolfSSL_CTX_set_cipher_list(context, every);
  if (wolfSSL_CTX_use_certificate_chain_file(context, argv[1]) != WOLFSSL_SUCCESS ||
      wolfSSL_CTX_use_PrivateKey_file(context, argv[2], WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS ||
      wolfSSL_CTX_SetTmpDH_file(context, argv[3], WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS)
    return 4;
  for (char* name = strtok(every, ":"); name != NULL; name = strtok(NULL, ":")) printf("name %s\n", name);
  struct sockaddr_in place = {.sin_family = AF_INET};
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr*)&place, size) != 0 || listen(listener, 128) != 0) return 5;
  getsockname(listener, (struct sockaddr*)&place, &size);
  printf("port %d\n", ntohs(place.sin_port));
  fflush(stdout);
  for (;;) {
    const int link = accept(listener, NULL, NULL);
    const struct timeval patience = {.tv_sec = 3};
    setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    WOLFSSL* session = wolfSSL_new(context);
    wolfSSL_set_fd(session, link);
    char byte;
    if (wolfSSL_accept(session) == WOLFSSL_SUCCESS)
      while (wolfSSL_read(session, &byte, 1) > 0) continue;
    wolfSSL_free(session);
    close(link);
  }
}
