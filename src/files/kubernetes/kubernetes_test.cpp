#include "files/kubernetes/kubernetes.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace rta;
using namespace rta::files;

namespace {

KubernetesReading reading(const std::vector<ManifestText>& texts) {
  return read_kubernetes(texts, [](const std::string& name) {
    return name.contains("PASSWORD") ? std::optional<std::string>{"hidden"} : std::nullopt;
  });
}

ComposeServiceReading only(const std::vector<ManifestText>& texts) {
  const KubernetesReading all = reading(texts);
  REQUIRE(all.containers.size() == 1);
  return all.containers[0].reading;
}

std::string mounts(const ComposeServiceReading& container) {
  std::vector<std::string> all;
  for (const ComposeMount& mount : container.mounts)
    all.push_back(fmt::format("{} {} {} {:o}{}", mount.type, mount.source.empty() ? "-" : mount.source,
                              mount.target, mount.mode.value_or(0), mount.read_only ? " ro" : ""));
  return join(all, "; ");
}

const std::string kRedis = R"yaml(apiVersion: v1
kind: ConfigMap
metadata: {name: redis-config}
data:
  redis.conf: |
    port 0
    tls-port 6379
  other: x
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: redis
spec:
  template:
    spec:
      containers:
        - name: redis
          image: redis:7.2
          command: [redis-server]
          args: ["/etc/redis/redis.conf", "--maxclients", "$(LIMIT)"]
          env:
            - {name: LIMIT, value: "10"}
          volumeMounts:
            - {name: config, mountPath: /etc/redis}
            - {name: tls, mountPath: /tls, readOnly: true}
            - {name: data, mountPath: /data}
      volumes:
        - name: config
          configMap: {name: redis-config}
        - name: tls
          secret: {secretName: redis-tls, defaultMode: 0400}
        - name: data
          emptyDir: {}
)yaml";

}  // namespace

TEST_CASE("a workload runs its command with its arguments and the files of its volumes") {
  const ComposeServiceReading redis = only({{"k8s/redis.yaml", kRedis}});
  CHECK(redis.name == "statefulset/redis");
  const RedisLaunch launch = redis_launch(redis);
  REQUIRE(launch.argv);
  CHECK(join(*launch.argv, " ") == "redis-server /etc/redis/redis.conf --maxclients 10");
  CHECK(mounts(redis) ==
        "config - /etc/redis/other 644 ro; config - /etc/redis/redis.conf 644 ro; "
        "secret - /tls 400 ro; tmpfs - /data 0");
  CHECK(redis.mounts[1].content == "port 0\ntls-port 6379\n");
  CHECK(redis.mounts[1].content_at.text() == "k8s/redis.yaml:6:15");
}

TEST_CASE("variables are literal, of a ConfigMap, of a Secret, or of elsewhere") {
  const ComposeServiceReading app = only(
      {{"a.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {REDIS_HOST: redis, K: v}\n"},
       {"b.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: backend}\nspec:\n  template:\n"
        "    spec:\n      containers:\n      - name: app\n        image: x\n        envFrom:\n"
        "        - configMapRef: {name: c}\n        - secretRef: {name: s}\n        env:\n"
        "        - {name: REDIS_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: p}}}\n"
        "        - name: REDIS_URL\n          value: rediss://:$(REDIS_PASSWORD)@redis:6379\n"
        "        - {name: REDIS_TLS, valueFrom: {configMapKeyRef: {name: c, key: K}}}\n"
        "        - {name: REDIS_CA, valueFrom: {configMapKeyRef: {name: gone, key: K}}}\n"
        "        - {name: P, value: $$(X) $(Y)}\n"}});
  CHECK(app.name == "deployment/backend");
  const auto value = [&](const std::string& name) { return app.environment.at(name).value.value(); };
  CHECK(value("REDIS_HOST") == "redis");
  CHECK(value("REDIS_PASSWORD") == "hidden");
  CHECK(value("REDIS_URL") == "rediss://:hidden@redis:6379");
  CHECK_FALSE(app.environment.at("REDIS_URL").literal);
  CHECK(app.environment.at("REDIS_URL").location.text() == "b.yaml:16:18");
  CHECK(value("REDIS_TLS") == "v");
  CHECK(value("REDIS_CA").empty());
  CHECK(value("P") == "$(X) $(Y)");
  CHECK(join(app.left_out, ", ") == "Secret s, ConfigMap gone");
}

