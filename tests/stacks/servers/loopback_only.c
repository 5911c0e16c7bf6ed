/* LD_PRELOAD for servers that listen on every address and want a fixed port:
 * whatever they bind is bound on loopback, to a port that the kernel chooses.
 * The port of the first socket that takes IPv4 goes to the file named by LOOPBACK_PORT_FILE.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void report(int socket_fd) {
  const char* path = getenv("LOOPBACK_PORT_FILE");
  struct sockaddr_in6 place; /* its port stands where that of IPv4 does */
  socklen_t size = sizeof place;
  if (path == NULL || getsockname(socket_fd, (struct sockaddr*)&place, &size) != 0) return;
  FILE* file = fopen(path, "wx"); /* the first one only */
  if (file == NULL) return;
  fprintf(file, "%d\n", ntohs(place.sin6_port));
  fclose(file);
}

int bind(int socket_fd, const struct sockaddr* address, socklen_t size) {
  int (*real)(int, const struct sockaddr*, socklen_t) =
      (int (*)(int, const struct sockaddr*, socklen_t))dlsym(RTLD_NEXT, "bind");
  if (address->sa_family == AF_INET6) {
    struct sockaddr_in6 own;
    memset(&own, 0, sizeof own);
    own.sin6_family = AF_INET6;
    /* A socket for both families: on IPv4's loopback, where it will be looked for. */
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &own.sin6_addr);
    if (real(socket_fd, (const struct sockaddr*)&own, sizeof own) == 0) {
      report(socket_fd);
      return 0;
    }
    own.sin6_addr = in6addr_loopback;
    return real(socket_fd, (const struct sockaddr*)&own, sizeof own);
  }
  if (address->sa_family != AF_INET) return real(socket_fd, address, size);
  struct sockaddr_in own;
  memset(&own, 0, sizeof own);
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result = real(socket_fd, (const struct sockaddr*)&own, sizeof own);
  if (result == 0) report(socket_fd);
  return result;
}
