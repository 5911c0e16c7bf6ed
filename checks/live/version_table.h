// Release lines of Redis and Valkey with their ends of life and the first
// patch that holds the fixes of critical flaws which a client can reach. Dates
// are those of the projects' release pages as of the table's date.
#pragma once

#include <array>
#include <string_view>

namespace rta::checks {

struct ReleaseLine {
  std::string_view product;  // "Redis", "Valkey"
  int major = 0;
  int minor = 0;
  std::string_view end_of_life;  // date; empty = supported when the table was made
  int fixed_patch = 0;           // first patch without the flaws below
  std::string_view flaws;
};

inline constexpr std::string_view kVersionTableDate = "2025-11-01";
inline constexpr std::string_view kLuaFlaws = "CVE-2025-49844 (Lua use-after-free, code execution)";

// CVE-2025-49844 and its companions were fixed on 2025-10-03 in Redis 6.2.20,
// 7.2.11, 7.4.6, 8.0.4 and 8.2.2, and in Valkey 7.2.11, 8.0.6 and 8.1.4.
inline constexpr std::array kReleaseLines{
    ReleaseLine{"Redis", 5, 0, "2022-04-27", -1, kLuaFlaws},
    ReleaseLine{"Redis", 6, 0, "2023-08-15", -1, kLuaFlaws},
    ReleaseLine{"Redis", 6, 2, "", 20, kLuaFlaws},
    ReleaseLine{"Redis", 7, 0, "2024-07-29", -1, kLuaFlaws},
    ReleaseLine{"Redis", 7, 2, "", 11, kLuaFlaws},
    ReleaseLine{"Redis", 7, 4, "", 6, kLuaFlaws},
    ReleaseLine{"Redis", 8, 0, "", 4, kLuaFlaws},
    ReleaseLine{"Redis", 8, 2, "", 2, kLuaFlaws},
    ReleaseLine{"Valkey", 7, 2, "", 11, kLuaFlaws},
    ReleaseLine{"Valkey", 8, 0, "", 6, kLuaFlaws},
    ReleaseLine{"Valkey", 8, 1, "", 4, kLuaFlaws},
};

// What distributions still patch themselves although upstream has ended:
// Debian 12 carries Redis 7.0 (security support to 2026-06-10, LTS to
// 2028-06-30), Debian 11 carries 6.0 (LTS to 2026-08-31), Ubuntu 22.04 6.0 and
// 24.04 7.0 (universe: with Ubuntu Pro to 2032 and 2034).
struct DistributionLine {
  int major = 0;
  int minor = 0;
  std::string_view until;
  std::string_view who;
};
inline constexpr std::array kDistributionLines{
    DistributionLine{6, 0, "2032-04-01", "Debian 11 LTS or Ubuntu 22.04"},
    DistributionLine{7, 0, "2034-04-01", "Debian 12 or Ubuntu 24.04"},
};

}  // namespace rta::checks