TEST_CASE("one key alone, items and a projected volume lie where they are mounted") {
  const std::string head =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a.conf: \"port 0\", b: x}\n---\n"
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: p\n"
      "    image: redis\n    volumeMounts: [{name: v, mountPath: ";
  CHECK(mounts(only({{"p.yaml", head + "/r.conf, subPath: a.conf}]\n  volumes:\n"
                                "  - {name: v, configMap: {name: c}}\n"}})) ==
        "config - /r.conf 644 ro");
  CHECK(mounts(only({{"p.yaml", head + "/e}]\n  volumes:\n"
                                "  - {name: v, configMap: {name: c, items: [{key: b, path: d/x}]}}\n"}})) ==
        "config - /e/d/x 644 ro");
  CHECK(mounts(only({{"p.yaml", head + "/e}]\n  volumes:\n  - name: v\n    projected:\n"
                                "      defaultMode: 0440\n      sources:\n      - configMap: {name: c, items: [{key: b, path: x}]}\n"
                                "      - secret: {name: s, items: [{key: k, path: k, mode: 0400}]}\n"}})) ==
        "config - /e/x 440 ro; secret - /e 440 ro; secret - /e/k 400 ro");
}

TEST_CASE("a kustomization makes ConfigMaps of files, a patch and a template are said") {
  const KubernetesReading all = reading(
      {{"k/base/kustomization.yaml",
        "configMapGenerator:\n- name: c\n  files: [redis.conf, x=../y.conf]\n  literals: [A=b]\n"},
       {"k/base/pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: p\n"
        "    image: redis\n    volumeMounts: [{name: v, mountPath: /e}]\n  volumes:\n"
        "  - {name: v, configMap: {name: c}}\n"},
       {"k/prod/kustomization.yml", "resources: [../base]\npatches: [{path: patch.yaml}]\n"},
       {"k/prod/patch.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p}\nspec: {template: {spec: "
        "{containers: [{name: p, env: []}]}}}\n"},
       {"chart/templates/redis.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Name }}}\n"},
       {"bad.yaml", "apiVersion: v1\nkind: Pod\nkind: Pod\n"}});
  REQUIRE(all.containers.size() == 1);
  CHECK(mounts(all.containers[0].reading) ==
        "config - /e/A 644 ro; config k/base/redis.conf /e/redis.conf 644 ro; "
        "config k/y.conf /e/x 644 ro");
  REQUIRE(all.gaps.size() == 3);
  CHECK(all.gaps[0].detail.starts_with("the manifest bad.yaml was not read"));
  CHECK(all.gaps[1].detail.find("chart/templates/redis.yaml") != std::string::npos);
  CHECK(all.gaps[2].detail.starts_with("2 patches of Kubernetes (k/prod/kustomization.yml)"));
}

TEST_CASE("jobs are told, and what is no workload is none") {
  const KubernetesReading all = reading(
      {{"j.yaml",
        "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: j}\nspec: {jobTemplate: {spec: "
        "{template: {spec: {containers: [{name: j, image: redis, command: [redis-cli]}]}}}}}\n"},
       {"l.yaml",
        "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: "
        "{containers: [{name: x, image: i}, {name: a, image: i}]}}\n- {kind: Service}\n"}});
  REQUIRE(all.containers.size() == 3);
  CHECK(all.containers[0].is_job);
  CHECK(all.containers[1].reading.name == "pod/a/x");
  CHECK(all.containers[2].reading.name == "pod/a");
}

TEST_CASE("containers that start first are read: beside the others, or to an end") {
  const KubernetesReading all = reading(
      {{"p.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: p, image: x}]\n"
        "  initContainers:\n  - {name: cache, image: redis:8, restartPolicy: Always, "
        "args: [redis-server, --port, \"6380\"]}\n  - {name: migrate, image: y}\n"}});
  REQUIRE(all.containers.size() == 3);
  CHECK(all.containers[1].reading.name == "pod/p/cache");
  CHECK_FALSE(all.containers[1].is_job);
  CHECK(redis_launch(all.containers[1].reading).argv);
  CHECK(all.containers[2].is_job);
}

TEST_CASE("workloads of other makers and manifests in JSON are read") {
  CHECK(only({{"r.yaml",
               "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r}\n"
               "spec: {template: {spec: {containers: [{name: r, image: x}]}}}\n"}})
            .name == "rollout/r");
  const std::string json =
      "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"metadata\": {\"name\": \"j\"},\n"
      "\t\"spec\": {\"containers\": [{\"name\": \"j\", \"image\": \"x\"}]}\n}\n";
  CHECK(may_be_manifest("a.json", json));
  CHECK_FALSE(may_be_manifest("package.json", "{\"kind\": 1}"));
  CHECK(only({{"a.json", json}}).name == "pod/j");
}

