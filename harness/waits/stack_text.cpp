#include "harness/waits/stack_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string_view>

#include <cxxabi.h>
#include <dlfcn.h>

namespace timetrial {

namespace {

constexpr std::size_t kMostLines = 24;

constexpr std::array kRuntimePrefixes = {
    std::string_view("libtorch"),
    std::string_view("libc10"),
    std::string_view("libcu"),
    std::string_view("libnccl"),
    std::string_view("libnvToolsExt"),
    std::string_view("libnvrtc"),
    std::string_view("libtimetrial_cuda_device"),
};

constexpr std::array kSystemPrefixes = {
    std::string_view("libc."),    std::string_view("libm."),   std::string_view("libstdc++"),
    std::string_view("libgcc_s"), std::string_view("libgomp"), std::string_view("libpthread"),
    std::string_view("ld-linux"), std::string_view("libasan"), std::string_view("libtsan"),
};

template <typename Prefixes>
bool has_prefix_of(const Prefixes& prefixes, const std::string& library) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return library.starts_with(prefix); });
}

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && text ? text.get() : name;
}

bool is_foreign(const Frame& frame) {
  return frame.owner == FrameOwner::runtime || frame.owner == FrameOwner::system;
}

std::vector<Frame> shown_frames(const std::vector<Frame>& frames) {
  const auto owned_by = [](FrameOwner owner) {
    return [owner](const Frame& frame) { return frame.owner == owner; };
  };
  auto first = std::find_if(frames.begin(), frames.end(), owned_by(FrameOwner::runtime));
  if (first == frames.end()) first = frames.begin();
  const auto behind_library =
      std::find_if(frames.rbegin(), frames.rend(), owned_by(FrameOwner::library)).base();
  const auto last = behind_library > first ? behind_library : frames.end();
  std::vector<Frame> shown;
  for (auto frame = first; frame != last; ++frame) {
    if (is_foreign(*frame) && frame + 1 != last && is_foreign(*(frame + 1))) continue;
    shown.push_back(*frame);
  }
  return shown;
}

}  // namespace

FrameOwner owner_of(const std::string& library, const std::string& program) {
  if (library == program) return FrameOwner::program;
  if (has_prefix_of(kRuntimePrefixes, library)) return FrameOwner::runtime;
  if (has_prefix_of(kSystemPrefixes, library)) return FrameOwner::system;
  return FrameOwner::library;
}

std::string stack_text(const std::vector<Frame>& frames) {
  const std::vector<Frame> shown = shown_frames(frames);
  std::ostringstream text;
  for (std::size_t i = 0; i < std::min(shown.size(), kMostLines); ++i) {
    if (i > 0) text << '\n';
    text << shown[i].function << " (" << shown[i].library << "+0x" << std::hex << shown[i].offset << std::dec
         << ')';
  }
  if (shown.size() > kMostLines) text << "\n(" << shown.size() - kMostLines << " more)";
  return text.str();
}

FrameFinder::FrameFinder() {
  std::error_code error;
  program_ = std::filesystem::read_symlink("/proc/self/exe", error).filename().string();
}

std::vector<Frame> FrameFinder::frames_of(const CallStack& stack) {
  std::vector<Frame> frames;
  for (void* address : stack) {
    auto found = found_.find(address);
    if (found == found_.end()) found = found_.emplace(address, frame_at(address)).first;
    frames.push_back(found->second);
  }
  return frames;
}

Frame FrameFinder::frame_at(void* return_address) {
  // The call lies before the address it returns to, which may already belong to the next function.
  const std::uintptr_t call = reinterpret_cast<std::uintptr_t>(return_address) - 1;
  Dl_info info{};
  if (::dladdr(reinterpret_cast<void*>(call), &info) == 0 || info.dli_fname == nullptr)
    return {"??", "??", 0, FrameOwner::library};
  Frame frame;
  frame.offset = call - reinterpret_cast<std::uintptr_t>(info.dli_fbase);
  frame.library = std::filesystem::path(info.dli_fname).filename().string();
  frame.owner = owner_of(frame.library, program_);
  std::optional<std::string> name;
  if (!is_foreign(frame)) {  // those are large, and export what one would want to read
    const std::string file = frame.owner == FrameOwner::program ? "/proc/self/exe" : info.dli_fname;
    name = files_.try_emplace(file, file).first->second.function_at(frame.offset);
  }
  if (!name && info.dli_sname != nullptr) name = info.dli_sname;
  frame.function = name ? demangled(*name) : "??";
  return frame;
}

}  // namespace timetrial
