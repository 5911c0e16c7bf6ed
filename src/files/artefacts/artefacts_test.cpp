#include "files/artefacts/artefacts.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::files;

namespace {

const TargetWords kTargets{{"redis", "/etc/redis/tls/redis.pem"}};

std::vector<Purpose> purposes(const std::vector<Artefact>& artefacts) {
  std::vector<Purpose> all;
  for (const Artefact& artefact : artefacts) all.push_back(artefact.purpose);
  return all;
}

}  // namespace

TEST_CASE("commands are understood by their program and subcommand") {
  CHECK(meaning_of("/usr/bin/certbot renew --quiet").rotates);
  CHECK_FALSE(meaning_of("certbot certificates").rotates);
  CHECK(meaning_of("step ca renew a b --exec 'redis-cli CONFIG SET tls-cert-file x'").reloads);
  CHECK(meaning_of("systemctl restart redis-server").reloads);
  CHECK_FALSE(meaning_of("systemctl status redis-server").reloads);
  CHECK(meaning_of("redis-tls-audit scan . -t rediss://redis:6379").watches_expiry);
  CHECK_FALSE(meaning_of("redis-tls-audit scan . --offline").watches_expiry);
  CHECK(meaning_of("openssl x509 -checkend 86400 -in x.pem").watches_expiry);
  CHECK(meaning_of("redis-cli --tls ACL LOG 128 >> /var/log/acl.log").collects_acl_log);
  CHECK_FALSE(meaning_of("echo certbot-renewal is documented elsewhere").rotates);
}

TEST_CASE("schedules are told in days") {
  CHECK(period_of_calendar("weekly") == 7);
  CHECK(period_of_calendar("*-*-* 03:00:00") == 1);
  CHECK(period_of_calendar("Mon *-*-* 03:00") == 7);
  CHECK(period_of_calendar("*-*-01 00:00:00") == 31);
  CHECK(period_of_calendar("*-01,07-01") == 214);
  CHECK_FALSE(period_of_calendar("whenever"));
  CHECK(period_of_cron("0 3 * * *") == 1);
  CHECK(period_of_cron("0 3 * * 0") == 7);
  CHECK(period_of_cron("0 3 * * 1,4") == 4);
  CHECK(period_of_cron("0 3 1 * *") == 31);
  CHECK(period_of_cron("0 3 1 */3 *") == 93);
  CHECK(period_of_cron("@monthly") == 31);
  CHECK_FALSE(period_of_cron("not a schedule"));
}

TEST_CASE("a timer is read together with the service it starts") {
  const std::map<std::string, std::string> services{
      {"renew.service",
       "[Service]\nExecStart=/usr/bin/step ca renew \\\n  /etc/redis/tls/redis.pem k.pem\n"}};
  const auto found =
      read_systemd_timer("[Timer]\nOnCalendar=weekly\n[Install]\nWantedBy=timers.target\n",
                         "ops/renew.timer", services, kTargets);
  REQUIRE(found.size() == 1);
  CHECK(found[0].purpose == Purpose::rotation);
  CHECK(found[0].period_days == 7);
  CHECK(found[0].enabled);
  CHECK(found[0].covers_target);
  CHECK(found[0].location.line == 2);
}

TEST_CASE("a timer that nothing enables, or whose service is unknown, is not green") {
  const std::map<std::string, std::string> services{
      {"renew.service", "[Service]\nExecStart=certbot renew\n"}};
  const auto found =
      read_systemd_timer("[Timer]\nOnCalendar=weekly\n", "renew.timer", services, kTargets);
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].enabled);
  CHECK_FALSE(found[0].covers_target);
  CHECK(read_systemd_timer("[Timer]\nOnCalendar=weekly\n", "other.timer", services, kTargets)
            .empty());
}

TEST_CASE("an exporter counts as verified only over rediss without skipping") {
  const auto exporter = [](const std::string& environment) {
    return read_systemd_service(
               "[Service]\n" + environment + "\nExecStart=/usr/bin/redis_exporter\n", "x.service",
               kTargets)
        .at(0)
        .verified_tls;
  };
  CHECK(exporter("Environment=REDIS_ADDR=rediss://redis:6379"));
  CHECK_FALSE(exporter("Environment=REDIS_ADDR=redis://redis:6379"));
  CHECK_FALSE(exporter(""));
  CHECK_FALSE(
      exporter("Environment=REDIS_ADDR=rediss://"
               "redis:6379\nEnvironment=REDIS_EXPORTER_SKIP_TLS_VERIFICATION=true"));
}

