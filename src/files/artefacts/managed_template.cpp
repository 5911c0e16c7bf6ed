// Managed Redis in CloudFormation templates, in YAML and in JSON. What a
// parameter or a condition decides is told, not guessed.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/artefacts/artefact_node.h"
#include "files/artefacts/artefact_text.h"
#include "files/artefacts/managed_services.h"

namespace rta::files {
namespace {

constexpr std::size_t kMostResources = 2'000;

// The properties of one resource, judged into the problems of its artefact.
class Properties {
 public:
  Properties(const YAML::Node& node, std::vector<std::string>& problems)
      : node_(node), problems_(problems) {}

  [[nodiscard]] bool has(const char* name) const { return child(node_, name).IsDefined(); }
  // Empty where a function of the template gives the value.
  [[nodiscard]] std::string literal(const char* name) const {
    const YAML::Node value = child(node_, name);
    return is_computed(value) ? "" : scalar(value);
  }
  [[nodiscard]] bool is_false(const char* name) const {
    return lower_ascii(literal(name)) == "false";
  }

  void must_be_true(const char* name, std::string_view level) {
    const YAML::Node value = child(node_, name);
    if (!value.IsDefined())
      add(fmt::format("{}: {} is missing", level, name));
    else if (is_computed(value))
      add(fmt::format("warn: {} comes from a function of the template, which was not worked out",
                      name));
    else if (lower_ascii(scalar(value)) != "true")
      add(fmt::format("{}: {} is {}", level, name, printable(scalar(value), 40)));
  }
  void say(bool defect, std::string problem) {
    if (defect) add(std::move(problem));
  }

 private:
  // !Ref X, {"Ref": "X"}, "{{resolve:...}}".
  static bool is_computed(const YAML::Node& value) {
    if (!value.IsDefined()) return false;
    const std::string& tag = value.Tag();
    const bool tagged = tag.size() > 1 && tag.starts_with('!');
    return tagged || !value.IsScalar() || value.Scalar().starts_with("{{resolve:");
  }
  void add(std::string problem) { problems_.push_back(std::move(problem)); }

  YAML::Node node_;
  std::vector<std::string>& problems_;
};

void judge_group(Properties& properties) {
  properties.must_be_true("TransitEncryptionEnabled", "fail");
  properties.say(properties.literal("TransitEncryptionMode") == "preferred",
                 "fail: TransitEncryptionMode is preferred, which lets plaintext in");
  properties.must_be_true("AtRestEncryptionEnabled", "warn");
  properties.say(!properties.has("AuthToken") && !properties.has("UserGroupIds"),
                 "warn: neither AuthToken nor UserGroupIds is set");
  properties.say(properties.is_false("AutoMinorVersionUpgrade"),
                 "warn: AutoMinorVersionUpgrade is false");
  properties.say(!properties.has("LogDeliveryConfigurations"),
                 "warn: no LogDeliveryConfigurations");
}

// False: no managed Redis.
bool judge(std::string_view type, Properties& properties) {
  if (type == "AWS::ElastiCache::ReplicationGroup") {
    judge_group(properties);
  } else if (type == "AWS::ElastiCache::CacheCluster") {
    if (properties.literal("Engine") == "memcached") return false;
    properties.must_be_true("TransitEncryptionEnabled", "fail");
  } else if (type == "AWS::ElastiCache::ServerlessCache") {  // always speaks TLS
    if (properties.literal("Engine") == "memcached") return false;
    properties.say(!properties.has("UserGroupId"), "warn: UserGroupId is not set");
  } else if (type == "AWS::MemoryDB::Cluster") {  // speaks TLS unless told not to
    properties.say(properties.is_false("TLSEnabled"), "fail: TLSEnabled is false");
    properties.say(properties.literal("ACLName") == "open-access",
                   "warn: ACLName open-access lets everybody in");
  } else {
    return false;
  }
  return true;
}

void read_token(std::vector<Artefact>& found, const YAML::Node& properties,
                const std::string& path) {
  std::vector<std::string> unused;
  const std::string token = Properties{properties, unused}.literal("AuthToken");
  if (token.empty() || token.starts_with('$')) return;
  Artefact artefact = artefact_at(path, place(path, child(properties, "AuthToken")).line,
                                  ArtefactKind::cloudformation, Purpose::literal_secret,
                                  "AuthToken is written out");
  if (looks_like_placeholder_secret(token))
    artefact.problems.emplace_back("it is a placeholder from documentation");
  found.push_back(std::move(artefact));
}

void read_resources(std::vector<Artefact>& found, const YAML::Node& resources,
                    const std::string& path) {
  if (!resources.IsDefined() || !resources.IsMap()) return;
  std::size_t count = 0;
  for (const auto& pair : resources) {
    if (++count > kMostResources) return;
    const std::string type = scalar(child(pair.second, "Type"));
    const YAML::Node properties = child(pair.second, "Properties");
    Artefact artefact = artefact_at(path, place(path, pair.first).line,
                                    ArtefactKind::cloudformation, Purpose::managed_service,
                                    printable(fmt::format("{} {}", type, scalar(pair.first)), 120));
    Properties judged{properties, artefact.problems};
    if (!judge(type, judged)) continue;
    found.push_back(std::move(artefact));
    read_token(found, properties, path);
  }
}

}  // namespace

std::vector<Artefact> read_cloudformation(std::string_view content, const std::string& path) {
  std::vector<Artefact> found;
  if (!has(content, "AWS::ElastiCache::") && !has(content, "AWS::MemoryDB::")) return found;
  for (const YAML::Node& document : documents_of(content)) {
    read_resources(found, child(document, "Resources"), path);
    // serverless.yml holds a template inside.
    read_resources(found, child(child(document, "resources"), "Resources"), path);
  }
  return found;
}

}  // namespace rta::files
