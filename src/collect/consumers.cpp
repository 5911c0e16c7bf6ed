// Applications as their env files and their compose services configure them.
#include <redis_tls_audit/limits.h>

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "collect/built_image.h"
#include "collect/client_levels.h"
#include "collect/collectors.h"
#include "collect/configuration_files.h"
#include "collect/manifests.h"
#include "collect/spring_applications.h"
#include "files/clients/consumer_settings.h"
#include "files/clients/redis_variables.h"
#include "files/compose/compose_images.h"
#include "x509/pem.h"

namespace rta {
namespace {

using files::DotenvDialect;
using files::DotenvFile;
using files::ReceivedVariable;

struct ReaderChoice {
  DotenvDialect dialect = DotenvDialect::node;
  std::string reason;
  bool by_evidence = false;
};

constexpr std::size_t kEnvFiles = 500;

class ConsumerCollector {
 public:
  ConsumerCollector(CollectContext& context, Evidence& evidence)
      : context_(context), files_(*context.files), evidence_(evidence) {}

  void collect() {
    env_files();
    if (files_.listing().gap) evidence_.scope.notes.push_back(*files_.listing().gap);
    if (const ComposeProject* compose = evidence_.compose.value())
      for (const ComposeService& service : compose->services)
        if (!service.is_redis) container(service, "compose", "environment of the compose service");
    for (const ComposeService& service : evidence_.kubernetes)
      if (!service.is_redis)
        container(service, "kubernetes", "environment of the Kubernetes container");
    for (const SpringApplication& application : spring_.all()) spring_application(application);
    for (const ConsumerRole role : {ConsumerRole::backend, ConsumerRole::worker})
      if (std::ranges::count(evidence_.consumers, role, &Consumer::role) == 0)
        take_usual_names(role);
  }

 private:
  void take_usual_names(ConsumerRole role) {
    for (Consumer& consumer : evidence_.consumers)
      if (consumer.role == ConsumerRole::other && !consumer.template_file &&
          !files::classify_env_file(consumer.source).is_for_tests &&
          files::usual_role_of(consumer.name) == role)
        consumer.role = role;
  }

  // Those of a backend and a worker first: no crowd of others may hide them.
  void env_files() {
    std::vector<std::pair<std::string, files::EnvFileName>> found;
    for (const TreeEntry& entry : files_.listing().entries) {
      const files::EnvFileName kind = files::classify_env_file(entry.path);
      if (kind.is_env_file && (entry.is_regular || entry.is_symlink))
        found.emplace_back(entry.path, kind);
    }
    std::ranges::stable_partition(found, [](const auto& file) {
      return files::role_of(name_of_file(file.first)) != ConsumerRole::other;
    });
    const std::size_t read = std::min(found.size(), kEnvFiles);
    if (read < found.size())
      evidence_.scope.notes.push_back(
          {GapReason::too_large,
           fmt::format("{} of {} env files were not read: more than {} are no configuration",
                       found.size() - read, found.size(), kEnvFiles),
           "scan the parts of the project one by one"});
    for (std::size_t i = 0; i < read; ++i) env_file(found[i].first, found[i].second);
  }

  [[nodiscard]] files::DescribeSecret describe() const {
    return [this](std::string_view value) { return describe_secret(value, context_.secrets); };
  }

  static std::string directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
  }
  static std::string last_component(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
  }

  // "backend" for backend/.env; a file in the root is named after itself.
  static std::string name_of_file(const std::string& path) {
    const std::string directory = directory_of(path);
    if (files::role_of(last_component(path)) != ConsumerRole::other || directory.empty()) {
      std::string name = last_component(path);
      if (name.starts_with(".env.")) name = name.substr(5);
      if (name.ends_with(".env") && name.size() > 4) name.resize(name.size() - 4);
      return name == ".env" ? "project" : name;
    }
    return last_component(directory);
  }

  [[nodiscard]] ReaderChoice choose_reader(const std::string& path, ConsumerRole role) const {
    const std::string directory = directory_of(path);
    if (const auto named = manifests_.reader_for(directory)) {
      const auto dialect = from_name<DotenvDialect>(named->reader);
      if (dialect) return {*dialect, named->reason, true};
    }
    const bool beside_compose = evidence_.compose.has_value() && directory.empty();
    if (beside_compose) return {DotenvDialect::compose, "stands beside the compose file", true};
    if (role == ConsumerRole::worker)
      return {DotenvDialect::python, "by its role: no manifest names a reader", false};
    return {DotenvDialect::node, "by its role: no manifest names a reader", false};
  }