TEST_CASE("cron lines are commands, comments are not") {
  CHECK(purposes(read_crontab("# 0 3 * * * root certbot renew\n0 3 * * * root certbot renew\n",
                              "etc/cron.d/x", kTargets)) == std::vector{Purpose::rotation});
  CHECK(read_crontab("MAILTO=ops@example.org\nSHELL=/bin/sh\n", "etc/cron.d/x", kTargets).empty());
}

TEST_CASE("alerting rules tell their threshold, and rules on other metrics are none") {
  const auto found = read_prometheus_rules(
      "groups:\n- name: x\n  rules:\n  - alert: Soon\n    expr: "
      "probe_ssl_earliest_cert_expiry{instance=\"redis:6379\"} - time() < 21 * 86400\n"
      "  - alert: Other\n    expr: node_load1 > 4\n  - record: y\n    expr: redis_up\n",
      "rules.yml", kTargets);
  REQUIRE(found.size() == 1);
  CHECK(found[0].threshold_days == 21);
  CHECK(found[0].covers_target);
  CHECK(found[0].location.line == 4);
}

TEST_CASE("scrape jobs are known by their targets, for the rules that name the job") {
  const auto jobs = read_scrape_jobs(
      "scrape_configs:\n- job_name: tls\n  static_configs: [{targets: [\"redis:6379\"]}]\n"
      "- job_name: nodes\n  static_configs: [{targets: [\"node:9100\"]}]\n",
      kTargets);
  CHECK(jobs == std::vector<std::string>{"tls"});
  CHECK(read_scrape_jobs("scrape_configs: &a [*a]", kTargets).empty());
  CHECK(read_scrape_jobs("scrape_configs: x", kTargets).empty());
}

TEST_CASE(
    "a scheduled workflow counts, a pull request workflow does not, a job switched off is told") {
  const std::string job =
      "jobs:\n  scan:\n    if: ${{ false }}\n    steps:\n      - run: redis-tls-audit scan -t "
      "rediss://redis:6379\n";
  const auto found = read_ci_workflow("on:\n  schedule:\n    - cron: '0 3 * * *'\n" + job,
                                      ".github/workflows/x.yml", kTargets);
  CHECK(purposes(found) == std::vector{Purpose::expiry_monitoring, Purpose::connection_monitoring});
  CHECK_FALSE(found.at(0).enabled);
  CHECK(read_ci_workflow("on:\n  pull_request:\n" + job, ".github/workflows/x.yml", kTargets)
            .empty());
}

TEST_CASE("commands that prove nothing are found in documents, not in comments of scripts") {
  CHECK(read_runbook("redis-cli --tls \\\n  --cacert x \\\n  INFO server | grep ssl\n", "docs/a.md")
            .size() == 1);
  CHECK(read_runbook("# redis-cli CLIENT LIST | grep ssl\n", "a.sh").empty());
  CHECK(read_runbook("redis-cli CLIENT LIST | grep laddr\n", "a.sh").empty());
}

TEST_CASE("tokens that are written out are found and never kept") {
  const auto found = read_managed_service(
      "aws elasticache create-replication-group \\\n --transit-encryption-enabled \\\n "
      "--auth-token \"YourSecureToken123!\"\n",
      "a.sh");
  REQUIRE(found.size() == 2);
  CHECK(found[1].purpose == Purpose::literal_secret);
  CHECK(found[1].problems.size() == 1);
  for (const Artefact& artefact : found)
    CHECK(artefact.command.find("YourSecure") == std::string::npos);
  CHECK(read_managed_service("aws x --auth-token \"$TOKEN\"\n", "a.sh").empty());
  // A sentence about the option is no token.
  CHECK(read_managed_service("--auth-token is written out\n", "notes.txt").empty());
}

TEST_CASE("the bundle of RDS that is fetched for ElastiCache is told, for a database it is not") {
  const std::string fetch =
      "wget https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem\n";
  const auto found =
      read_managed_service("aws elasticache describe-cache-clusters\n" + fetch, "a.sh");
  REQUIRE(found.size() == 1);
  CHECK(found[0].location.line == 2);
  CHECK(found[0].problems.at(0).starts_with("anchor: "));
  CHECK(read_managed_service("aws rds describe-db-instances\n" + fetch, "a.sh").empty());
}

