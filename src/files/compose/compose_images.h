// What the entry points of published Redis images make of a service's
// environment: the redis-server arguments that come to the same. Pure.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace rta {

struct ComposeServiceReading;

// "docker.io/bitnami/redis:8.2@sha256:..." -> "bitnami/redis"
std::string_view image_repository(std::string_view image);

// By its name, whoever publishes it.
bool is_redis_image(std::string_view image);
// Stands for a secret that is kept elsewhere: in an env file that a checkout does
// not hold, or in a file that only the container reads.
inline constexpr std::string_view kLeftOutSecret = "kept-out-of-the-checkout";

// Speaks Redis, and is no redis-server: Dragonfly, Garnet, Kvrocks. Their
// options are their own.
bool is_other_server(std::string_view image);
// bitnami/redis and its successors, which write redis.conf from REDIS_TLS_ENABLED and the rest.
bool is_bitnami_redis(std::string_view image);
// redis-stack, which adds the words of REDIS_ARGS.
bool is_redis_stack(std::string_view image);
// Images whose entry point starts redis-server without arguments when none are given.
bool starts_with_defaults(std::string_view image);

// The arguments, or why they cannot be told.
using ImageArguments = std::expected<std::vector<std::string>, std::string>;
ImageArguments bitnami_arguments(const ComposeServiceReading& service);
ImageArguments redis_stack_arguments(const ComposeServiceReading& service);

}  // namespace rta
