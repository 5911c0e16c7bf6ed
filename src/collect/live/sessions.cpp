// Collects one session per consumer, made exactly with that consumer's own
// parameters: its CA, its host name, its client certificate, its user and
// password, which leave this machine only after chain and name were verified,
// and only towards the endpoint that the same file names.
#include <fmt/format.h>

#include <redis_tls_audit/limits.h>
#include <algorithm>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/declared_endpoints.h"
#include "collect/live/endpoint_network.h"
#include "collect/live/greeting.h"
#include "rehearse/sandbox.h"
#include "x509/pem.h"

namespace rta {
namespace {

// What stood in for files and passwords that are not given to a rehearsed
// server; null where the session is with a real one.
struct Stage {
  const rehearse::Rehearsal* rehearsal = nullptr;
  bool ci = false;
  std::vector<std::string> used;  // "its CA in place of tls/ca.pem"
};

ConsumerSession failed(SessionStage stage, std::string why, bool inconclusive = false) {
  ConsumerSession session;
  session.reached = stage;
  session.failure = std::move(why);
  session.inconclusive = inconclusive;
  return session;
}

// A part of the parameters, or the session that ends for want of it.
template <class T>
using Part = std::expected<T, ConsumerSession>;

// A file that the consumer names. Not there = the consumer cannot start
// either; not readable from here = no verdict.
Part<Bytes> file_of(const NamedFile& file, std::string_view what, const ProjectFiles& files) {
  const auto ends = [&](std::string_view why, bool inconclusive) {
    return std::unexpected(failed(SessionStage::parameters,
                                  fmt::format("{} {}: {}", what, printable(file.declared), why),
                                  inconclusive));
  };
  if (file.placeholder) return ends("a placeholder path, there is no such file", false);
  const Observation<OpenedFile> opened = files.read(file.path, limits::kCertificateBundle);
  if (const Gap* gap = opened.gap()) {
    return ends(gap->detail, gap->reason != GapReason::not_found);
  }
  return opened->bytes;
}

ConsumerSession wanting(std::string why) {
  ConsumerSession session = failed(SessionStage::parameters, std::move(why), true);
  session.left_out = true;
  return session;
}

bool is_left_out(const NamedFile& file) {
  const Gap* gap = file.file.gap();
  return gap != nullptr && gap->reason == GapReason::left_out;
}

// A made certificate is verified by its own CA, which takes the place of the
// file that the checkout does not hold; every other anchor says nothing of it.
Part<void> add_made_trust(const Consumer& consumer, Stage& stage, net::TlsParameters& parameters) {
  const std::string& anchor = stage.rehearsal->stand_ins().anchor;
  if (!consumer.ca)
    return std::unexpected(wanting(
        "it names no CA, and the server's certificate, which would have to be publicly trusted, "
        "is not in the checkout"));
  const std::string path = printable(consumer.ca->declared, 200);
  if (!is_left_out(*consumer.ca) && consumer.ca->file.gap() == nullptr)
    return std::unexpected(
        wanting(path + " is in the checkout, but not the certificate that it would verify"));
  // Missing where nothing keeps it out: whether it is made elsewhere is not known.
  const Gap& gap = *consumer.ca->file.gap();
  const bool of_the_tree = !consumer.ca->path.starts_with('/') && !consumer.ca->placeholder;
  if (!is_left_out(*consumer.ca))
    return std::unexpected(failed(SessionStage::parameters,
                                  fmt::format("CA file {}: {}", path, gap.detail),
                                  of_the_tree || gap.reason == GapReason::unsupported));
  parameters.trusted = certificates_in(as_bytes(anchor));
  stage.used.emplace_back("the server's certificate");
  stage.used.push_back("its CA in place of " + path);
  return {};
}

Part<void> add_trust(const Consumer& consumer, const ProjectFiles& files, Stage& stage,
                     net::TlsParameters& parameters) {
  if (stage.rehearsal != nullptr && stage.rehearsal->has_stand_in())
    return add_made_trust(consumer, stage, parameters);
  if (consumer.ca && stage.ci && is_left_out(*consumer.ca))
    return std::unexpected(wanting(consumer.ca->file.gap()->detail));
  if (!consumer.ca) {
    parameters.trust_public_store = true;  // what clients use when none is named
    return {};
  }
  parameters.trusted = consumer.ca_certificates;
  if (!parameters.trusted.empty()) return {};
  const Part<Bytes> pem = file_of(*consumer.ca, "CA file", files);
  if (!pem) return std::unexpected(pem.error());
  parameters.trusted = certificates_in(*pem);
  if (!parameters.trusted.empty()) return {};
  return std::unexpected(failed(
      SessionStage::parameters,
      fmt::format("CA file {}: there is no certificate in it", printable(consumer.ca->declared))));
}

Part<void> add_client_certificate(const Consumer& consumer, const ProjectFiles& files, Stage& stage,
                                  net::TlsParameters& parameters) {
  if (!consumer.certificate || !consumer.key_file) return {};
  const bool certificate_left_out = is_left_out(*consumer.certificate);
  if (stage.rehearsal != nullptr && (certificate_left_out || is_left_out(*consumer.key_file))) {
    const rehearse::StandIns& made = stage.rehearsal->stand_ins();
    // A server that asks for none would not look at it.
    if (made.client_certificate.empty() && !stage.rehearsal->has_stand_in()) {
      return std::unexpected(wanting(
          (certificate_left_out ? consumer.certificate : consumer.key_file)->file.gap()->detail));
    }
    if (made.client_certificate.empty()) return {};
    const ByteView certificate = as_bytes(made.client_certificate);
    parameters.client_certificate_pem.assign(certificate.begin(), certificate.end());
    parameters.client_key_pem = std::make_shared<const Secret>(made.client_key.clone());
    stage.used.push_back("a client certificate in place of " +
                         printable(consumer.certificate->declared, 200));
    return {};
  }
  Part<Bytes> certificate = file_of(*consumer.certificate, "client certificate", files);
  if (!certificate) return std::unexpected(certificate.error());
  const Part<Bytes> key = file_of(*consumer.key_file, "client key", files);
  if (!key) return std::unexpected(key.error());
  for (const x509::PemBlock& block : x509::parse_pem(*key).blocks) {
    if (x509::is_private_key_label(block.label) && block.encrypted) {
      return std::unexpected(failed(
          SessionStage::parameters,
          fmt::format("client key {} needs a passphrase", printable(consumer.key_file->declared)),
          true));
    }
  }
  parameters.client_certificate_pem = std::move(*certificate);
  parameters.client_key_pem = std::make_shared<const Secret>(std::string{as_text(*key)});
  return {};
}

Part<net::TlsParameters> parameters_of(const Consumer& consumer, const ProjectFiles& files,
                                       Stage& stage) {
  if (consumer.refused) {
    return std::unexpected(failed(SessionStage::parameters, *consumer.refused));
  }
  if (consumer.client_refuses) {
    return std::unexpected(failed(SessionStage::parameters, *consumer.client_refuses));
  }
  if (consumer.level == VerificationLevel::plaintext) {
    return std::unexpected(failed(SessionStage::parameters,
                                  "its settings do not switch TLS on: " + consumer.level_reason));
  }
  net::TlsParameters parameters;
  parameters.server_name = consumer.host;
  parameters.require = net::Require::chain_and_name;
  parameters.as_ordinary_client = true;
  if (Part<void> part = add_trust(consumer, files, stage, parameters); !part) {
    return std::unexpected(part.error());
  }
  if (Part<void> part = add_client_certificate(consumer, files, stage, parameters); !part) {
    return std::unexpected(part.error());
  }
  return parameters;
}

// The password, when it may be sent: it must stand in the file that names the
// host (a file of the tree must not send another file's secret elsewhere).
struct Credentials {
  const Secret* password = nullptr;
  std::string withheld;  // why it is not sent
};

bool may_have_credentials_elsewhere(const Consumer& consumer) {
  return !consumer.left_out.empty() ||
         std::ranges::any_of(consumer.settings, [](const Setting& setting) {
           return setting.name.ends_with("PASSWORD_FILE");
         });
}

bool has_credentials(const Consumer& consumer) {
  if (consumer.password) return consumer.password->secret.length > 0;
  // Who it is stands in the checkout, its password elsewhere.
  return consumer.username && !consumer.username->value.empty() &&
         may_have_credentials_elsewhere(consumer);
}

Credentials credentials_of(const Consumer& consumer, const SecretVault& secrets) {
  if (!consumer.password) return {};
  const Setting& setting = *consumer.password;
  const std::string host_file = place_of_host(consumer).path;
  if (setting.location.path != host_file) {
    return {.withheld = fmt::format("the password of {} is not sent to the host that {} names",
                                    setting.location.path, host_file)};
  }
  const Secret* password = secrets.find(setting.secret.ordinal);
  if (password == nullptr) return {.withheld = "the password is not known here"};
  return {.password = password->empty() ? nullptr : password};
}

// The private server never learns a password of the project: one that was made
// for the run is given to both sides.
Credentials made_credentials(const Consumer& consumer, Stage& stage) {
  if (!has_credentials(consumer)) return {};
  const bool held = consumer.password && !consumer.password->secret.left_out;
  stage.used.emplace_back(held ? "a password in place of its own"
                               : "a password, which the checkout does not hold");
  return {.password = &stage.rehearsal->stand_in_password()};
}

SessionStage later(SessionStage one, SessionStage other) { return std::max(one, other); }

// The server was never met as one: not reached, silent, or broken off.
bool could_not_be_reached(const net::SessionResult& seen) {
  return seen.end &&
         (*seen.end == ConnectionEnd::refused || *seen.end == ConnectionEnd::unreachable ||
          *seen.end == ConnectionEnd::timed_out || *seen.end == ConnectionEnd::stopped);
}

ConsumerSession conclude(const net::SessionResult& seen, const Greeting& greeting,
                         const Credentials& credentials) {
  ConsumerSession session;
  session.certificates = seen.certificates;
  session.version = seen.version;
  session.suite = seen.suite;
  session.reached = seen.reached;
  session.failure = seen.failure;
  session.inconclusive = could_not_be_reached(seen);
  if (!seen.application_started) return session;
  session.reached = later(greeting.stage(), SessionStage::authenticate);
  session.failure = greeting.failure();
  session.inconclusive = greeting.inconclusive();
  if (seen.client_certificate == ClientCertificateDemand::required) {
    session.reached = SessionStage::tls;
    session.failure = "the server demands a client certificate: " + seen.failure;
    session.inconclusive = false;
  } else if (greeting.stage() != SessionStage::done && !credentials.withheld.empty()) {
    session.failure = credentials.withheld;
    session.inconclusive = true;
  }
  return session;
}

class Sessions {
 public:
  Sessions(CollectContext& context, Evidence& evidence)
      : context_(context), evidence_(evidence), engine_(context.settings.stop) {}

