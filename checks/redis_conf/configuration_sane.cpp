#include <redis_tls_audit/check.h>

#include <fmt/format.h>

#include "base/text.h"
#include "checks/common/settings.h"
#include "files/redis_conf/refusal_remedy.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.8"sv, "nist.CM-2"sv, "nist.CM-3"sv,
                               "nist.CM-6"sv,     "pci.2.2.1"sv, "pci.6.5.1"sv};

Provenance from(const RedisConfiguration& conf, const SourceLocation& at) {
  return {"redis_conf", "", at.path.empty() ? place_of_setting(conf, "") : at, "redis.conf",
          Grade::declared};
}

void judge_configuration(const RedisConfiguration& conf, Findings& findings) {
  const Subject subject =
      conf.service.empty() ? Subject::file(conf.source) : Subject::service(conf.source);
  if (conf.refused) {
    findings
        .fail(subject,
              "redis-server refuses to start with this configuration: " + refusal_in_words(conf))
        .expected("a server that starts")
        .observed(*conf.refused)
        .remediation(refusal_remedy(conf))
        .from(from(conf, conf.refused_at));
    return;
  }
  for (const std::string& duplicate : conf.duplicates)
    findings.warn(subject, "set twice with different values, and the last one wins: " + duplicate)
        .expected("one line for each directive")
        .observed(duplicate)
        .remediation(fmt::format("keep one line for {}, with the value that is meant",
                                 duplicate.substr(0, duplicate.find(':'))))
        .variant(duplicate.substr(0, duplicate.find(':')))
        .from(from(conf, {}));
  for (const std::string& unknown : conf.unknown_directives)
    findings.warn(subject, unknown + " is refused by releases that do not know it yet")
        .expected("directives of the release that runs")
        .observed(unknown)
        .remediation(fmt::format("run a release that knows {}, or take the line out",
                                 unknown.substr(0, unknown.find(' '))))
        .variant(unknown.substr(0, unknown.find(' ')))
        .from(from(conf, {}));
  for (const Gap& gap : conf.gaps)
    findings.unknown(subject, gap).variant(gap.detail).from(from(conf, {}));
  if (!conf.duplicates.empty() || !conf.unknown_directives.empty() || !conf.gaps.empty()) return;
  findings
      .pass(subject, "redis-server loads it, and no directive that decides security stands twice")
      .from(from(conf, {}));
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  for (const RedisConfiguration& conf : evidence.redis_configurations)
    judge_configuration(conf, findings);
  if (findings.empty())
    findings.unknown(Subject::deployment(), "no configuration of Redis was seen in the project",
                     GapReason::not_found);
}

}  // namespace

extern const Check redis_conf_configuration_sane;
constexpr Check redis_conf_configuration_sane{
    .info = {.code = "RTA-CONF-007",
             .title = "The configuration loads and says one thing only",
             .core = {},
             .supports = {1},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "redis-server /path/to/redis.conf --port 0 --unixsocket "
                            "/tmp/check.sock   # must reach \"Ready to accept connections\""},
    .evaluate = evaluate,
};

}  // namespace rta::checks
