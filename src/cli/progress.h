// Progress is one line on the terminal's standard error that is rewritten, and
// wiped at the end. It shows nothing elsewhere.
#pragma once

#include <string>

namespace rta {

class Progress {
 public:
  explicit Progress(bool wanted);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { show(""); }
  void show(const std::string& line) const;

 private:
  bool visible_;
};

}  // namespace rta
