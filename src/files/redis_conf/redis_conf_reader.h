// RedisConfReader is the state of one server while it reads its configuration;
// read_redis_conf() is the way in.
#pragma once

#include "files/redis_conf/redis_acl.h"
#include "files/redis_conf/redis_conf.h"
#include "files/redis_conf/redis_directives.h"

namespace rta {

// ConfigText is what the server parses in one go: a file, several files that
// a glob named, standard input and options, joined as Redis joins them.
struct ConfigText {
  std::string text;
  std::vector<SourceLocation> lines;    // where each line begins
  std::size_t options_from = SIZE_MAX;  // first line of the command line

  void append(std::string_view more, const std::string& path);
};

class RedisConfReader {
 public:
  RedisConfReader(const RedisConfInput& input, const RedisConfFiles& files);
  RedisConfReading run() &&;

 private:
  struct Line {
    std::vector<std::string> words;
    SourceLocation location;
    int number = 0;
    bool from_command_line = false;
  };
  struct RawDirective {
    std::string name;
    std::vector<std::string> words;
    SourceLocation location;
  };

  bool append_file(const std::string& name, ConfigText& config);
  bool append_one_file(const std::string& path, const std::string& shown, ConfigText& config);
  bool read_text(const ConfigText& config, std::size_t depth);
  bool read_line(const Line& line, std::size_t depth);
  bool set_directive(const DirectiveInfo& directive, const Line& line);
  bool set_directory(const Line& line);
  bool include(const Line& line, std::size_t depth);
  bool rename_command(const Line& line);
  bool add_user(const Line& line);
  bool take_newer(const Line& line);
  void note(const Line& line, const std::string& name);
  bool refuse(const Line& line, const std::string& words);
  bool refuse_start(const std::string& words, const std::string& directive);
  bool after_text(Line last);

  // What happens after the text was read.
  bool start();
  bool start_tls();
  bool start_listeners();
  bool listen(const std::string& directive);
  bool start_cluster();
  bool load_users();
  bool load_user(const AclUserLine& line);
  bool load_acl_file();
  void tell_effective();
  void tell_duplicates();

  [[nodiscard]] const std::string& value(const std::string& name) const { return values_.at(name); }
  [[nodiscard]] bool is_yes(const std::string& name) const { return value(name) == "yes"; }

  const RedisConfInput& input_;
  const RedisConfFiles& files_;
  RedisConfReading reading_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::vector<RawDirective>> seen_;
  std::vector<AclUserLine> users_to_load_;
  std::map<std::string, AclRules> users_;
  std::map<std::string, SourceLocation> users_at_;
  std::set<std::string> removed_commands_, added_commands_;
  std::string directory_;
  std::string module_setting_;
  // Directives read since a file that could not be looked into; absent: none.
  std::optional<std::set<std::string>> known_since_gap_;
  std::size_t included_ = 0;
  std::size_t bytes_read_ = 0;
  bool save_seen_ = false;
  bool sentinel_ = false;
};

}  // namespace rta
