// A masked URL never shows more than the text had, and user information goes.
#include <cstdlib>

#include "files/clients/client_verdict.h"
#include "files/clients/redis_url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  const std::string_view text = as_text({data, size});
  const auto url = files::parse_redis_url(text);
  const std::string masked = files::mask_url(text);
  if (url && url->password && url->password->size() > 8 &&
      masked.find(*url->password) != std::string::npos &&
      text.find("://") != std::string_view::npos && text.rfind('@') == text.find('@'))
    if (url->path.find(*url->password) == std::string::npos &&
        text.find(*url->password) == text.rfind(*url->password))
      std::abort();
  for (const char* client : {"ioredis", "node-redis", "redis-py", "kombu", "celery", "go-redis",
                             "StackExchange.Redis", "lettuce", "spring", "jedis", "redis-cli"})
    (void)files::judge_client(client, "4.3.4", text);
  return 0;
}
