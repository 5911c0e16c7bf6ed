// redis.conf with its includes, standard input and the command line, read as
// redis-server 7.0.15 reads them (src/config.c): what it would start with, or
// why it would refuse. Pure: files come through RedisConfFiles. Any thread.
#pragma once

#include <redis_tls_audit/facts/redis_conf.h>
#include <redis_tls_audit/result.h>
#include <redis_tls_audit/secret.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rta {

// TlsMaterial is what the server would hand to OpenSSL at start-up.
struct TlsMaterial {
  std::string certificate_file, key_file, key_passphrase;
  std::string client_certificate_file, client_key_file, client_key_passphrase;
  std::string ca_file, ca_directory, dh_file, ciphers, cipher_suites;
};

// RedisConfFiles is how the reader sees the world of that server. A path is as
// written when it is absolute, else already joined to the working directory.
// Every function may be empty: then the answer is "not known".
struct RedisConfFiles {
  struct Text {
    std::string text;        // of a file that was read
    std::string path;        // under which it is shown: relative to the project
    std::string refusal;     // strerror() when the server could not open it either
    std::optional<Gap> gap;  // this program may not look: the server might
  };
  std::function<Text(const std::string& path)> read;
  std::function<std::vector<std::string>(const std::string& pattern)> glob;  // sorted
  // Empty = fine or not known, else strerror().
  std::function<std::string(const std::string& path)> enter_directory;
  std::function<std::string(const std::string& path)> append_to;  // logfile
  // The numeric address under which this machine can listen, if it can.
  std::function<std::optional<std::string>(const std::string& address)> listen_address;
  // Empty = OpenSSL takes it, else the reason.
  std::function<std::string(const TlsMaterial&)> configure_tls;
};

struct RedisConfInput {
  std::vector<std::string> arguments;  // behind "redis-server"
  std::string standard_input;          // used when an argument is "-"
  std::string working_directory;       // of the server; "" = not known
  std::string source;                  // RedisConfiguration::source
  SourceLocation command_line_at;      // of directives from the command line
  bool container_image = false;        // protected-mode is compiled to "no"
  bool sentinel = false;               // the file is for redis-sentinel
  // Take directives of later releases, and note them: the server that will
  // read this file may be newer than 7.0.
  bool accept_newer = false;
};

// RedisConfReading holds secrets: it stays inside the collector that made it.
struct RedisConfReading {
  RedisConfiguration facts;
  std::map<std::string, Secret> secrets;  // requirepass and its like, when set
  std::map<std::string, SourceLocation> secrets_at;
  std::vector<std::string> user_passwords;  // of user lines and the ACL file
  std::vector<std::string> listeners;       // "127.0.0.1:6379", "[::1]:6379"
  std::string working_directory;            // after the last `dir`
  int redis_line = 0;                       // of a refusal, as Redis counts
};

RedisConfReading read_redis_conf(const RedisConfInput& input, const RedisConfFiles& files);

// `path` as the server opens it from `directory`.
std::string join_path(const std::string& directory, const std::string& path);

}  // namespace rta
