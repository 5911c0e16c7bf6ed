#include "cli/cli.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <functional>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit_code.h"

namespace rta {
namespace {

constexpr const char* kFooter =
    "Exit codes: 0 the gate holds, 1 it does not, 2 wrong usage or unreadable\n"
    "input, 3 nothing fails but something required is not known.";

// The flags and commands that the deepest command on the line knows.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  for (const CLI::App* command : app.get_subcommands({})) words.push_back(command->get_name());
  return words;
}

const CLI::App& deepest(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : deepest(*chosen.back());
}

// "redis-tls-audit checks explain"
std::string full_name(const CLI::App& command) {
  std::string name = command.get_name();
  for (const CLI::App* parent = command.get_parent(); parent != nullptr;
       parent = parent->get_parent())
    name = parent->get_name() + " " + name;
  return name;
}

// No line of the help is wider than a terminal: descriptions go on below
// themselves.
std::string help_of(const CLI::App& command) {
  constexpr std::size_t kWidth = 80;
  constexpr std::size_t kDescriptions = 30;  // CLI11's column
  const std::string above =
      command.get_parent() == nullptr ? std::string{} : full_name(*command.get_parent());
  const std::string help = command.help(above);
  std::string text;
  for (std::string_view line : split(help, '\n')) {
    std::size_t indent = 0;
    while (indent + line.size() > kWidth) {
      const std::size_t end = line.rfind(' ', kWidth - indent);
      if (end == std::string_view::npos || end + indent <= kDescriptions) break;
      text.append(line.substr(0, end)).append("\n").append(kDescriptions, ' ');
      line.remove_prefix(end + 1);
      indent = kDescriptions;
    }
    text.append(line).append("\n");
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

int tell_wrong_usage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = deepest(app);
  Error told{printable(error.what()), "", ""};
  const auto stray = command.remaining(true);
  if (!stray.empty()) {
    const std::string word = stray.front().substr(0, stray.front().find('='));
    told.what = fmt::format("unknown {} \"{}\"", word.starts_with('-') ? "flag" : "word",
                            printable(word, 60));
    const auto close = did_you_mean(word, known_words(command));
    if (word == "--password" || word == "-a" || word == "--pass")
      told.remedy = "everybody on this machine can read command lines: use --password-file FILE";
    else if (close)
      told.remedy = fmt::format("did you mean \"{}\"?", *close);
  }
  if (told.remedy.empty())
    told.remedy = fmt::format("`{} --help` tells more", full_name(command));
  return usage_error(told);
}

// Everything that the command line can say; `action` is what was asked for.
struct CommandLine {
  CLI::App app{"Audits a Redis TLS deployment, with evidence for every verdict.",
               "redis-tls-audit"};
  RawOptions raw;
  std::string evidence_path;
  std::string name;
  std::string profile = "hipaa";
  bool hardened = false;
  bool keep = false;
  std::function<int()> action;

  CommandLine();
  void add_scan();
  void add_halves();
  void add_demo();
  void add_catalogue();
  void add_probe();
  void add_rehearse();
};

CommandLine::CommandLine() {
  app.footer(kFooter);
  app.set_version_flag("--version", std::string{"redis-tls-audit "} + RTA_VERSION);
  app.require_subcommand(1);
  add_scan();
  add_halves();
  add_demo();
  add_probe();
  add_rehearse();
  add_catalogue();
}

void CommandLine::add_scan() {
  CLI::App* scan = app.add_subcommand("scan", "audit a project and the endpoints it names");
  scan->add_option("project", raw.project, "the project's directory (. unless --target is given)")
      ->type_name("DIR");
  add_collecting_flags(*scan, raw);
  add_judging_flags(*scan, raw);
  scan->footer(kFooter);
  scan->callback([this] {
    action = [this] {
      if (raw.project.empty() && raw.targets.empty() && raw.config_file.empty()) raw.project = ".";
      return scan_command(raw);
    };
  });
}

void CommandLine::add_halves() {
  CLI::App* collect = app.add_subcommand("collect", "gather evidence and write it as JSON");
  collect->add_option("project", raw.project, "the project's directory")->type_name("DIR");
  collect->add_option("-o,--output", evidence_path, "file for the evidence (standard output)")
      ->type_name("FILE");
  collect->add_option("-p,--profile", raw.profile, "gather what this profile's checks need")
      ->type_name("NAME");
  collect->add_option("--attestations", raw.attestations, "TOML file of dated statements")
      ->type_name("FILE");
  add_collecting_flags(*collect, raw);
  collect->callback([this] {
    action = [this] {
      if (raw.project.empty() && raw.targets.empty() && raw.config_file.empty()) raw.project = ".";
      return collect_command(raw, evidence_path);
    };
  });

  CLI::App* evaluate = app.add_subcommand("evaluate", "judge evidence again; touches nothing");
  evaluate
      ->add_option("evidence", evidence_path, "evidence written by collect; - is standard input")
      ->required()
      ->type_name("FILE");
  evaluate->add_option("--now", raw.now, "judge as of this instant")->type_name("TIME");
  add_judging_flags(*evaluate, raw);
  evaluate->callback([this] { action = [this] { return evaluate_command(raw, evidence_path); }; });
}

void CommandLine::add_demo() {
  CLI::App* demo = app.add_subcommand("demo", "audit the guide's own project on a private Redis");
  demo->add_flag("--hardened", hardened, "the project as it ought to be");
  demo->add_flag("--keep", keep, "leave the project's directory behind");
  add_judging_flags(*demo, raw);
  demo->add_option("--timeout", raw.timeout_seconds, "seconds for the endpoint")
      ->type_name("SECONDS");
  demo->add_option("--now", raw.now, "evaluate as of this instant")->type_name("TIME");
  demo->add_flag("--aggressive", raw.aggressive, "do not pace probes");
  demo->callback([this] { action = [this] { return demo_command(raw, hardened, keep); }; });
}

void CommandLine::add_probe() {
  CLI::App* probe = app.add_subcommand("probe", "survey what TLS endpoints offer, without judging");
  probe->add_option("endpoint", raw.targets, "HOST:PORT, also of servers that are not Redis")
      ->required()
      ->type_name("HOST:PORT");
  add_survey_flags(*probe, raw);
  CLI::Option* gate = probe->add_flag(
      "--gate", raw.gate, "offer only what the profile forbids: about ten connections");
  probe
      ->add_option("--only", raw.only,
                   "ask for these alone: versions, suites, groups, behaviour, certificates, "
                   "sessions; the others are told as not asked for")
      ->type_name("PART,...")
      ->excludes(gate);
  probe->add_option("-p,--profile", raw.profile, "what --gate forbids (hipaa)")
      ->type_name("NAME|FILE");
  probe
      ->add_option("-o,--output", raw.outputs,
                   "what to write: text or json, with =PATH to a file (text)")
      ->type_name("FORMAT[=PATH]")
      ->take_all()
      ->allow_extra_args(false);
  probe->add_option("--color", raw.colour, "auto, always or never")
      ->type_name("WHEN")
      ->capture_default_str();
  probe->footer(
      "Exit codes: 0 every endpoint was surveyed to the end, 1 one answers without\n"
      "TLS, 2 wrong usage, 3 one was not reached or left something open.");
  probe->callback([this] { action = [this] { return probe_command(raw); }; });
}

void CommandLine::add_rehearse() {
  CLI::App* rehearse = app.add_subcommand(
      "rehearse", "boot the project's own Redis configuration privately and audit that");
  rehearse->add_option("project", raw.project, "the project's directory (.)")->type_name("DIR");
  add_judging_flags(*rehearse, raw);
  rehearse->add_option("--now", raw.now, "evaluate as of this instant")->type_name("TIME");
  rehearse->callback([this] {
    action = [this] {
      if (raw.project.empty()) raw.project = ".";
      raw.ci = true;
      return scan_command(raw);
    };
  });
}

void CommandLine::add_catalogue() {
  CLI::App* checks = app.add_subcommand("checks", "the checks of this build");
  checks->require_subcommand(1);
  CLI::App* list = checks->add_subcommand("list", "one line a check");
  list->add_option("-p,--profile", profile, "with the severities of this profile")
      ->type_name("NAME");
  list->callback([this] { action = [this] { return checks_list_command(profile); }; });
  CLI::App* explain =
      checks->add_subcommand("explain", "what a check looks at, why, and how to fix it");
  explain->add_option("check", name, "RTA-CIP-002 or ciphers/no_static_key_exchange")->required();
  explain->callback([this] { action = [this] { return checks_explain_command(name); }; });

  CLI::App* profiles = app.add_subcommand("profiles", "what is judged by");
  profiles->require_subcommand(1);
  profiles->add_subcommand("list", "one line a profile")->callback([this] {
    action = profiles_list_command;
  });
  CLI::App* show = profiles->add_subcommand("show", "every parameter of a profile");
  show->add_option("profile", name, "a name or a TOML file")->required();
  show->callback([this] { action = [this] { return profiles_show_command(name); }; });
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  ::signal(SIGPIPE, SIG_IGN);
  CommandLine line;
  try {
    line.app.parse(argc, argv);
    return line.action();
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", help_of(deepest(line.app)));
    return exit_code::kPass;
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return exit_code::kPass;
  } catch (const CLI::ParseError& error) {
    return tell_wrong_usage(line.app, error);
  } catch (const std::exception& error) {
    return usage_error(
        {printable(error.what()), "", "this is a defect of the program; please report it"});
  }
}

}  // namespace rta
