#pragma once

// A call stack for people: functions by name, without the frames of the audit, of LibTorch's dispatcher and
// of the harness around the submission.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/waits/call_stack.h"
#include "harness/waits/symbol_file.h"

namespace timetrial {

// Whose code a frame is.
enum class FrameOwner {
  program,  // timetrial-worker: harness and workloads
  runtime,  // LibTorch and CUDA, our CUDA library included
  system,   // the C and C++ libraries, OpenMP
  library,  // anything else: the submission and what it brought
};

struct Frame {
  std::string function;  // demangled; "??" where it has no name
  std::string library;   // file name, without its folder
  uint64_t offset = 0;   // of the call in that file, as addr2line takes it
  FrameOwner owner = FrameOwner::library;
};

FrameOwner owner_of(const std::string& library, const std::string& program);

// One frame a line, innermost first: "function (library+0x1a2b)". Pure.
//   - what comes before the first frame of the runtime is the audit's own and left out
//   - of frames of runtime and system in a row only the one that was called from outside is kept
//   - frames behind the last one of a library are the harness's and left out; without one, all are kept
//   - at most 24
std::string stack_text(const std::vector<Frame>& frames);

// Finds the frames of call stacks. Reads each file once; one object for many stacks. Threads: one.
class FrameFinder {
 public:
  FrameFinder();
  std::vector<Frame> frames_of(const CallStack& stack);

 private:
  Frame frame_at(void* return_address);

  std::string program_;  // file name of ours
  std::map<void*, Frame> found_;
  std::map<std::string, SymbolFile> files_;
};

}  // namespace timetrial