  Observation<ConsumerSession> of(const Consumer& consumer) {
    if (consumer.template_file) {
      return Gap{GapReason::not_requested, consumer.source + " is a template", ""};
    }
    Endpoint* endpoint = endpoint_for(consumer);
    if (endpoint == nullptr) {
      return Gap{GapReason::not_requested,
                 fmt::format("{}:{} was not dialled", consumer.host, consumer.port),
                 "run the scan where the endpoint is reachable, or rehearse it"};
    }
    const Provenance source{
        "sessions", endpoint->key, {}, "TLS session with its own parameters", grade_of(*endpoint)};
    return {run(consumer, *endpoint), source};
  }

 private:
  Endpoint* endpoint_for(const Consumer& consumer) {
    for (Endpoint& endpoint : evidence_.endpoints) {
      if (!consumer.endpoint.empty() && endpoint.key == consumer.endpoint) return &endpoint;
    }
    // With --ci nothing of the tree is dialled: a rehearsed server stands for
    // it. In compose a service is known by its name.
    if (!context_.settings.ci && !context_.settings.offline) return nullptr;
    Endpoint* found = nullptr;
    for (Endpoint& endpoint : evidence_.endpoints) {
      if (endpoint.kind != EndpointKind::rehearsal || !endpoint.port_answer.has_value()) continue;
      // A made certificate can be verified only by the CA that was made with it.
      if (endpoint.stand_in_certificate && !context_.rehearsals.contains(endpoint.key)) continue;
      if (endpoint.key == "rehearsal:compose:" + consumer.host) return &endpoint;
      if (found == nullptr) found = &endpoint;
    }
    return found;
  }

