// What a rehearsal does with each directive of redis.conf, as data. Pure.
#pragma once

#include <span>
#include <string_view>

namespace rta::rehearse {

enum class Treatment {
  applied,   // taken over as it is: it shapes handshakes, sessions or users
  mirrored,  // the private server has its own, which shows the same: ports, users, certificates
  staged,    // the private server has its own, which shows nothing: files, limits
  refused,   // it would run code, reach outside, or need other servers
  idle,      // beside the point: it changes nothing that is audited
};

struct DirectiveTreatment {
  std::string_view name;
  Treatment treatment = Treatment::idle;
  std::string_view why;  // of a refusal: "it would run code of the project"
};

// The directives that are not idle.
std::span<const DirectiveTreatment> directive_treatments();

const DirectiveTreatment* treatment_of(std::string_view directive);

// Commands that no client of a rehearsed server may send: they run code, reach
// other hosts, write files or end it.
std::span<const std::string_view> removed_commands();

}  // namespace rta::rehearse
