// YamlSource looks at the text of a YAML file where the library is more
// forgiving than the one of docker compose: quotes that never close, keys
// without a colon, directives of another version. Pure; any thread.
#pragma once

#include <redis_tls_audit/observation.h>

#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace rta {

class YamlSource {
 public:
  // `text` outlives the source.
  explicit YamlSource(std::string_view text);

  // Why compose's library refuses the text as a whole; nothing: it does not.
  [[nodiscard]] std::optional<std::pair<int, std::string_view>> refused_directive() const;

  // Places count from 0, as the library's marks do. True where the text cannot
  // be looked at that way, as in UTF-16.
  [[nodiscard]] bool quote_closes(int line, int column);
  [[nodiscard]] bool key_has_colon(int line, int column) const;
  // A scalar behind "|" or ">".
  [[nodiscard]] bool is_block(int line, int column) const;
  // A lone "!" with nothing behind it, which is null.
  [[nodiscard]] bool is_bare_tag(int line, int column) const;

 private:
  [[nodiscard]] std::string_view from(int line, int column) const;
  [[nodiscard]] static std::string_view without_properties(std::string_view text);
  [[nodiscard]] static std::size_t quote_end(std::string_view text);

  std::string_view text_;
  bool is_plain_ = true;
  std::vector<std::size_t> lines_;
  std::set<std::pair<int, int>> closed_;  // quotes that were looked at before
};

}  // namespace rta