  void env_file(const std::string& path, const files::EnvFileName& kind) {
    const Observation<OpenedFile> opened = files_.read(path, limits::kTextFile);
    if (!opened.value()) {
      evidence_.scope.notes.push_back(
          {opened.gap()->reason,
           fmt::format("{} was not read: {}", printable(path), opened.gap()->detail),
           opened.gap()->remedy});
      return;
    }
    Consumer consumer;
    consumer.name = printable(name_of_file(path), 100);
    consumer.source = printable(path);
    consumer.key = consumer.name + "@" + consumer.source;
    consumer.template_file = kind.is_template;
    if (!kind.is_template && !kind.is_for_tests) consumer.role = files::role_of(consumer.name);
    const ReaderChoice reader = choose_reader(path, consumer.role);
    consumer.dialect = std::string{rta::name_of(reader.dialect)};
    consumer.dialect_reason = reader.reason;

    const DotenvFile file = files::read_dotenv(opened->bytes, reader.dialect, consumer.source);
    if (file.refused) {
      refused(consumer, opened->bytes, file);
      return;
    }
    std::vector<ReceivedVariable> variables = files::received_variables(file);
    std::vector<DotenvFile> others;
    if (!reader.by_evidence)
      for (const DotenvDialect dialect :
           {DotenvDialect::node, DotenvDialect::python, DotenvDialect::compose})
        if (dialect != reader.dialect)
          others.push_back(files::read_dotenv(opened->bytes, dialect, consumer.source));
    add_names_that_only_others_see(others, variables);
    if (!files::is_redis_consumer(variables)) return;
    files::note_other_dialects(variables, others);
    std::erase_if(variables,
                  [](const ReceivedVariable& variable) { return variable.location.line < 0; });
    files::interpret_settings(variables, describe(), consumer);
    const bool holds_secret = std::ranges::any_of(consumer.settings, &Setting::is_secret);
    if (holds_secret) evidence_.secret_files.push_back(provenance_of(opened->facts, path));
    finish(std::move(consumer), directory_of(path), nullptr);
  }

  // A name that the chosen reader does not deliver makes the file a consumer
  // all the same; it carries no value and is dropped again.
  static void add_names_that_only_others_see(const std::vector<DotenvFile>& others,
                                             std::vector<ReceivedVariable>& variables) {
    for (const DotenvFile& other : others)
      for (const ReceivedVariable& variable : files::received_variables(other)) {
        const bool known =
            std::ranges::find(variables, variable.name, &ReceivedVariable::name) != variables.end();
        if (!known)
          variables.push_back({variable.name, "", {variable.location.path, -1, 0}, {}, {}});
      }
  }

  static Observation<FileFacts> provenance_of(const FileFacts& facts, const std::string& path) {
    return {facts, {"consumers", "", {path, 0, 0}, "fstat", Grade::observed}};
  }

  // Nothing of a refused file is judged; whether it is about Redis is asked of
  // the other readers, else of its text.
  void refused(Consumer& consumer, const Bytes& bytes, const DotenvFile& file) {
    const std::string_view text = as_text(bytes);
    const bool about_redis = text.find("REDIS") != std::string_view::npos ||
                             text.find("redis") != std::string_view::npos;
    if (!about_redis) return;
    consumer.refused = fmt::format("{} ({})", *file.refused, file.refused_at.text());
    evidence_.consumers.push_back(std::move(consumer));
  }

  void container(const ComposeService& service, std::string dialect, std::string reason) {
    const files::FindSecret find =
        [this](const std::string& ordinal) -> std::optional<std::string> {
      const Secret* secret = context_.secrets.find(ordinal);
      return secret == nullptr ? std::nullopt : std::optional{std::string{secret->expose()}};
    };
    std::vector<ReceivedVariable> variables;
    for (const auto& [name, value] : service.environment)
      variables.push_back(
          {name, files::reveal_secret(value, find), place_of(name, service), {}, {}});
    add_inline_env_files(service, variables);
    Consumer consumer;
    consumer.left_out = service.left_out;
    add_spring_settings(service, variables, consumer);
    if (!files::is_redis_consumer(variables)) return;
    consumer.name = service.name;
    consumer.role = files::role_of(service.name);
    consumer.source = service.location.path.empty() ? "docker-compose.yml" : service.location.path;
    consumer.key = consumer.name + "@" + consumer.source;
    consumer.dialect = std::move(dialect);
    consumer.dialect_reason = std::move(reason);
    files::interpret_settings(variables, describe(), consumer);
    finish(std::move(consumer), service.build_context, &service);
  }

