#include "harness/isolation/shared_namespaces.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr size_t kMost = 3;  // user, network, IPC

// What the process that makes the namespaces says of them; the descriptors go beside it.
struct Answer {
  int error = 0;
  size_t count = 0;
};

union DescriptorMessage {
  cmsghdr header;
  std::array<char, CMSG_SPACE(kMost * sizeof(int))> bytes;
};

bool write_text(const char* path, const char* text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  const bool written = file >= 0 && ::write(file, text, std::strlen(text)) == ssize_t(std::strlen(text));
  if (file >= 0) ::close(file);
  return written;
}

// A user namespace in which we are who we are.
bool enter_user_namespace() {
  const unsigned user = ::geteuid(), group = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) return false;
  std::array<char, 64> line{};
  std::snprintf(line.data(), line.size(), "%u %u 1", user, user);
  if (!write_text("/proc/self/uid_map", line.data())) return false;
  std::snprintf(line.data(), line.size(), "%u %u 1", group, group);
  return write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/gid_map", line.data());
}

bool raise_loopback() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", IFNAMSIZ - 1);
  bool up = socket >= 0 && ::ioctl(socket, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags |= IFF_UP;
  up = up && ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
  if (socket >= 0) ::close(socket);
  return up;
}

// Runs in a child of a process that may have threads: system calls only.
Answer make_and_open(std::array<int, kMost>& descriptors) {
  Answer answer;
  const auto open_own = [&](const char* path) {
    descriptors[answer.count] = ::open(path, O_RDONLY | O_CLOEXEC);
    return descriptors[answer.count++] >= 0;
  };
  constexpr int kBoth = CLONE_NEWNET | CLONE_NEWIPC;
  bool made = ::unshare(kBoth) == 0;
  if (!made && errno == EPERM)
    made = enter_user_namespace() && open_own("/proc/self/ns/user") && ::unshare(kBoth) == 0;
  made = made && raise_loopback() && open_own("/proc/self/ns/net") && open_own("/proc/self/ns/ipc");
  if (!made) answer = {errno, 0};
  return answer;
}

void send(int socket, Answer answer, const std::array<int, kMost>& descriptors) {
  DescriptorMessage control{};
  iovec part{&answer, sizeof answer};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (answer.count > 0) {
    message.msg_control = control.bytes.data();
    message.msg_controllen = CMSG_SPACE(answer.count * sizeof(int));
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(answer.count * sizeof(int));
    std::memcpy(CMSG_DATA(&control.header), descriptors.data(), answer.count * sizeof(int));
  }
  ::sendmsg(socket, &message, MSG_NOSIGNAL);
}

Answer receive(int socket, std::vector<FileDescriptor>& descriptors) {
  Answer answer;
  DescriptorMessage control{};
  iovec part{&answer, sizeof answer};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  ssize_t taken = 0;
  while ((taken = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  if (taken != ssize_t(sizeof answer)) return {ECONNRESET, 0};
  for (size_t i = 0; i < answer.count; ++i) {
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(&control.header) + i * sizeof(int), sizeof descriptor);
    descriptors.emplace_back(descriptor);
  }
  return answer;
}

std::string try_to_make() {
  try {
    SharedNamespaces::make();
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

}  // namespace

SharedNamespaces SharedNamespaces::make() {
  int ends[2] = {-1, -1};
  const auto refuse = [](int error) {
    throw UserError({"the ranks of a trial can have no network of their own", "", std::strerror(error),
                     "allow unprivileged user namespaces (sysctl user.max_user_namespaces, "
                     "kernel.unprivileged_userns_clone, or the container's own settings)"});
  };
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) refuse(errno);
  const FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    std::array<int, kMost> descriptors{};
    send(ends[1], make_and_open(descriptors), descriptors);
    ::_exit(0);
  }
  if (child < 0) refuse(errno);
  theirs = FileDescriptor();
  SharedNamespaces namespaces;
  const Answer answer = receive(ours.get(), namespaces.namespaces_);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (answer.error != 0) refuse(answer.error);
  std::string folder = "/dev/shm/timetrial-ranks-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) refuse(errno);
  namespaces.memory_folder_ = folder;
  return namespaces;
}

SharedNamespaces::~SharedNamespaces() {
  std::error_code ignored;
  if (!memory_folder_.empty()) std::filesystem::remove_all(memory_folder_, ignored);
}

SharedNamespaces::SharedNamespaces(SharedNamespaces&& other) noexcept
    : namespaces_(std::move(other.namespaces_)), memory_folder_(std::exchange(other.memory_folder_, {})) {}

std::vector<int> SharedNamespaces::descriptors() const {
  std::vector<int> descriptors;
  for (const FileDescriptor& each : namespaces_) descriptors.push_back(each.get());
  return descriptors;
}

const std::string& shared_namespaces_refusal() {
  static const std::string refusal = try_to_make();
  return refusal;
}

bool join_namespaces(const std::vector<int>& descriptors) {
  for (const int descriptor : descriptors) {
    if (::setns(descriptor, 0) != 0) return false;
  }
  return true;
}

}  // namespace timetrial
