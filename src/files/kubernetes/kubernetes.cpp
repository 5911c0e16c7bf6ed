#include "files/kubernetes/kubernetes.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "files/compose/yaml_tree.h"
#include "files/kubernetes/kubernetes_objects.h"
#include "files/kubernetes/kubernetes_patches.h"

namespace rta::files {
namespace {

constexpr std::size_t kContainers = 300;
constexpr std::size_t kBudget = 8UL * limits::kTextFile;
constexpr std::size_t kLongestValue = 128UL * 1024;  // as execve() takes them

using Volumes = std::map<std::string, const YamlNode*>;  // of a pod, by name
using Elsewhere = std::function<std::optional<std::string>(const std::string& name)>;

// Reads one container of a pod.
class ContainerReader {
 public:
  // `budget` is how many bytes may still be copied for all containers.
  ContainerReader(const ConfigMaps& maps, const Elsewhere& elsewhere, const YamlNode& pod,
                  const Volumes& volumes, std::size_t& budget)
      : maps_(maps), elsewhere_(elsewhere), pod_(pod), volumes_(volumes), budget_(budget) {}

  ComposeServiceReading read(const YamlNode& container, std::string name) {
    reading_ = {};
    reading_.name = std::move(name);
    reading_.image = text_at(container, "image");
    reading_.location = container.location;
    reading_.user = text_at(pod_, "securityContext", "runAsUser");
    if (const std::string own = text_at(container, "securityContext", "runAsUser"); !own.empty())
      reading_.user = own;
    reading_.privileged = text_at(container, "securityContext", "privileged") == "true";
    reading_.read_only_root =
        text_at(container, "securityContext", "readOnlyRootFilesystem") == "true";
    reading_.no_new_privileges =
        text_at(container, "securityContext", "allowPrivilegeEscalation") == "false";
    for (const YamlNode& source : items_at(container, "envFrom")) take_all(source);
    for (const YamlNode& variable : items_at(container, "env")) take(variable);
    // `command` is the entry point and `args` its command.
    reading_.entrypoint = words_at(container, "command");
    reading_.command = words_at(container, "args");
    for (const YamlNode& mount : items_at(container, "volumeMounts")) take_mount(mount);
    return std::move(reading_);
  }

 private:
  void is_elsewhere(std::string_view kind, const std::string& name) {
    std::string told = fmt::format("{} {}", kind, printable(name, 100));
    if (told_.insert(told).second) reading_.left_out.push_back(std::move(told));
  }

  void take_all(const YamlNode& source) {
    const std::string prefix = text_at(source, "prefix");
    if (const YamlNode* secret = source.find("secretRef"))
      is_elsewhere("Secret", text_at(*secret, "name"));
    const YamlNode* map = source.find("configMapRef");
    if (map == nullptr) return;
    const ConfigMap* known = maps_.find(text_at(*map, "name"));
    if (known == nullptr) return is_elsewhere("ConfigMap", text_at(*map, "name"));
    for (const auto& [key, entry] : known->entries)
      if (entry.content) set(prefix + key, *entry.content, entry.at, true);
  }

  [[nodiscard]] bool spend(std::size_t bytes) {
    if (bytes > budget_) return false;
    budget_ -= bytes;
    return true;
  }

  void set(const std::string& name, std::string value, const SourceLocation& at, bool literal) {
    if (!spend(value.size())) value.clear();
    reading_.environment[name] = {std::move(value), at, literal};
  }

  // What a Secret or a ConfigMap of elsewhere holds is not known; that the
  // variable is set is.
  void set_elsewhere(const std::string& name, std::string_view kind, const std::string& from,
                     const SourceLocation& at) {
    const auto stand_in =
        elsewhere_ && kind == "Secret" ? elsewhere_(name) : std::optional<std::string>{};
    if (!stand_in) is_elsewhere(kind, from);
    set(name, stand_in.value_or(""), at, false);
  }

  void take(const YamlNode& variable) {
    const std::string name = text_at(variable, "name");
    if (name.empty()) return;
    const YamlNode* from = variable.find("valueFrom");
    if (from == nullptr) {
      bool literal = true;
      std::string value = expanded(text_at(variable, "value"), literal);
      return set(name, std::move(value), place_of(variable, "value"), literal);
    }
    if (const YamlNode* secret = from->find("secretKeyRef"))
      return set_elsewhere(name, "Secret", text_at(*secret, "name"), variable.location);
    const YamlNode* key = from->find("configMapKeyRef");
    if (key == nullptr) return;  // of the pod itself: its name, its limits
    const ConfigMap* known = maps_.find(text_at(*key, "name"));
    const auto entry = known == nullptr ? ConfigMap::Entries::const_iterator{}
                                        : known->entries.find(text_at(*key, "key"));
    if (known == nullptr || entry == known->entries.end() || !entry->second.content)
      return set_elsewhere(name, "ConfigMap", text_at(*key, "name"), variable.location);
    set(name, *entry->second.content, entry->second.at, true);
  }

