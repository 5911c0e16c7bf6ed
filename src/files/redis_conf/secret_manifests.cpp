#include "files/redis_conf/secret_manifests.h"

#include <redis_tls_audit/bytes.h>

#include <algorithm>

#include "base/text.h"
#include "base/wipe.h"
#include "files/redis_conf/secret_values.h"

namespace rta::files {
namespace {

constexpr std::size_t kLongestValue = 16384;  // base64 that is looked into

struct Line {
  std::string_view text;  // without blanks around it
  int number = 0;
  int column = 0;
};

std::string_view unquoted(std::string_view text) { return value_at(text).text; }

// `key: value` of a line; the value may be empty.
struct Entry {
  std::string_view key;
  SecretValue value;
};
std::optional<Entry> entry_of(std::string_view line) {
  const std::size_t colon = line.find(": ");
  const std::size_t at =
      colon == std::string_view::npos && line.ends_with(':') ? line.size() - 1 : colon;
  if (at == std::string_view::npos || line.starts_with('#')) return std::nullopt;
  return Entry{unquoted(line.substr(0, at)), value_at(line.substr(at + 1))};
}

// The first credential that a file inside the Secret holds.
std::optional<FoundMaterial> secret_in_text(std::string_view text, SecretInLine secret_in) {
  for (const std::string_view line : split(text, '\n'))
    if (auto found = secret_in(trim(line.substr(0, kLongestLine)))) return found;
  return std::nullopt;
}

std::optional<FoundMaterial> judge(const Entry& entry, bool of_redis, bool base64,
                                   SecretInLine secret_in) {
  const std::string key = lower_ascii(entry.key);
  const bool is_password = (of_redis || names_store(key)) && names_secret(key);
  if (!base64) {
    if (!is_password || !is_literal(entry.value)) return std::nullopt;
    return secret(Material::redis_secret, entry.key, entry.value.text);
  }
  if (entry.value.text.size() > kLongestValue) return std::nullopt;
  std::optional<Bytes> decoded = from_base64(entry.value.text);
  if (!decoded) return std::nullopt;
  const std::string_view inside = as_text(*decoded);
  std::optional<FoundMaterial> found;
  if (is_password && is_literal(trim(inside)))
    found = secret(Material::redis_secret, entry.key, trim(inside));
  else if (!is_password)
    found = secret_in_text(inside, secret_in);
  wipe(*decoded);
  return found;
}

class Manifest {
 public:
  void take(Line line) { lines_.push_back(line); }

  void judge_into(std::vector<FoundMaterial>& all, SecretInLine secret_in) const {
    if (!is_secret_) return;
    bool inside = false, base64 = false;
    for (const Line& line : lines_) {
      if (line.column == 1) {
        inside = line.text == "data:" || line.text == "stringData:";
        base64 = line.text == "data:";
        continue;
      }
      const std::optional<Entry> entry = inside ? entry_of(line.text) : std::nullopt;
      if (!entry) continue;
      std::optional<FoundMaterial> found = judge(*entry, of_redis_, base64, secret_in);
      if (!found) continue;
      found->line = line.number;
      found->column = line.column;
      found->bare = false;
      all.push_back(*std::move(found));
    }
  }

  // What kind of object it is, and whether it is Redis's by name.
  void learn() {
    bool metadata = false;
    for (const Line& line : lines_) {
      const std::optional<Entry> entry = entry_of(line.text);
      if (!entry) continue;
      if (line.column == 1) metadata = entry->key == "metadata";
      if (line.column == 1 && entry->key == "kind") is_secret_ = entry->value.text == "Secret";
      if (metadata && line.text.find("name:") != std::string_view::npos)
        of_redis_ = of_redis_ || names_store(lower_ascii(line.text));
    }
  }

 private:
  std::vector<Line> lines_;
  bool is_secret_ = false, of_redis_ = false;
};

}  // namespace

std::vector<FoundMaterial> secrets_of_manifests(std::string_view text, SecretInLine secret_in) {
  std::vector<FoundMaterial> all;
  if (text.find("kind: Secret") == std::string_view::npos) return all;
  Manifest manifest;
  const auto finish = [&] {
    manifest.learn();
    manifest.judge_into(all, secret_in);
    manifest = {};
  };
  int number = 0;
  for (const std::string_view whole : split(text, '\n')) {
    ++number;
    if (whole.starts_with("---")) {
      finish();
      continue;
    }
    const std::string_view line = trim(whole);
    if (!line.empty())
      manifest.take({line, number, static_cast<int>(line.data() - whole.data()) + 1});
  }
  finish();
  return all;
}

}  // namespace rta::files