TEST_CASE("terraform resources are judged by their attributes") {
  const auto found = read_managed_service(
      "resource \"aws_elasticache_replication_group\" \"x\" {\n  transit_encryption_enabled = "
      "false\n}\n",
      "main.tf");
  REQUIRE(found.size() == 1);
  CHECK(found[0].problems.at(0) == "fail: transit_encryption_enabled is false, not true");
}

namespace {

// The problems of all that was found, "; " between; "-" where nothing was.
std::string problems(const std::vector<Artefact>& found) {
  if (found.empty()) return "-";
  std::string all;
  for (const Artefact& artefact : found)
    for (const std::string& problem : artefact.problems) all += (all.empty() ? "" : "; ") + problem;
  return all;
}
std::string of_command(const std::string& command) {
  return problems(read_managed_service(command + "\n", "a.sh"));
}

}  // namespace

TEST_CASE("commands are judged by what they create or change") {
  CHECK(of_command("aws elasticache create-cache-subnet-group --name x") == "-");
  CHECK(of_command("aws elasticache create-user-group --user-group-id x") == "-");
  CHECK(of_command("aws elasticache create-cache-cluster --engine memcached") == "-");
  CHECK(of_command("aws elasticache create-cache-cluster --engine redis")
            .starts_with("fail: --transit-encryption-enabled is missing"));
  CHECK(of_command("aws elasticache create-replication-group --no-transit-encryption-enabled") ==
        "fail: encryption in transit is switched off");
  CHECK(of_command("aws elasticache modify-replication-group --replication-group-id x") == "-");
  CHECK(of_command("aws elasticache modify-replication-group --transit-encryption-mode required")
            .empty());
  CHECK(of_command("aws elasticache modify-replication-group --transit-encryption-enabled "
                   "--transit-encryption-mode preferred") ==
        "fail: --transit-encryption-mode preferred lets plaintext in");
  CHECK(of_command("aws memorydb create-cluster --acl-name open-access") ==
        "warn: --acl-name open-access lets everybody in");
  CHECK(of_command("aws memorydb create-cluster --acl-name a --no-tls-enabled") ==
        "fail: encryption in transit is switched off");
  CHECK(of_command("az redis create --name x --minimum-tls-version 1.2").empty());
  CHECK(of_command("az redis update --name x --set sku=1") == "-");
  CHECK(of_command("az redis update --name x --enable-non-ssl-port") ==
        "fail: --enable-non-ssl-port opens the plaintext port");
  CHECK(of_command("az redis create --enable-non-ssl-port false --minimum-tls-version=1.0") ==
        "fail: --minimum-tls-version is 1.0");
  CHECK(of_command("gcloud alpha redis instances create x --enable-auth "
                   "--transit-encryption-mode=SERVER_AUTHENTICATION")
            .empty());
  CHECK(of_command("gcloud redis clusters create x --transit-encryption-mode=disabled") ==
        "fail: --transit-encryption-mode is disabled, not server-authentication");
  CHECK(of_command("az redis update --name x --set enableNonSslPort=true") ==
        "fail: --set enableNonSslPort=true opens the plaintext port");
  CHECK(of_command("aws elasticache create-cache-cluster # --transit-encryption-enabled")
            .starts_with("fail: --transit-encryption-enabled is missing"));
  CHECK(of_command("echo to create: aws elasticache create-replication-group") == "-");
  CHECK(of_command("gcloud redis instances create x --enable-auth "
                   "--transit-encryption-mode=server-authentication")
            .empty());
}

