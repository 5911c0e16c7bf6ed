#include "base/provider.h"

#include <array>

#include "base/text.h"

namespace rta {
namespace {

struct Suffix {
  std::string_view suffix;
  std::string_view provider;
};

// MemoryDB names its region between two parts: clustercfg.x.memorydb.eu-west-1.amazonaws.com.
constexpr std::array kSuffixes{
    Suffix{".cache.amazonaws.com", "ElastiCache"},
    Suffix{".cache.amazonaws.com.cn", "ElastiCache"},
    Suffix{".redis.cache.windows.net", "Azure Cache for Redis"},
    Suffix{".redis.cache.chinacloudapi.cn", "Azure Cache for Redis"},
    Suffix{".redis.cache.usgovcloudapi.net", "Azure Cache for Redis"},
    Suffix{".redisenterprise.cache.azure.net", "Azure Managed Redis"},
    Suffix{".redis.azure.net", "Azure Managed Redis"},
    Suffix{".cloud.redislabs.com", "Redis Cloud"},
    Suffix{".redis-cloud.com", "Redis Cloud"},
    Suffix{".redns.redis-cloud.com", "Redis Cloud"},
};

bool has(const std::map<std::string, std::string>& info, const std::string& name) {
  return info.contains(name);
}

}  // namespace

std::string provider_of_host(std::string_view host) {
  std::string name = lower_ascii(host);
  if (name.ends_with('.')) name.pop_back();
  for (const Suffix& known : kSuffixes)
    if (name.ends_with(known.suffix)) return std::string{known.provider};
  if (name.ends_with(".amazonaws.com") && name.find(".memorydb.") != std::string::npos)
    return "MemoryDB";
  return {};
}

std::string provider_of_info(const std::map<std::string, std::string>& info) {
  const auto os = info.find("os");
  if (os != info.end() && os->second.find("Google Cloud") != std::string::npos)
    return "Memorystore";
  if (os != info.end() && os->second.find("Amazon ElastiCache") != std::string::npos)
    return "ElastiCache";
  if (has(info, "rlec_version")) return "Redis Enterprise";
  return {};
}

std::string product_of_info(const std::map<std::string, std::string>& info) {
  if (has(info, "dragonfly_version")) return "Dragonfly";
  if (has(info, "valkey_version")) return "Valkey";
  if (has(info, "keydb_version") || has(info, "mvcc_depth")) return "KeyDB";
  return has(info, "redis_version") ? "Redis" : "";
}

}  // namespace rta
