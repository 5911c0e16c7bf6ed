// Collects one session per consumer, made exactly with that consumer's own
// parameters: its CA, its host name, its client certificate, its user and
// password, which leave this machine only after chain and name were verified,
// and only towards the endpoint that the same file names.
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include "base/text.h"
#include "collect/collectors.h"
#include "collect/declared_endpoints.h"
#include "collect/endpoint_network.h"
#include "collect/greeting.h"
#include "x509/pem.h"

namespace rta {
namespace {

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

Part<void> add_trust(const Consumer& consumer, const ProjectFiles& files,
                     net::TlsParameters& parameters) {
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

Part<void> add_client_certificate(const Consumer& consumer, const ProjectFiles& files,
                                  net::TlsParameters& parameters) {
  if (!consumer.certificate || !consumer.key_file) return {};
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

Part<net::TlsParameters> parameters_of(const Consumer& consumer, const ProjectFiles& files) {
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
  if (Part<void> part = add_trust(consumer, files, parameters); !part) {
    return std::unexpected(part.error());
  }
  if (Part<void> part = add_client_certificate(consumer, files, parameters); !part) {
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
    // it, but only with the real certificate.
    if (!context_.settings.ci && !context_.settings.offline) return nullptr;
    for (Endpoint& endpoint : evidence_.endpoints) {
      if (endpoint.kind == EndpointKind::rehearsal && !endpoint.stand_in_certificate &&
          endpoint.port_answer.has_value()) {
        return &endpoint;
      }
    }
    return nullptr;
  }

  ConsumerSession run(const Consumer& consumer, Endpoint& endpoint) {
    Part<net::TlsParameters> parameters = parameters_of(consumer, *context_.files);
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
    const Credentials credentials = credentials_of(consumer, context_.secrets);
    const std::string user = consumer.username ? consumer.username->value : "";
    Greeting greeting =
        credentials.password != nullptr ? Greeting{user, *credentials.password} : Greeting{};
    const net::SessionResult seen =
        net::run_session(engine_, *address, std::move(*parameters), &greeting,
                         budget_for(context_.settings, endpoint));
    endpoint.footprint.commands += greeting.commands_sent();
    net::add(endpoint.footprint, seen.footprint);
    return conclude(seen, greeting, credentials);
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
