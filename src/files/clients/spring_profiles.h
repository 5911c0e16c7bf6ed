// Which profiles of Spring Boot are active, and what an expression over them
// says (Spring Framework, "Profile expressions": ! & | and parentheses; a
// comma is "or"). Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

class SpringProfiles {
 public:
  // Where nothing names them: prod, production, live and the like.
  SpringProfiles() = default;
  // "prod,eu" of spring.profiles.active; an empty list is the default.
  explicit SpringProfiles(std::string_view active);

  [[nodiscard]] bool is_active(std::string_view name) const;
  [[nodiscard]] bool holds(std::string_view expression) const;

 private:
  std::vector<std::string> named_;
};

}  // namespace rta::files
