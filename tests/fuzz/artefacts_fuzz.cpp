// Every reader of what schedules, watches, ships and creates; the first byte
// chooses one.
#include "files/artefacts/artefacts.h"
#include "redis_tls_audit/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  using namespace rta::files;
  if (size == 0) return 0;
  const std::string_view text = as_text({data + 1, size - 1});
  const TargetWords targets{{"redis:6379", "redis.example.org"}};
  switch (data[0] % 10) {
    case 0:
      (void)read_systemd_timer(text, "a.timer", {{"a.service", std::string{text}}}, targets);
      break;
    case 1:
      (void)read_systemd_service(text, "a.service", targets);
      break;
    case 2:
      (void)read_crontab(text, "etc/cron.d/a", targets);
      break;
    case 3:
      (void)read_ci_workflow(text, ".github/workflows/a.yml", targets);
      break;
    case 4:
      (void)read_prometheus_rules(text, "rules.yml", targets);
      break;
    case 5:
      (void)read_kubernetes(text, "a.yml", targets);
      break;
    case 6:
      (void)read_log_pipeline(text, "fluent-bit.conf", targets);
      break;
    case 7:
      (void)read_managed_service(text, "main.tf");
      break;
    case 8:
      (void)read_cloudformation(text, "stack.yml");
      break;
    default:
      (void)read_runbook(text, "a.md");
      break;
  }
  return 0;
}
