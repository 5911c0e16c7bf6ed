// Settings is one command line together with its configuration file, checked.
#pragma once

#include <redis_tls_audit/finding.h>

#include <optional>
#include <string>
#include <vector>

#include "collect/settings.h"

namespace rta {

enum class OutputFormat { text, json, html, attestations };

struct OutputRequest {
  OutputFormat format = OutputFormat::text;
  std::string path;  // empty = standard output
};

enum class ColourChoice { automatic, always, never };

struct Settings {
  ScanSettings scan;
  std::string profile = "hipaa";       // name, or path of a TOML file
  std::vector<OutputRequest> outputs;  // empty = text to standard output
  Severity fail_on = Severity::high;
  bool soft_fail = false;
  ColourChoice colour = ColourChoice::automatic;
  std::vector<std::string> truthy;  // further words that the services take as true
};

}  // namespace rta