  // A .env that is written out in the compose file: the application reads it
  // where the environment does not say otherwise.
  void add_inline_env_files(const ComposeService& service,
                            std::vector<ReceivedVariable>& variables) {
    for (const auto& [path, file] : context_.inline_files[service.name]) {
      if (!files::classify_env_file(path).is_env_file) continue;
      const std::string folder = service.build_context;
      const ReaderChoice reader =
          choose_reader(folder.empty() ? ".env" : folder + "/.env", files::role_of(service.name));
      const DotenvFile read =
          files::read_dotenv(as_bytes(in_its_lines(file)), reader.dialect, file.at.path);
      if (read.refused) {
        evidence_.scope.notes.push_back(
            {GapReason::malformed,
             fmt::format("{} of service {} is refused: {} ({})", printable(path, 200),
                         printable(service.name, 80), *read.refused, read.refused_at.text()),
             ""});
        continue;
      }
      for (ReceivedVariable& variable : files::received_variables(read))
        if (std::ranges::count(variables, variable.name, &ReceivedVariable::name) == 0)
          variables.push_back(std::move(variable));
    }
  }

  // By where it is built; else by its name, if it is one of Spring at all.
  const SpringApplication* spring_application_of(
      const ComposeService& service, const std::vector<ReceivedVariable>& variables) const {
    std::string folder = service.build_context;
    while (folder.starts_with("./")) folder.erase(0, 2);
    if (const SpringApplication* built = folder.empty() ? nullptr : spring_.in(folder))
      return built;
    const bool is_spring = std::ranges::any_of(variables, [](const ReceivedVariable& variable) {
      return variable.name.starts_with("SPRING_");
    });
    for (const SpringApplication& application : spring_.all())
      if (is_spring &&
          (last_component(application.module) == service.name || spring_.all().size() == 1))
        return &application;
    return nullptr;
  }

  // What the container's own application.yml says where its environment does not.
  void add_spring_settings(const ComposeService& service, std::vector<ReceivedVariable>& variables,
                           Consumer& consumer) {
    const SpringApplication* application = spring_application_of(service, variables);
    if (application == nullptr) return;
    files::SpringSettings settings =
        spring_.settings(*application, variables, service.left_out.empty());
    give_password(settings);
    for (ReceivedVariable& variable : settings.variables) {
      std::erase_if(variables, [&](const ReceivedVariable& of_environment) {
        return of_environment.name == variable.name;
      });
      variables.push_back(std::move(variable));
    }
    for (std::string& name : settings.open) consumer.left_out.push_back(std::move(name));
    judged_by_container_.insert(application->module);
  }

  // Known to be there, and nothing else of it.
  static void give_password(files::SpringSettings& settings) {
    if (!settings.password_elsewhere) return;
    settings.password_elsewhere->value = kLeftOutSecret;
    settings.variables.push_back(*settings.password_elsewhere);
  }

  void spring_application(const SpringApplication& application) {
    if (judged_by_container_.contains(application.module)) return;
    files::SpringSettings settings = spring_.settings(application, {}, false);
    give_password(settings);
    if (settings.open.empty() && !files::is_redis_consumer(settings.variables)) return;
    Consumer consumer;
    consumer.name =
        application.module.empty() ? "project" : printable(last_component(application.module), 100);
    consumer.source = printable(application.files.front());
    consumer.key = consumer.name + "@" + consumer.source;
    consumer.role = files::role_of(consumer.name);
    consumer.dialect = "spring";
    consumer.dialect_reason = "Spring Boot reads it at start";
    consumer.left_out = settings.open;
    files::interpret_settings(settings.variables, describe(), consumer);
    finish(std::move(consumer), application.module, nullptr);
  }

