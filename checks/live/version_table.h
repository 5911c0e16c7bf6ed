// Release lines of Redis and Valkey with their ends of life, the first patch
// that holds the fixes of critical flaws which a client can reach, and the
// newest security release, as of the table's date.
//
// Sources: the projects' release notes (00-RELEASENOTES of each branch and the
// release pages), the CVE records named below, CISA VA-26-239-01, and
// endoflife.date for the ends of life.
#pragma once

#include <array>
#include <string_view>

namespace rta::checks {

struct ReleaseLine {
  std::string_view product;  // "Redis", "Valkey"
  int major = 0;
  int minor = 0;
  std::string_view end_of_life;  // date; empty = supported when the table was made
  int fixed_patch = 0;           // first patch without the flaws below; -1 = there is none
  std::string_view flaws;
  int newest_patch = 0;          // with security fixes, of any severity
};

// Everything published up to this day was looked at.
inline constexpr std::string_view kVersionTableDate = "2026-10-31";

// Lua use-after-free, remote code execution by a user who may run scripts;
// fixed 2025-10-03.
inline constexpr std::string_view kLuaFlaws = "CVE-2025-49844 (Lua use-after-free, code execution)";
// Use-after-free in the list of TLS connections with pending data: remote code
// execution, without a login by the CVE record, wherever TLS is on (CVSS 9.2);
// fixed in Redis 6.2.24, 7.2.16, 7.4.11, 8.2.9, 8.4.6, 8.6.6, 8.8.2 and 8.10.1.
inline constexpr std::string_view kRedisTlsFlaws =
    "CVE-2026-81934 (use-after-free in TLS connections, code execution)";
// The same place in Valkey, by CLIENT KILL of a user who is logged in; fixed
// 2026-07-21 in 8.0.10, 8.1.9, 9.0.5 and 9.1.1.
inline constexpr std::string_view kValkeyTlsFlaws =
    "CVE-2026-56684 (use-after-free in TLS connections, code execution)";
// Valkey 9.1.2, 2026-08-31: reached without a login.
inline constexpr std::string_view kValkeyScriptFlaws =
    "GHSA-fq2f-crmw-q97r (use-after-free of the script interpreter, without a login)";

inline constexpr std::array kReleaseLines{
    ReleaseLine{"Redis", 5, 0, "2022-04-27", -1, kLuaFlaws, 14},
    // 6.0.20 of July 2023 was its last; 7.2 of August 2023 ended its support.
    ReleaseLine{"Redis", 6, 0, "2023-08-15", -1, kLuaFlaws, 20},
    ReleaseLine{"Redis", 6, 2, "", 24, kRedisTlsFlaws, 24},
    ReleaseLine{"Redis", 7, 0, "2024-07-29", -1, kLuaFlaws, 15},
    ReleaseLine{"Redis", 7, 2, "", 16, kRedisTlsFlaws, 16},
    ReleaseLine{"Redis", 7, 4, "", 11, kRedisTlsFlaws, 11},
    ReleaseLine{"Redis", 8, 0, "2026-02-11", -1, kRedisTlsFlaws, 6},
    // 2026-09-17: ACL changes inside transactions, the unauthenticated cluster bus.
    ReleaseLine{"Redis", 8, 2, "", 9, kRedisTlsFlaws, 10},
    ReleaseLine{"Redis", 8, 4, "", 6, kRedisTlsFlaws, 7},
    ReleaseLine{"Redis", 8, 6, "", 6, kRedisTlsFlaws, 7},
    ReleaseLine{"Redis", 8, 8, "", 2, kRedisTlsFlaws, 3},
    ReleaseLine{"Redis", 8, 10, "", 1, kRedisTlsFlaws, 2},
    // Ends of extended security support (valkey.io/topics/releases).
    ReleaseLine{"Valkey", 7, 2, "2029-04-16", 11, kLuaFlaws, 15},
    ReleaseLine{"Valkey", 8, 0, "2027-09-15", 10, kValkeyTlsFlaws, 12},
    ReleaseLine{"Valkey", 8, 1, "2030-03-31", 9, kValkeyTlsFlaws, 11},
    ReleaseLine{"Valkey", 9, 0, "2028-10-21", 5, kValkeyTlsFlaws, 7},
    ReleaseLine{"Valkey", 9, 1, "", 2, kValkeyScriptFlaws, 3},
};

// The very versions that distributions ship and patch themselves, without
// changing the number that the server tells.
struct DistributionVersion {
  std::string_view product;
  int major = 0;
  int minor = 0;
  int patch = 0;
  std::string_view until;  // the last day of the longest support among them
  std::string_view who;
};
inline constexpr std::array kDistributionVersions{
    DistributionVersion{"Redis", 6, 0, 16, "2032-04-01", "Debian 11 LTS or Ubuntu 22.04"},
    DistributionVersion{"Redis", 7, 0, 15, "2034-04-01", "Debian 12 or Ubuntu 24.04"},
    DistributionVersion{"Redis", 8, 0, 2, "2030-06-30", "Debian 13"},
    DistributionVersion{"Valkey", 8, 1, 1, "2030-06-30", "Debian 13"},
};

}  // namespace rta::checks
