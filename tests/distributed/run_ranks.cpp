#include "run_ranks.h"

#include <chrono>
#include <exception>
#include <iostream>
#include <thread>
#include <vector>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace timetrial {
namespace {

constexpr auto kPatience = std::chrono::seconds(200);
constexpr double kGroupTimeout = 60;
constexpr int kFailed = 1;

std::string name_of_launch() {
  static int launches = 0;
  return std::to_string(::getpid()) + "-" + std::to_string(++launches);
}

[[noreturn]] void be_rank(const RankPlace& place, const std::filesystem::path& folder,
                          const std::function<void(ProcessGroup&)>& body) {
  int code = 0;
  try {
    at::set_num_threads(1);
    ProcessGroup group(place, folder, c10::kCPU, kGroupTimeout);
    body(group);
    if (::testing::Test::HasFailure()) code = kFailed;
  } catch (const std::exception& error) {
    std::cerr << "rank " << place.rank << ": " << error.what() << std::endl;
    code = kFailed;
  }
  std::cout.flush();
  ::_exit(code);
}

}  // namespace

void run_ranks(int64_t ranks, const std::filesystem::path& folder,
               const std::function<void(ProcessGroup&)>& body) {
  const std::string launch = name_of_launch();
  std::vector<pid_t> processes;
  for (int64_t rank = 0; rank < ranks; ++rank) {
    const pid_t process = ::fork();
    ASSERT_GE(process, 0);
    if (process == 0) be_rank({rank, ranks, rank, launch, true}, folder, body);
    processes.push_back(process);
  }
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (size_t rank = 0; rank < processes.size(); ++rank) {
    int status = 0;
    while (::waitpid(processes[rank], &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > end) ::kill(processes[rank], SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_FALSE(WIFSIGNALED(status))
        << "rank " << rank << " of " << ranks << ": signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0) << "rank " << rank << " of " << ranks;
  }
}

}  // namespace timetrial
