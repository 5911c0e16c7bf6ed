#include "files/compose/compose_casts.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/text.h"

namespace rta {
namespace {

constexpr std::array kBooleans{"services.*.privileged",
                               "services.*.read_only",
                               "services.*.healthcheck.disable",
                               "services.*.oom_kill_disable",
                               "services.*.stdin_open",
                               "services.*.tty",
                               "services.*.volumes.[].read_only",
                               "services.*.volumes.[].volume.nocopy",
                               "networks.*.external",
                               "networks.*.internal",
                               "networks.*.attachable",
                               "networks.*.enable_ipv6",
                               "volumes.*.external",
                               "secrets.*.external",
                               "configs.*.external"};

constexpr std::array kIntegers{"services.*.ports.[].target",     "services.*.scale",
                               "services.*.secrets.[].mode",     "services.*.configs.[].mode",
                               "services.*.healthcheck.retries", "services.*.deploy.replicas",
                               "services.*.ulimits.*",           "services.*.ulimits.*.hard",
                               "services.*.ulimits.*.soft",      "services.*.oom_score_adj",
                               "services.*.pids_limit",          "services.*.cpu_count",
                               "services.*.cpu_shares"};

std::optional<std::string_view> boolean(std::string_view text) {
  const std::string lower = lower_ascii(text);
  for (const std::string_view word : {"true", "y", "yes", "on"})
    if (lower == word) return "true";
  for (const std::string_view word : {"false", "n", "no", "off"})
    if (lower == word) return "false";
  return std::nullopt;
}

std::optional<std::string> integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return fmt::format("{}", value);
}

Result<void> settle(const TreePath& path, YamlNode& scalar, std::optional<std::string> value,
                    std::string_view kind) {
  if (!value)
    return Error{fmt::format("error while interpolating {}: failed to cast to expected type: "
                             "invalid {}",
                             path.text(), kind),
                 scalar.location.text(), ""};
  scalar.text = std::move(*value);
  scalar.plain = true;
  return {};
}

}  // namespace

Result<void> cast_compose_text(const TreePath& path, YamlNode& scalar) {
  if (type_scalar(scalar).kind != YamlValue::Kind::string) return {};
  const auto is_at = [&path](const char* pattern) { return path.matches(pattern); };
  if (std::ranges::any_of(kBooleans, is_at)) {
    const auto value = boolean(scalar.text);
    return settle(path, scalar, value ? std::optional<std::string>{*value} : std::nullopt,
                  "boolean");
  }
  if (std::ranges::any_of(kIntegers, is_at))
    return settle(path, scalar, integer(scalar.text), "number");
  return {};
}

}  // namespace rta
