#include "harness/isolation/sandboxed_command.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// Bubblewrap tells a signal as shells do.
constexpr int kSignalBase = 128;

}  // namespace

std::vector<std::string> sandboxed_command(const std::vector<std::string>& command, const SandboxView& view,
                                           int status_descriptor) {
  std::vector<std::string> line = {"bwrap",
                                   "--unshare-pid",
                                   "--unshare-uts",
                                   "--unshare-cgroup-try",
                                   "--die-with-parent",
                                   "--new-session",
                                   "--cap-drop",
                                   "ALL",
                                   "--json-status-fd",
                                   std::to_string(status_descriptor)};
  const auto add = [&](std::initializer_list<std::string> words) {
    line.insert(line.end(), words.begin(), words.end());
  };
  const std::string room = std::to_string(view.temporary_bytes);
  if (view.shared_memory.empty()) add({"--unshare-net", "--unshare-ipc"});
  add({"--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"});
  if (view.shared_memory.empty()) {
    add({"--size", room, "--tmpfs", "/dev/shm"});
  } else {
    add({"--bind", view.shared_memory, "/dev/shm"});
  }
  for (const std::string& device : view.devices) add({"--dev-bind-try", device, device});
  for (const std::string& folder : view.hidden) add({"--size", room, "--tmpfs", folder});
  for (const std::string& path : view.readable) add({"--ro-bind", path, path});
  for (const std::string& path : view.writable) add({"--bind", path, path});
  for (const std::string& file : view.masked_files) add({"--ro-bind", "/dev/null", file});
  for (const std::string& folder : view.masked_folders) add({"--tmpfs", folder, "--remount-ro", folder});
  for (const std::string& folder : view.hidden) {
    if (folder != "/tmp" && folder != "/var/tmp") add({"--remount-ro", folder});
  }
  add({"--chdir", view.folder, "--"});
  line.insert(line.end(), command.begin(), command.end());
  return line;
}

SandboxStatus sandbox_status_from(const std::string& text) {
  SandboxStatus status;
  std::istringstream lines(text.substr(0, text.rfind('\n') + 1));
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!object.is_object())
      throw UserError(
          {"bubblewrap's status cannot be understood", "", line, "install bubblewrap 0.8 or newer"});
    status.first_process = object.value("child-pid", status.first_process);
    if (!object.contains("exit-code")) continue;
    status.ended = true;
    const int code = object.at("exit-code").get<int>();
    status.signal = code > kSignalBase ? code - kSignalBase : 0;
    status.exit_code = status.signal != 0 ? 0 : code;
  }
  return status;
}

}  // namespace timetrial