TEST_CASE("terraform says what it decides, and what variables decide is told") {
  const auto of = [](const std::string& type, const std::string& body) {
    return problems(
        read_managed_service("resource \"" + type + "\" \"x\" {\n" + body + "\n}\n", "main.tf"));
  };
  CHECK(of("aws_elasticache_replication_group",
           "transit_encryption_enabled = var.tls\nat_rest_encryption_enabled = true # at last\n"
           "auth_token = var.t\nlog_delivery_configuration {}") ==
        "warn: transit_encryption_enabled is var.tls, which was not worked out");
  CHECK(of("aws_elasticache_cluster", "engine = \"memcached\"") == "-");
  CHECK(of("aws_elasticache_cluster", "replication_group_id = \"g\"") == "-");
  CHECK(of("aws_elasticache_cluster", "engine = \"redis\"") ==
        "fail: transit_encryption_enabled is missing, not true");
  CHECK(of("aws_memorydb_cluster", "acl_name = \"a\"").empty());
  CHECK(of("aws_memorydb_cluster", "tls_enabled = false\nacl_name = \"open-access\"") ==
        "fail: tls_enabled is false; warn: acl_name open-access lets everybody in");
  CHECK(of("azurerm_redis_cache", "minimum_tls_version = \"1.1\"") ==
        "fail: minimum_tls_version is 1.1, not 1.2");
  CHECK(of("azurerm_redis_cache", "minimum_tls_version = \"1.3\"").empty());
  CHECK(of("azurerm_managed_redis", "client_protocol = \"Plaintext\"") ==
        "fail: client_protocol is Plaintext");
  CHECK(of("aws_s3_bucket", "") == "-");
  std::string many;
  for (int i = 0; i < 600; ++i)
    many += "resource \"aws_memorydb_cluster\" \"x\" {\nacl_name = \"a\"\n}\n";
  CHECK(problems(read_managed_service(many, "main.tf")) ==
        "warn: only 500 resources of one file are read");
  CHECK(of("google_redis_instance",
           "auth_enabled = true /* HIPAA */\ntransit_encryption_mode = \"SERVER_AUTHENTICATION\"")
            .empty());
  const auto of_module = [](const std::string& body) {
    return problems(read_managed_service("module \"redis\" {\n" + body + "\n}\n", "main.tf"));
  };
  CHECK(of_module("source = \"terraform-aws-modules/elasticache/aws\"\n"
                  "transit_encryption_enabled = false") ==
        "fail: transit_encryption_enabled is false");
  CHECK(of_module("source = \"terraform-aws-modules/elasticache/aws\"") == "-");
  CHECK(of_module("source = \"./network\"\ntls_enabled = false") == "-");
}

TEST_CASE("CloudFormation is read in YAML and in JSON") {
  const auto of = [](const std::string& properties) {
    return problems(
        read_cloudformation("Resources:\n  Cache:\n    Type: "
                            "AWS::ElastiCache::ReplicationGroup\n    Properties:\n" +
                                properties,
                            "stack.yml"));
  };
  CHECK(of("      TransitEncryptionEnabled: true\n      AtRestEncryptionEnabled: 'true'\n"
           "      UserGroupIds: [!Ref G]\n      LogDeliveryConfigurations: []\n")
            .empty());
  CHECK(of("      TransitEncryptionEnabled: !Ref Tls\n      AtRestEncryptionEnabled: true\n"
           "      AuthToken: '{{resolve:secretsmanager:x}}'\n      LogDeliveryConfigurations: "
           "[]\n") ==
        "warn: TransitEncryptionEnabled comes from a function of the template, which was not "
        "worked out");
  CHECK(of("      TransitEncryptionMode: preferred\n")
            .starts_with("fail: TransitEncryptionEnabled is missing; fail: TransitEncryptionMode"));
  const auto json = read_cloudformation(
      R"({"Resources": {"A": {"Type": "AWS::MemoryDB::Cluster",
                              "Properties": {"TLSEnabled": false}},
                        "B": {"Type": "AWS::ElastiCache::ReplicationGroup",
                              "Properties": {"AuthToken": "YourSecureToken123!"}},
                        "C": {"Type": "AWS::S3::Bucket"}}})",
      "stack.json");
  REQUIRE(json.size() == 3);
  CHECK(json[0].location.line == 1);
  CHECK(json[0].problems.at(0) == "fail: TLSEnabled is false");
  CHECK(json[2].purpose == Purpose::literal_secret);
  CHECK(read_cloudformation("resources:\n  Resources:\n    C:\n      Type: "
                            "AWS::ElastiCache::CacheCluster\n",
                            "serverless.yml")
            .size() == 1);
  CHECK(read_cloudformation("Resources: &a\n  X: *a\n  Y: AWS::ElastiCache::X\n", "a.yml").empty());
}

TEST_CASE("hostile YAML gives nothing and ends") {
  CHECK(read_prometheus_rules("&a [*a]", "x.yml", kTargets).empty());
  CHECK(read_prometheus_rules(std::string(100'000, '['), "x.yml", kTargets).empty());
  CHECK(read_ci_workflow("on: {schedule: [{cron: x}]}\njobs: &a {b: *a}", ".github/workflows/x.yml",
                         kTargets)
            .empty());
}
