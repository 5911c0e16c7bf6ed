#include "core/checklist.h"

#include <array>

namespace rta {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCore1{
    "RTA-TLS-001"sv,  "RTA-TLS-002"sv,  "RTA-TLS-003"sv,   "RTA-TLS-004"sv,   "RTA-TLS-006"sv,
    "RTA-CONF-001"sv, "RTA-CONF-002"sv, "RTA-PLAIN-001"sv, "RTA-PLAIN-002"sv, "RTA-PLAIN-003"sv,
    "RTA-TOPO-001"sv, "RTA-TOPO-002"sv, "RTA-DOCK-001"sv};
constexpr std::array kCore2{"RTA-CIP-001"sv, "RTA-CIP-002"sv, "RTA-CIP-003"sv, "RTA-CIP-004"sv,
                            "RTA-CIP-007"sv};
constexpr std::array kCore3{"RTA-CERT-002"sv, "RTA-CERT-003"sv, "RTA-CERT-009"sv, "RTA-CHAIN-001"sv,
                            "RTA-MGD-003"sv};
constexpr std::array kCore4{"RTA-CERT-002"sv, "RTA-MON-001"sv, "RTA-MON-002"sv};
constexpr std::array kCore5{"RTA-PLAIN-001"sv, "RTA-ENV-001"sv, "RTA-ENV-003"sv, "RTA-ENV-006"sv};
constexpr std::array kCore6{"RTA-PLAIN-001"sv, "RTA-ENV-002"sv, "RTA-ENV-003"sv, "RTA-ENV-006"sv};
constexpr std::array kCore7{"RTA-CERT-007"sv, "RTA-CHAIN-001"sv, "RTA-CHAIN-002"sv,
                            "RTA-CONF-004"sv, "RTA-ENV-003"sv,   "RTA-ENV-004"sv,
                            "RTA-ENV-005"sv,  "RTA-ENV-009"sv,   "RTA-MGD-003"sv};
constexpr std::array kCore8{"RTA-KEY-001"sv, "RTA-KEY-002"sv, "RTA-KEY-005"sv, "RTA-DOCK-003"sv};
constexpr std::array kCore9{"RTA-VCS-001"sv, "RTA-VCS-002"sv, "RTA-VCS-003"sv,
                            "RTA-VCS-004"sv, "RTA-VCS-005"sv, "RTA-VCS-006"sv};
constexpr std::array kCore10{"RTA-CERT-005"sv, "RTA-CHAIN-003"sv, "RTA-ROT-001"sv, "RTA-ROT-002"sv};
constexpr std::array kCore11{"RTA-CONN-001"sv, "RTA-CONN-004"sv};
constexpr std::array kCore12{"RTA-AUD-001"sv, "RTA-AUD-002"sv, "RTA-AUD-003"sv, "RTA-AUD-004"sv,
                             "RTA-AUD-007"sv};
constexpr std::array kCoreS{"RTA-AUTH-001"sv, "RTA-AUTH-002"sv, "RTA-AUTH-003"sv};

constexpr std::array kAttest4{"expiry-monitoring"sv};
constexpr std::array kAttest10{"rotation"sv};
constexpr std::array kAttest11{"tls-monitoring"sv};
constexpr std::array kAttest12{"audit-logging"sv, "audit-review"sv};

constexpr std::array<ChecklistItem, 13> kItems{{
    {1, "TLS 1.2 or higher enabled", "164.312(e)(1), 164.312(e)(2)(ii)", kCore1, {}},
    {2, "Strong cipher suites configured", "164.312(e)(2)(ii), 164.312(a)(2)(iv)", kCore2, {}},
    {3, "Certificates from trusted CA (production)", "164.312(d), 164.312(e)(1)", kCore3, {}},
    {4, "Certificate expiration monitoring in place", "164.308(a)(1)(ii)(D), 164.308(a)(7)", kCore4,
     kAttest4},
    {5, "Backend TLS enabled and tested", "164.312(e)(1)", kCore5, {}},
    {6, "Worker TLS enabled and tested", "164.312(e)(1)", kCore6, {}},
    {7, "Connection verification enabled (production)", "164.312(d), 164.312(e)(2)(i)", kCore7, {}},
    {8, "Private keys secured (chmod 600)", "164.312(a)(1), 164.310", kCore8, {}},
    {9,
     "Certificates excluded from version control",
     "164.312(a)(1), 164.308(a)(5)(ii)(D)",
     kCore9,
     {}},
    {10, "Regular certificate rotation scheduled", "164.308(a)(1)(ii)(B)", kCore10, kAttest10},
    {11, "TLS connection monitoring active", "164.308(a)(1)(ii)(D), 164.312(b)", kCore11,
     kAttest11},
    {12, "Audit logs enabled for Redis access", "164.312(b), 164.308(a)(5)(ii)(C)", kCore12,
     kAttest12},
    {13, "Supporting safeguards", "164.308(a)(4), 164.312(a), 164.312(d)", kCoreS, {}},
}};

}  // namespace

std::span<const ChecklistItem> checklist_items() { return kItems; }

}  // namespace rta
