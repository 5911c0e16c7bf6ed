// What a checkout rightly does not hold: files that its own `.gitignore` keeps
// out of it, and files of the host that the project will run on. In a pull
// request their absence says nothing about the deployment.
#pragma once

#include <redis_tls_audit/observation.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/file_system.h"
#include "files/compose/compose_images.h"
#include "files/git/gitignore.h"

namespace rta {

class Checkout {
 public:
  explicit Checkout(const ProjectFiles& files);

  // The rule that keeps a missing file of the project out: ".gitignore:3: certs/".
  // Only rules that travel with the project count.
  std::optional<std::string> rule_for(const std::string& path, bool is_folder = false);
  // The gap as it is told where it comes from what a checkout does not hold;
  // absent where something else is the reason.
  std::optional<Gap> explain(const std::string& path, const Gap& gap);

 private:
  const ProjectFiles& files_;
  files::GitIgnore rules_;
};

}  // namespace rta
