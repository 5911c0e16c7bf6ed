#include "base/banner.h"

#include <array>

#include "base/text.h"

namespace rta {
namespace {

struct Banner {
  std::string_view start;
  std::string_view within;  // must stand in the first line as well; empty: nothing more
  std::string_view name;
};

// The more telling ones first. Texts are compared in lower case.
constexpr std::array kBanners{
    Banner{"ssh-", "", "SSH"},
    Banner{"http/", "", "HTTP"},
    Banner{"<html", "", "HTTP"},
    Banner{"<!doctype html", "", "HTTP"},
    Banner{"220", "ftp", "FTP"},
    Banner{"220", "", "SMTP"},
    Banner{"421", "", "SMTP"},
    Banner{"554", "", "SMTP"},
    Banner{"+ok", "", "POP3"},
    Banner{"* ok", "", "IMAP"},
    Banner{"* bye", "", "IMAP"},
    Banner{"amqp", "", "AMQP"},
    Banner{"rfb ", "", "VNC"},
    Banner{"info {", "", "NATS"},
    Banner{"error", "", "memcached"},
    Banner{"client_error", "", "memcached"},
    Banner{"@rsyncd:", "", "rsync"},
    Banner{"rtsp/", "", "RTSP"},
};

// The first packet of a MySQL or MariaDB server: length, number 0, protocol 10
// and a version, or an error packet.
bool is_mysql(ByteView bytes) {
  return bytes.size() > 5 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0 &&
         (bytes[4] == 0xff || (bytes[4] == 10 && bytes[5] >= '0' && bytes[5] <= '9'));
}

}  // namespace

std::string_view protocol_of(ByteView first_bytes) {
  const std::string_view all = as_text(first_bytes);
  const std::string line = lower_ascii(all.substr(0, all.find('\n')));
  for (const Banner& banner : kBanners)
    if (line.starts_with(banner.start) && line.contains(banner.within)) return banner.name;
  if (is_mysql(first_bytes)) return "MySQL";
  // RFC 854: negotiation of options comes first.
  if (first_bytes.size() > 2 && first_bytes[0] == 0xff && first_bytes[1] >= 0xfb) return "Telnet";
  // PostgreSQL's answer to something that is no start of a session.
  if (first_bytes.size() > 5 && first_bytes[0] == 'E' && first_bytes[1] == 0 &&
      first_bytes[5] == 'S')
    return "PostgreSQL";
  return {};
}

}  // namespace rta