TEST_CASE("braces in the files of a ConfigMap make no template of the objects beside it") {
  const KubernetesReading all = reading(
      {{"a.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: p, image: x, "
        "volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, configMap: {name: c}}]}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: \"{{ $x }} is down\"\n"
        "---\napiVersion: v1\nkind: Pod\nmetadata: {name: \"{{ .Name }}\"}\n"
        "spec: {containers: [{name: q, image: x}]}\n"}});
  REQUIRE(all.containers.size() == 1);
  REQUIRE(all.containers[0].reading.mounts.size() == 1);
  CHECK_FALSE(all.containers[0].reading.mounts[0].content);
  REQUIRE(all.gaps.size() == 1);
  CHECK(all.gaps[0].detail.starts_with("1 template of Kubernetes (a.yaml)"));
}

TEST_CASE("what a patch changes is unknown, and nothing else is") {
  const std::string none = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: redis}\n";
  const auto changed = [&](const std::string& kustomization, const std::string& patch = "") {
    const KubernetesReading all = reading({{"k/redis.yaml", kRedis},
                                           {"k/kustomization.yaml", kustomization},
                                           {"k/patch.yaml", patch}});
    REQUIRE(all.containers.size() == 1);
    const ComposeServiceReading& redis = all.containers[0].reading;
    const RedisLaunch launch = redis_launch(redis);
    CHECK(launch.is_redis);
    CHECK(launch.argv.has_value() == redis.changed_by.empty());
    const bool has_map = std::ranges::any_of(
        redis.mounts, [](const ComposeMount& mount) { return mount.content.has_value(); });
    return redis.changed_by + (has_map ? "" : " map");
  };
  const std::string spec = "spec: {template: {spec: {containers: [{name: redis, ";
  const std::string file = "patches:\n- path: patch.yaml\n";
  CHECK(changed(file, none + spec + "args: [--port, \"1\"]}]}}}\n") == "the patch k/patch.yaml:1:1");
  CHECK(changed(file, none + spec + "image: \"redis:8\", args: [a]}]}}}\n").starts_with("the patch"));
  CHECK(changed(file, none + spec + "image: \"redis:8\", resources: {}}]}}}\n").empty());
  CHECK(changed(file, none + "spec: {replicas: 3}\n").empty());
  CHECK(changed("resources: []\n", none + spec + "args: [a]}]}}}\n").starts_with("the patch"));
  CHECK(changed(file, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: redis-config}\n"
                      "data: {redis.conf: port 1}\n") == " map");
  const auto steps = [](const std::string& target, const std::string& path) {
    return "patches:\n- target: {" + target + "}\n  patch: |-\n    - op: add\n      path: " + path +
           "\n      value: x\n";
  };
  const std::string args = "/spec/template/spec/containers/0/args/-";
  CHECK(changed(steps("kind: StatefulSet, name: redis", args)) ==
        "the patch k/kustomization.yaml:3:10");
  CHECK(changed(steps("kind: StatefulSet", args)).starts_with("the patch"));
  CHECK(changed(steps("name: red.*", args)).starts_with("the patch"));
  CHECK(changed(steps("kind: Deployment", args)).empty());
  CHECK(changed(steps("name: redis", "/spec/replicas")).empty());
  CHECK(changed(steps("name: redis", "/spec/template/spec/containers/0/resources/limits")).empty());
  CHECK(changed("patchesJson6902:\n- {target: {kind: StatefulSet, name: redis}, path: steps.yaml}\n")
            .starts_with("the patch"));
  CHECK(changed("patchesStrategicMerge:\n- |-\n  apiVersion: apps/v1\n  kind: StatefulSet\n"
                "  metadata: {name: redis}\n  spec: {template: {spec: {volumes: []}}}\n")
            .starts_with("the patch"));
  CHECK(changed("replacements:\n- targets: [{select: {kind: StatefulSet, name: redis}}]\n")
            .starts_with("the patch"));
}

TEST_CASE("variables that double each other stay within what a process can get") {
  std::string text =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: p\n"
      "    image: x\n    env:\n    - {name: V0, value: xxxxxxxx}\n";
  for (int i = 1; i < 60; ++i)
    text += fmt::format("    - {{name: V{0}, value: \"$(V{1})$(V{1})\"}}\n", i, i - 1);
  for (const auto& [name, variable] : only({{"p.yaml", text}}).environment)
    CHECK(variable.value->size() <= 128UL * 1024);
}

TEST_CASE("any truncation of a manifest is read without harm") {
  for (std::size_t size = 0; size <= kRedis.size(); ++size)
    CHECK(reading({{"x.yaml", kRedis.substr(0, size)}}).containers.size() <= 1);
}
