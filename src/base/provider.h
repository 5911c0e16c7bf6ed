// Recognising managed services and forks from a host name and from what a
// server says of itself. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace rta {

// "ElastiCache", "MemoryDB", "Azure Cache for Redis", "Azure Managed Redis",
// "Redis Cloud"; empty when the name is none of theirs.
std::string provider_of_host(std::string_view host);

// "Memorystore", "Redis Enterprise", or empty; from INFO.
std::string provider_of_info(const std::map<std::string, std::string>& info);

// "Valkey", "KeyDB", "Dragonfly", "Redis"; from INFO, empty when it tells no version.
std::string product_of_info(const std::map<std::string, std::string>& info);

}  // namespace rta