  // $(NAME) of a variable that was set before; "$$(NAME)" stays "$(NAME)".
  [[nodiscard]] std::string expanded(const std::string& text, bool& literal) const {
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < kLongestValue; ++at) {
      if (text.compare(at, 2, "$$") == 0) {
        out += '$';
        ++at;
        continue;
      }
      const std::size_t end = text.compare(at, 2, "$(") == 0 ? text.find(')', at) : text.npos;
      if (end == text.npos) {
        out += text[at];
        continue;
      }
      const auto known = reading_.environment.find(text.substr(at + 2, end - at - 2));
      if (known == reading_.environment.end()) {
        out += text.substr(at, end + 1 - at);
      } else {
        out += known->second.value.value_or("");
        literal = false;
      }
      at = end;
    }
    out.resize(std::min(out.size(), kLongestValue));
    return out;
  }

  std::optional<std::vector<std::string>> words_at(const YamlNode& container,
                                                   std::string_view key) {
    const YamlNode* list = container.find(key);
    if (list == nullptr || !list->is_sequence() || list->items.empty()) return std::nullopt;
    reading_.command_at = list->location;
    std::vector<std::string> words;
    for (const YamlNode& item : list->items)
      words.push_back(expanded(item.text, reading_.command_is_literal));
    return words;
  }

  void take_mount(const YamlNode& mount) {
    const std::string name = text_at(mount, "name");
    const std::string path = text_at(mount, "mountPath");
    if (path.empty()) return;
    if (const auto volume = volumes_.find(name); volume != volumes_.end())
      take_volume(*volume->second, {.target = path,
                                    .sub_path = text_at(mount, "subPath"),
                                    .read_only = text_at(mount, "readOnly") == "true",
                                    .at = mount.location});
  }

  struct Place {
    std::string target, sub_path;
    bool read_only = false;
    SourceLocation at;
    std::optional<std::uint32_t> mode = {};
  };

  void add(std::string_view type, std::string source, const Place& place) {
    ComposeMount mount{.type = std::string{type},
                       .source = std::move(source),
                       .target = place.target,
                       .read_only = place.read_only,
                       .location = place.at};
    mount.mode = place.mode;
    reading_.mounts.push_back(std::move(mount));
  }

  void take_volume(const YamlNode& volume, Place place) {
    if (const YamlNode* path = volume.find("hostPath"))
      return add("bind", text_at(*path, "path"), place);
    for (const YamlNode& source : items_at(volume, "projected", "sources"))
      take_source(source, volume.find("projected"), place);
    if (volume.find("configMap") != nullptr || volume.find("secret") != nullptr)
      return take_source(volume, nullptr, std::move(place));
    if (volume.find("csi") != nullptr) return add("secret", "", place);
    if (volume.find("projected") == nullptr)
      add(volume.find("emptyDir") != nullptr ? "tmpfs" : "volume", "", place);
  }

  void take_source(const YamlNode& source, const YamlNode* projected, Place place) {
    // Files of Secrets and ConfigMaps are read-only however they are mounted.
    place.read_only = true;
    for (const std::string_view kind : {"secret", "configMap"}) {
      const YamlNode* from = source.find(kind);
      if (from == nullptr) continue;
      place.mode = mode_at(projected != nullptr ? *projected : *from, "defaultMode").value_or(0644);
      const bool is_secret = kind == "secret";
      std::string name = text_at(*from, is_secret && projected == nullptr ? "secretName" : "name");
      const ConfigMap* known = is_secret ? nullptr : maps_.find(name);
      if (known != nullptr)
        add_files(*known, *from, place);
      else
        add_unseen(is_secret ? "secret" : "config", *from, place);
    }
  }

  // Where one key of a volume lies; nothing: the mount shows another one.
  static std::optional<std::string> target_of(const std::string& path, const Place& place) {
    if (place.sub_path.empty()) return place.target + "/" + path;
    if (place.sub_path == path) return place.target;
    if (path.starts_with(place.sub_path + "/"))
      return place.target + path.substr(place.sub_path.size());
    return std::nullopt;
  }

  void add_unseen(std::string_view type, const YamlNode& from, const Place& place) {
    add(type, "", place);
    for (const YamlNode& item : items_at(from, "items")) {
      Place one = place;
      one.mode = mode_at(item, "mode");
      const auto target = target_of(text_at(item, "path"), place);
      if (!one.mode || !target) continue;
      one.target = *target;
      add(type, "", one);
    }
  }

