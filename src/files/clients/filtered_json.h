// parse_filtered_json() reads a JSON document of any size and keeps only the
// members that somebody wants: a lock file of many megabytes costs little.
// Pure; any thread. Includes json.hpp: for .cpp files that read JSON.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>

namespace rta::files {

// Asked for each member's key; 1 = of the outermost object.
using WantsMember = std::function<bool(int depth, std::string_view key)>;

// An empty object for what is no JSON, no object, or nested too deeply.
inline nlohmann::json parse_filtered_json(std::string_view text, const WantsMember& wants) {
  using nlohmann::json;
  constexpr int kDeepest = 64;
  // nlohmann/json parses nested arrays without recursion, so depth costs time
  // and no stack; what is deeper than any lock file is left out.
  const auto filter = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > kDeepest) return false;
    return event != json::parse_event_t::key || wants(depth, value.get_ref<const std::string&>());
  };
  json document = json::parse(text, filter, false);
  return document.is_object() ? document : json::object();
}

}  // namespace rta::files
