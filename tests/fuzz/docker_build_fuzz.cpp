// A Dockerfile, a byte 0xFF, then a .dockerignore.
#include <redis_tls_audit/bytes.h>

#include <cstdint>

#include "files/docker/docker_ignore.h"
#include "files/docker/dockerfile.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = rta::as_text({data, size});
  const std::size_t end = std::min(input.find('\xFF'), input.size());
  const rta::files::DockerIgnore ignore{end < input.size() ? input.substr(end + 1) : input};
  static_cast<void>(ignore.excludes("certs/redis/ca-key.pem"));
  for (const rta::files::DockerCopy& copy : rta::files::read_dockerfile(input.substr(0, end)))
    for (const std::string& source : copy.sources) static_cast<void>(ignore.excludes(source));
  static_cast<void>(rta::files::read_docker_image(input.substr(0, end)));
  return 0;
}
