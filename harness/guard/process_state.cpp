#include "harness/guard/process_state.h"

#include <cstring>
#include <filesystem>
#include <fstream>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/isolation/process_tree.h"

namespace timetrial {

namespace {

std::string name_of(pid_t process) {
  std::ifstream stream("/proc/" + std::to_string(process) + "/comm");
  std::string name;
  std::getline(stream, name);
  return name;
}

std::map<std::string, std::string> read_environment() {
  std::map<std::string, std::string> environment;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const char* equals = std::strchr(*variable, '=');
    if (equals != nullptr)
      environment[std::string(*variable, static_cast<size_t>(equals - *variable))] = equals + 1;
  }
  return environment;
}

std::map<pid_t, std::string> read_processes(bool with_siblings) {
  std::map<pid_t, std::string> processes;
  for (const pid_t child : children_of_process(::getpid())) processes[child] = name_of(child);
  if (!with_siblings) return processes;
  for (const pid_t sibling : children_of_process(::getppid())) {
    if (sibling != ::getpid()) processes[sibling] = name_of(sibling);
  }
  return processes;
}

// Empty for a socket that leads nowhere beyond this machine.
std::string describe_socket(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "";
  char text[INET6_ADDRSTRLEN] = "";
  in_port_t port = 0;
  if (address.ss_family == AF_INET) {
    const auto* own = reinterpret_cast<const sockaddr_in*>(&address);
    if ((ntohl(own->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET) return "";
    ::inet_ntop(AF_INET, &own->sin_addr, text, sizeof(text));
    port = own->sin_port;
  } else if (address.ss_family == AF_INET6) {
    const auto* own = reinterpret_cast<const sockaddr_in6*>(&address);
    if (IN6_IS_ADDR_LOOPBACK(&own->sin6_addr)) return "";
    ::inet_ntop(AF_INET6, &own->sin6_addr, text, sizeof(text));
    port = own->sin6_port;
  } else {
    return "";
  }
  int type = 0;
  size = sizeof(type);
  ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size);
  return std::string(type == SOCK_STREAM ? "TCP" : "UDP") + " socket, from " + text + ":" +
         std::to_string(ntohs(port));
}

std::map<uint64_t, std::string> read_sockets() {
  std::map<uint64_t, std::string> sockets;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
    const int descriptor = std::atoi(entry.path().filename().c_str());
    struct stat status {};
    if (::fstat(descriptor, &status) != 0 || !S_ISSOCK(status.st_mode)) continue;
    if (const std::string text = describe_socket(descriptor); !text.empty()) sockets[status.st_ino] = text;
  }
  return sockets;
}

std::array<std::uintptr_t, NSIG> read_signal_handlers() {
  std::array<std::uintptr_t, NSIG> handlers{};
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    handlers[static_cast<size_t>(signal)] = reinterpret_cast<std::uintptr_t>(
        (action.sa_flags & SA_SIGINFO) != 0 ? reinterpret_cast<void*>(action.sa_sigaction)
                                            : reinterpret_cast<void*>(action.sa_handler));
  }
  return handlers;
}

std::string changed_variable(const ProcessState& before, const ProcessState& now) {
  for (const auto& [name, value] : now.environment) {
    const auto old = before.environment.find(name);
    if (old == before.environment.end()) return name + " was added";
    if (old->second != value) return name + " was changed";
  }
  for (const auto& [name, value] : before.environment) {
    if (!now.environment.contains(name)) return name + " was removed";
  }
  return "";
}

std::string signal_name(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? "SIG" + std::string(name) : std::to_string(signal);
}

}  // namespace

ProcessState read_process_state(bool with_siblings) {
  return {read_environment(), read_signal_handlers(), read_processes(with_siblings), read_sockets()};
}

std::optional<std::string> forbidden_change(const ProcessState& before, const ProcessState& now) {
  if (const std::string change = changed_variable(before, now); !change.empty())
    return "it changed the environment: " + change + ". To cure it: leave environment variables alone";
  for (int signal = 1; signal < NSIG; ++signal) {
    const auto place = static_cast<size_t>(signal);
    if (before.signal_handlers[place] == now.signal_handlers[place]) continue;
    return "it changed what happens at the signal " + signal_name(signal) +
           ". To cure it: install no signal handlers";
  }
  for (const auto& [process, name] : now.processes) {
    if (before.processes.contains(process)) continue;
    return "it started a process: " + name + ", number " + std::to_string(process) +
           ". To cure it: start none";
  }
  for (const auto& [inode, text] : now.sockets) {
    if (before.sockets.contains(inode)) continue;
    return "it opened a network connection: " + text + ". To cure it: do not use the network";
  }
  return std::nullopt;
}

}  // namespace timetrial