  static SourceLocation place_of(const std::string& name, const ComposeService& service) {
    const auto found = service.environment_at.find(name);
    return found == service.environment_at.end() || found->second.path.empty() ? service.location
                                                                               : found->second;
  }

  // Looks at the files that the settings name, and at the client library.
  void finish(Consumer consumer, std::string directory, const ComposeService* service) {
    if (directory == ".") directory.clear();
    while (directory.starts_with("./")) directory.erase(0, 2);
    for (std::optional<NamedFile>* named :
         {&consumer.ca, &consumer.certificate, &consumer.key_file})
      if (*named) locate(**named, directory, service);
    if (consumer.ca && !consumer.ca->placeholder) read_ca(consumer);
    if (!service || !service->build_context.empty()) judge_client(consumer, directory, manifests_);
    if (consumer.dialect == "spring" || judged_by_container_.contains(directory))
      judge_spring_client(consumer);
    evidence_.consumers.push_back(std::move(consumer));
  }

  void locate(NamedFile& file, const std::string& directory, const ComposeService* service) {
    if (service != nullptr) {
      const PathMap paths =
          PathMap::of_container(service->mounts, context_.inline_files[service->name]);
      std::optional<std::string> mapped = paths.project_path(file.declared);
      if (!mapped) mapped = from_image(file.declared, *service);
      if (!mapped) {
        const Gap gap = paths.not_here(file.declared);
        file.file =
            gap.reason == GapReason::not_found ? not_provided(file.declared, *service) : gap;
        evidence_.named_files.push_back(file);
        return;
      }
      file.path = *mapped;
    } else if (!file.declared.starts_with('/') && !directory.empty()) {
      file.path = directory + "/" + file.declared;
    }
    file.path = files_.relative(file.path);
    if (file.placeholder)
      file.file = Gap{GapReason::not_found, "a placeholder of the documentation, not a path",
                      "write the real path"};
    else
      file.file = files_.inspect(file.path);
    evidence_.named_files.push_back(file);
  }

  // A file that the service's own image holds, where the tree has it. What a
  // copy of the whole context brings is there only if the tree has it.
  [[nodiscard]] std::optional<std::string> from_image(const std::string& path,
                                                      const ComposeService& service) const {
    const auto found =
        PathMap::of_container(mounts_and_copies({}, service.copies)).project_path(path);
    const auto place = build_place(files_, service.build_context, service.build_file);
    if (!found || files_.exists(*found)) return found;
    const bool is_of_whole = std::ranges::any_of(service.copies, [&](const ImageCopy& copy) {
      return place && (copy.source == place->context || copy.source == ".");
    });
    return is_of_whole ? std::nullopt : found;
  }

  // An image that is built elsewhere, or on such a one, may hold the file.
  [[nodiscard]] Gap not_provided(const std::string& path, const ComposeService& service) const {
    constexpr const char* kRemedy =
        "mount the directory of the file into the service, or bake the file into its image";
    const auto place = build_place(files_, service.build_context, service.build_file);
    const std::string why =
        fmt::format("no mount of service {} provides {}", service.name, printable(path));
    if (!place || !files_.exists(place->dockerfile))
      return {GapReason::unsupported, why + "; whether its image does was not seen", kRemedy};
    return {GapReason::not_found,
            fmt::format("{}, nor does {}", why, printable(place->dockerfile, 200)), kRemedy};
  }

  void read_ca(Consumer& consumer) {
    const Observation<OpenedFile> opened =
        files_.read(consumer.ca->path, limits::kCertificateBundle);
    if (!opened.value()) return;
    const x509::PemText pem = x509::parse_pem(opened->bytes);
    for (const x509::PemBlock& block : pem.blocks)
      if (x509::is_certificate_label(block.label) && !block.der.empty())
        consumer.ca_certificates.push_back(block.der);
    if (pem.blocks.empty() && opened->bytes.size() > 4 && opened->bytes[0] == 0x30)
      consumer.ca_certificates.push_back(opened->bytes);
  }

  CollectContext& context_;
  const ProjectFiles& files_;
  Evidence& evidence_;
  Manifests manifests_{files_};
  SpringApplications spring_{files_, evidence_.scope};
  std::set<std::string> judged_by_container_;  // modules of Spring
};

}  // namespace

void collect_consumers(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;
  context.progress("reading env files");
  ConsumerCollector{context, evidence}.collect();
}

}  // namespace rta