  void add_files(const ConfigMap& map, const YamlNode& from, const Place& place) {
    std::map<std::string, std::string> paths;  // of each key
    for (const YamlNode& item : items_at(from, "items"))
      paths[text_at(item, "key")] = text_at(item, "path");
    for (const auto& [key, entry] : map.entries) {
      const auto wanted = paths.find(key);
      if (!paths.empty() && wanted == paths.end()) continue;
      const auto target = target_of(wanted == paths.end() ? key : wanted->second, place);
      if (!target) continue;
      Place one = place;
      one.target = *target;
      add("config", entry.source, one);
      if (entry.content && spend(entry.content->size()))
        reading_.mounts.back().content = entry.content;
      reading_.mounts.back().content_at = entry.at;
      reading_.mounts.back().content_is_literal = true;
    }
  }

  const ConfigMaps& maps_;
  const Elsewhere& elsewhere_;
  const YamlNode& pod_;
  const Volumes& volumes_;
  std::size_t& budget_;
  ComposeServiceReading reading_;
  std::set<std::string> told_;  // of what is left out
};

// A kustomization that changes what other files say.
bool changes_others(const KubernetesObject& object) {
  return object.kind == "Kustomization" &&
         std::ranges::any_of(std::array{"patches", "patchesStrategicMerge", "patchesJson6902",
                                        "replacements", "vars"},
                             [&](const char* key) { return object.node.find(key) != nullptr; });
}

Volumes volumes_of(const YamlNode& pod) {
  Volumes volumes;
  for (const YamlNode& volume : items_at(pod, "volumes"))
    volumes.emplace(text_at(volume, "name"), &volume);
  return volumes;
}

// One container of a pod, and whether it runs to an end.
struct PodContainer {
  const YamlNode* node = nullptr;
  bool is_job = false;
  bool starts_first = false;
};

// Those that start first run to an end, unless they go on beside the others.
std::vector<PodContainer> containers_of(const KubernetesObject& object, const YamlNode& pod) {
  const bool is_job = object.kind.ends_with("Job");
  std::vector<PodContainer> all;
  for (const YamlNode& container : items_at(pod, "containers"))
    all.push_back({&container, is_job, false});
  for (const YamlNode& container : items_at(pod, "initContainers"))
    all.push_back({&container, is_job || text_at(container, "restartPolicy") != "Always", true});
  return all;
}

}  // namespace

bool may_be_manifest(std::string_view path, std::string_view text) {
  const bool is_json = path.ends_with(".json");
  const auto has = [&](std::string_view key) {
    return text.find(std::string{key} + (is_json ? "\"" : ":")) != text.npos;
  };
  if (has("kind") && has("apiVersion")) return true;
  return path.substr(path.rfind('/') + 1).starts_with("kustomization.");
}

KubernetesReading read_kubernetes(std::span<const ManifestText> texts,
                                  const Elsewhere& elsewhere) {
  KubernetesReading reading;
  const std::vector<KubernetesObject> objects = read_objects(texts, reading.gaps);
  const KubernetesPatches changes{objects};
  const ConfigMaps maps{objects, changes};
  std::size_t patches = 0, budget = kBudget;
  std::string first_patch;
  for (const KubernetesObject& object : objects) {
    if (changes_others(object) && patches++ == 0) first_patch = object.path;
    const YamlNode* pod = pod_spec_of(object.node);
    if (pod == nullptr) continue;
    const std::vector<PodContainer> containers = containers_of(object, *pod);
    const Volumes volumes = volumes_of(*pod);
    const std::string changer = changes.changer_of(object);
    for (const auto& [container, is_job, starts_first] : containers) {
      // It only changes a container of another file.
      if (changes.is_patch(object)) {
        if (patches++ == 0) first_patch = container->location.text();
        continue;
      }
      if (text_at(*container, "image").empty()) continue;
      if (reading.containers.size() == kContainers) {
        reading.gaps.push_back(
            {GapReason::too_large, fmt::format("only the first {} containers were read", kContainers),
             "scan the parts of the project one by one"});
        return reading;
      }
      std::string name = fmt::format("{}/{}", lower_ascii(object.kind), object.name);
      const std::string own = text_at(*container, "name");
      if (starts_first || (containers.size() > 1 && own != object.name)) name += "/" + own;
      ContainerReader reader{maps, elsewhere, *pod, volumes, budget};
      ComposeServiceReading& read =
          reading.containers.emplace_back(reader.read(*container, printable(name, 150)), is_job).reading;
      read.changed_by = changer;
      if (!changer.empty()) read.left_out.push_back(changer);
    }
  }
  if (budget < kLongestValue)
    reading.gaps.push_back({GapReason::too_large,
                            "the containers of Kubernetes have more variables and files than were read",
                            "scan the parts of the project one by one"});
  if (patches > 0)
    reading.gaps.push_back(
        {GapReason::unsupported,
         fmt::format("{} of Kubernetes ({}) {} what another file says, and {} not applied",
                     counted(patches, "patch", "patches"), printable(first_patch, 200),
                     patches == 1 ? "changes" : "change", patches == 1 ? "was" : "were"),
         "scan what kustomize build prints"});
  return reading;
}

}  // namespace rta::files
