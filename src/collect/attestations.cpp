#include "collect/attestations.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <toml++/toml.h>

#include "base/text.h"
#include "base/text_file.h"

namespace rta {
namespace {

constexpr std::chrono::days kLongest{365};
constexpr std::chrono::days kLongestReview{90};

struct Place {
  const std::string& path;
  Error error(std::string what, const toml::node& node, std::string remedy = {}) const {
    const auto& begin = node.source().begin;
    return {std::move(what), fmt::format("{}:{}:{}", path, begin.line, begin.column),
            std::move(remedy)};
  }
};

// As the file to fill in has it: "<name>".
bool is_placeholder(std::string_view text) {
  const std::string_view words = trim(text);
  return words.size() > 2 && words.starts_with('<') && words.ends_with('>');
}

Error placeholder_error(std::string_view text, const toml::node& node, const Place& place) {
  return place.error(fmt::format("{} is still to be filled in", printable(trim(text), 60)), node,
                     "write what is so, or remove the entry");
}

std::optional<std::string> text_in(const toml::node& node) {
  return node.is_string() ? node.value<std::string>() : std::nullopt;
}

Result<std::string> text_of(const toml::table& entry, std::string_view key, const Place& place) {
  const toml::node* node = entry.get(key);
  if (node == nullptr)
    return place.error(fmt::format("this attestation has no \"{}\"", key), entry);
  const auto text = text_in(*node);
  if (!text || trim(*text).empty())
    return place.error(fmt::format("{}: expected a text", key), *node);
  if (is_placeholder(*text)) return placeholder_error(*text, *node, place);
  return printable(*text, 2000);
}

Result<std::vector<std::string>> texts_of(const toml::table& entry, std::string_view key,
                                          const Place& place) {
  std::vector<std::string> texts;
  const toml::node* node = entry.get(key);
  if (node == nullptr) return texts;
  const toml::array* list = node->as_array();
  if (list == nullptr) return place.error(fmt::format("{}: expected a list of texts", key), *node);
  for (const toml::node& element : *list) {
    const auto text = text_in(element);
    if (!text) return place.error(fmt::format("{}: expected a list of texts", key), element);
    if (is_placeholder(*text)) return placeholder_error(*text, element, place);
    texts.push_back(printable(*text, 400));
  }
  return texts;
}

// A date alone means its first second as `date` and its last one as `expires`.
Result<Timestamp> instant_of(const toml::table& entry, std::string_view key, bool end_of_day,
                             const Place& place) {
  const auto text = text_of(entry, key, place);
  if (!text) return Error{text.error()};
  const auto instant = parse_timestamp(*text);
  if (!instant)
    return place.error(fmt::format("{}: \"{}\" is not a date", key, *text), *entry.get(key),
                       "write 2026-11-23");
  const bool is_date = text->size() == 10;
  return is_date && end_of_day ? *instant + std::chrono::seconds{86'399} : *instant;
}

Result<void> check_kind(const Attestation& attestation, const toml::table& entry,
                        const Place& place) {
  if (std::ranges::count(attestation_kinds(), attestation.kind) > 0) return {};
  const auto close = did_you_mean(attestation.kind, attestation_kinds());
  return place.error(fmt::format("kind \"{}\" is not known", attestation.kind), *entry.get("kind"),
                     close ? fmt::format("did you mean \"{}\"?", *close)
                           : "kinds: " + join(attestation_kinds(), ", "));
}

Result<void> check_lifetime(const Attestation& attestation, const toml::table& entry,
                            const Place& place) {
  const auto longest = attestation.kind == "audit-review" ? kLongestReview : kLongest;
  if (attestation.expires < attestation.date)
    return place.error("it expires before its date", *entry.get("expires"));
  if (attestation.expires - attestation.date >= longest + std::chrono::days{1})
    return place.error(fmt::format("an attestation of {} holds for at most {} days",
                                   attestation.kind, longest.count()),
                       *entry.get("expires"), "renew it when it ends");
  return {};
}

Result<void> take_details(const toml::table& entry, Attestation& attestation, const Place& place) {
  const toml::node* node = entry.get("details");
  if (node == nullptr) return {};
  const toml::table* table = node->as_table();
  if (table == nullptr) return place.error("details: expected a table of texts", *node);
  for (const auto& [key, value] : *table) {
    const auto text = text_in(value);
    if (!text) return place.error("details: expected a text", value);
    if (is_placeholder(*text)) return placeholder_error(*text, value, place);
    attestation.details[printable(key.str(), 80)] = printable(*text, 400);
  }
  return {};
}

Result<void> only_known_keys(const toml::table& entry, const Place& place) {
  static const std::vector<std::string> known{"kind", "targets", "statement", "by",     "role",
                                              "date", "expires", "evidence",  "details"};
  for (const auto& [key, value] : entry) {
    if (std::ranges::count(known, key.str()) > 0) continue;
    const auto close = did_you_mean(key.str(), known);
    return place.error(fmt::format("unknown key \"{}\"", printable(key.str(), 60)), value,
                       close ? fmt::format("did you mean \"{}\"?", *close) : "");
  }
  return {};
}

Result<Attestation> read_attestation(const toml::table& entry, const Place& place) {
  if (auto known = only_known_keys(entry, place); !known) return std::move(known).error();
  Attestation attestation;
  attestation.location = {place.path, static_cast<int>(entry.source().begin.line),
                          static_cast<int>(entry.source().begin.column)};
  for (const auto& [key, out] :
       {std::pair{"kind", &attestation.kind}, std::pair{"statement", &attestation.statement},
        std::pair{"by", &attestation.by}, std::pair{"role", &attestation.role}}) {
    auto text = text_of(entry, key, place);
    if (!text) return std::move(text).error();
    *out = std::move(*text);
  }
  auto targets = texts_of(entry, "targets", place);
  auto evidence = texts_of(entry, "evidence", place);
  if (!targets) return std::move(targets).error();
  if (!evidence) return std::move(evidence).error();
  if (targets->empty())
    return place.error("this attestation names no targets", entry,
                       "write targets = [\"*\"] for all");
  attestation.targets = std::move(*targets);
  attestation.evidence = std::move(*evidence);
  const auto date = instant_of(entry, "date", false, place);
  const auto expires = instant_of(entry, "expires", true, place);
  if (!date) return Error{date.error()};
  if (!expires) return Error{expires.error()};
  attestation.date = *date;
  attestation.expires = *expires;
  if (auto done = check_kind(attestation, entry, place); !done) return std::move(done).error();
  if (auto done = check_lifetime(attestation, entry, place); !done) return std::move(done).error();
  if (auto done = take_details(entry, attestation, place); !done) return std::move(done).error();
  return attestation;
}

}  // namespace

const std::vector<std::string>& attestation_kinds() {
  static const std::vector<std::string> kinds{
      "trusted-ca", "expiry-monitoring", "backend-tested", "worker-tested", "volume-encryption",
      "rotation",   "secret-rotation",   "tls-monitoring",    "audit-logging",  "audit-review",  "baa",
      "fips-module", "pooled-service-accounts"};
  return kinds;
}

Result<std::vector<Attestation>> parse_attestations(std::string_view toml,
                                                    const std::string& path) {
  const Place place{path};
  try {
    const toml::table root = toml::parse(toml, path);
    std::vector<Attestation> attestations;
    for (const auto& [key, node] : root) {
      const toml::array* list = node.as_array();
      if (key.str() != "attestation" || list == nullptr)
        return place.error(fmt::format("unknown key \"{}\"", printable(key.str(), 60)), node,
                           "write each statement as [[attestation]]");
      for (const toml::node& element : *list) {
        const toml::table* entry = element.as_table();
        if (entry == nullptr) return place.error("expected [[attestation]]", element);
        auto attestation = read_attestation(*entry, place);
        if (!attestation) return std::move(attestation).error();
        attestations.push_back(std::move(*attestation));
      }
    }
    return attestations;
  } catch (const toml::parse_error& problem) {
    return Error{
        printable(problem.description()),
        fmt::format("{}:{}:{}", path, problem.source().begin.line, problem.source().begin.column),
        ""};
  }
}

Result<std::vector<Attestation>> load_attestations(const std::string& path) {
  const Result<std::string> content = read_text_file(path);
  if (!content) return Error{content.error()}.while_doing("attestations");
  return parse_attestations(*content, path);
}

}  // namespace rta
