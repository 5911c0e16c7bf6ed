// Applications that configure Redis in Spring Boot's application.yml or
// application.properties. Read once; one thread.
#pragma once

#include <redis_tls_audit/evidence.h>

#include <string>
#include <vector>

#include "base/file_system.h"
#include "files/clients/spring_settings.h"

namespace rta {

struct SpringApplication {
  std::string module;  // its folder: "backend" of backend/src/main/resources/application.yml
  // In the order in which a later file beats an earlier one: those for every
  // profile, then those of one.
  std::vector<std::string> files;
};

class SpringApplications {
 public:
  SpringApplications(const ProjectFiles& files, Scope& scope);

  [[nodiscard]] const std::vector<SpringApplication>& all() const { return all_; }
  // The one whose module is that folder; null.
  [[nodiscard]] const SpringApplication* in(const std::string& folder) const;
  // What its files say where `environment` does not, under the profiles that
  // are active; files that Spring would refuse are noted in the scope. Where
  // the environment is whole, nothing else is set.
  files::SpringSettings settings(const SpringApplication& application,
                                 const std::vector<files::ReceivedVariable>& environment,
                                 bool is_whole) const;

 private:
  void read(const std::string& path, const files::SpringRun& run, files::SpringSettings& all) const;

  const ProjectFiles& files_;
  Scope& scope_;
  std::vector<SpringApplication> all_;
};

}  // namespace rta
