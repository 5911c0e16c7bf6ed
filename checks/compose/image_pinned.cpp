#include <redis_tls_audit/check.h>

#include "base/text.h"
#include "checks/common/compose.h"
#include "checks/live/version_table.h"

namespace rta::checks {
namespace {

constexpr std::array kControls{"hipaa.308.a.1.ii.B"sv, "nist.CM-2"sv, "nist.SA-22"sv,
                               "nist.SI-7"sv,          "pci.6.3.3"sv, "pci.2.2.1"sv};

struct ImageName {
  std::string product;  // "Redis", "Valkey"; empty for others
  std::string tag;
  bool has_digest = false;
  std::vector<int> numbers;  // 7, 2, 4 of "7.2.4-alpine"
};

ImageName parse_image(std::string_view image) {
  ImageName name;
  const std::size_t at = image.find('@');
  name.has_digest = at != std::string_view::npos && image.substr(at).starts_with("@sha256:");
  image = image.substr(0, at);
  const std::size_t slash = image.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? image : image.substr(slash + 1);
  const std::size_t colon = last.find(':');
  name.tag = colon == std::string_view::npos ? "latest" : std::string{last.substr(colon + 1)};
  const std::string_view repository = last.substr(0, colon);
  if (repository == "redis") name.product = "Redis";
  if (repository == "valkey") name.product = "Valkey";
  const std::string version = name.tag.substr(0, name.tag.find('-'));
  for (const std::string_view part : split(version, '.')) {
    if (part.empty() || part.size() > 4 ||
        part.find_first_not_of("0123456789") != std::string_view::npos)
      break;
    name.numbers.push_back(std::stoi(std::string{part}));
  }
  return name;
}

struct Support {
  enum class State { alive, ended, not_known };
  State state = State::not_known;
  std::string end;  // of life of the release line
};

// Of the release line that the tag names.
Support support_of(const ImageName& image, Timestamp as_of) {
  if (image.numbers.empty() || image.product.empty()) return {};
  bool any_line = false, any_alive = false;
  std::string last;
  for (const ReleaseLine& line : kReleaseLines) {
    const bool minor_matches = image.numbers.size() < 2 || line.minor == image.numbers[1];
    if (line.product != image.product || line.major != image.numbers[0] || !minor_matches) continue;
    any_line = true;
    const auto end =
        line.end_of_life.empty() ? std::nullopt : parse_timestamp(std::string{line.end_of_life});
    if (end && *end < as_of)
      last = line.end_of_life;
    else
      any_alive = true;
  }
  if (image.product == "Redis" && image.numbers[0] < 5) return {Support::State::ended, "years ago"};
  if (any_alive) return {Support::State::alive, {}};
  return any_line ? Support{Support::State::ended, last} : Support{};
}

std::vector<std::string> soft_spots(const ComposeService& service, const ImageName& image) {
  std::vector<std::string> spots;
  if (!image.has_digest && image.numbers.size() < 3)
    spots.push_back(
        fmt::format("tag {} floats: tomorrow's image is another one", printable(image.tag, 60)));
  if (service.user == "root" || service.user == "0" || service.user.starts_with("0:"))
    spots.emplace_back("user root");
  if (service.privileged) spots.emplace_back("privileged");
  if (!service.read_only_root) spots.emplace_back("read_only is not set");
  if (!service.no_new_privileges) spots.emplace_back("no-new-privileges is not set");
  return spots;
}

void judge_service(const Evidence& evidence, const ComposeProject& project,
                   const ComposeService& service, Findings& findings) {
  const Subject subject = service_subject(project, service);
  const Provenance from = compose_provenance(service.location, "image");
  if (service.image.empty()) {
    findings
        .unknown(subject,
                 "the image is built from " + printable(service.build_context, 100) +
                     " and has no version here",
                 GapReason::unsupported)
        .from(from);
    return;
  }
  const ImageName image = parse_image(service.image);
  const std::string right = "a full version with digest, read_only and no-new-privileges";
  const Support support = support_of(image, evidence.as_of);
  if (support.state == Support::State::ended) {
    findings
        .fail(subject, fmt::format("{} is of a release line that ended {}",
                                   printable(service.image, 120), support.end))
        .expected(right)
        .observed(service.image)
        .from(from);
    return;
  }
  const std::vector<std::string> spots = soft_spots(service, image);
  if (spots.empty() && support.state == Support::State::not_known)
    findings
        .unknown(subject,
                 fmt::format("{} is pinned and hardened; whether its release line is still "
                             "supported is not known",
                             printable(service.image, 120)),
                 GapReason::unsupported)
        .expected(right)
        .from(from);
  else if (spots.empty())
    findings.pass(subject, printable(service.image, 120) + " is pinned, supported and hardened")
        .expected(right)
        .from(from);
  else
    findings.warn(subject, fmt::format("{}: {}", printable(service.image, 120), join(spots, ", ")))
        .expected(right)
        .observed(join(spots, ", "))
        .from(from);
}

void evaluate(const Evidence& evidence, const Policy&, Findings& findings) {
  const ComposeProject* project = compose_or_say(evidence, findings);
  if (project == nullptr) return;
  for (const ComposeService* service : redis_services_or_say(*project, findings))
    judge_service(evidence, *project, *service, findings);
}

}  // namespace

extern const Check compose_image_pinned;
constexpr Check compose_image_pinned{
    .info = {.code = "RTA-DOCK-006",
             .title = "The Redis image is pinned, supported and hardened",
             .core = {},
             .supports = {13},
             .severity = Severity::medium,
             .statuses = {Status::pass, Status::warn, Status::fail, Status::unknown,
                          Status::not_applicable},
             .needs = {Need::project_files},
             .controls = kControls,
             .remediation = "image: redis:8.2.10-alpine@sha256:...\nread_only: true\nsecurity_opt: "
                            "[no-new-privileges:true]"},
    .evaluate = evaluate,
};

}  // namespace rta::checks