  ConsumerSession run(const Consumer& consumer, Endpoint& endpoint) {
    Stage stage{.ci = evidence_.scope.ci};
    if (const auto rehearsed = context_.rehearsals.find(endpoint.key);
        endpoint.kind == EndpointKind::rehearsal && rehearsed != context_.rehearsals.end())
      stage.rehearsal = rehearsed->second.get();
    Part<net::TlsParameters> parameters = parameters_of(consumer, *context_.files, stage);
    if (!parameters) return parameters.error();
    parameters->at = context_.settings.now;
    const auto address = dialled_address(endpoint);
    const Gap* gap = endpoint.port_answer.gap();
    if (gap != nullptr || !address) {
      const std::string why = gap == nullptr ? "it has no address" : gap->detail;
      return failed(address ? SessionStage::connect : SessionStage::resolve, why, true);
    }
    if (endpoint.port_answer->speech == PortSpeech::plaintext_redis) {
      return failed(SessionStage::tls, "the port answers Redis in plaintext and speaks no TLS");
    }
    const Credentials credentials = stage.rehearsal != nullptr
                                        ? made_credentials(consumer, stage)
                                        : credentials_of(consumer, context_.secrets);
    const std::string user = consumer.username ? consumer.username->value : "";
    Greeting greeting =
        credentials.password != nullptr ? Greeting{user, *credentials.password} : Greeting{};
    const net::SessionResult seen =
        net::run_session(engine_, *address, std::move(*parameters), &greeting,
                         budget_for(context_.settings, endpoint));
    endpoint.footprint.commands += greeting.commands_sent();
    net::add(endpoint.footprint, seen.footprint);
    ConsumerSession session = conclude(seen, greeting, credentials);
    session.stand_ins = std::move(stage.used);
    // Nobody judges what was made for the run.
    if (stage.rehearsal != nullptr && stage.rehearsal->has_stand_in()) session.certificates.clear();
    // Who asks for a password that stands where the checkout does not reach.
    if (stage.rehearsal != nullptr && session.reached == SessionStage::authenticate &&
        credentials.password == nullptr && may_have_credentials_elsewhere(consumer)) {
      session.inconclusive = session.left_out = true;
      session.failure =
          "TLS, chain and name hold; its user and password are kept out of the checkout";
    } else if (stage.rehearsal != nullptr && session.reached == SessionStage::authenticate &&
               users_are_elsewhere(endpoint)) {
      session.inconclusive = session.left_out = true;
      session.failure =
          "TLS, chain and name hold; the server's users stand in an ACL file that was not seen";
    }
    return session;
  }

  // The rehearsed server has none of the users that an unread ACL file gives.
  [[nodiscard]] bool users_are_elsewhere(const Endpoint& endpoint) const {
    const auto found =
        std::ranges::find(evidence_.redis_configurations, endpoint.rehearsed_source,
                          &RedisConfiguration::source);
    if (found == evidence_.redis_configurations.end() || !found->users.empty()) return false;
    const std::string* file = found->value("aclfile");
    return file != nullptr && !file->empty();
  }

  CollectContext& context_;
  Evidence& evidence_;
  net::Engine engine_;
};

}  // namespace

void collect_consumer_sessions(CollectContext& context, Evidence& evidence) {
  if (context.files == nullptr) return;  // no tree, no consumers
  Sessions sessions{context, evidence};
  for (Consumer& consumer : evidence.consumers) {
    context.progress("connecting as " + consumer.key);
    consumer.session = sessions.of(consumer);
  }
}

}  // namespace rta
