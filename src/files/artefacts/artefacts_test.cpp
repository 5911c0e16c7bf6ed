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

TEST_CASE("hostile YAML gives nothing and ends") {
  CHECK(read_prometheus_rules("&a [*a]", "x.yml", kTargets).empty());
  CHECK(read_prometheus_rules(std::string(100'000, '['), "x.yml", kTargets).empty());
  CHECK(read_ci_workflow("on: {schedule: [{cron: x}]}\njobs: &a {b: *a}", ".github/workflows/x.yml",
                         kTargets)
            .empty());
}
