// What the sanitizers' runtimes are told in every program of a build that has them. ASAN_OPTIONS,
// LSAN_OPTIONS and TSAN_OPTIONS of the environment are read after it and prevail.

// Signals keep their meaning: that a submission crashed, and by which signal, is what trials record. What a
// sanitizer finds in a worker ends it by a signal as well, since an exit code may mean something else. Memory
// that there is not is refused, as without a sanitizer.
#define TIMETRIAL_COMMON                                                          \
  "handle_segv=0:handle_sigbus=0:handle_abort=0:handle_sigill=0:handle_sigfpe=0:" \
  "abort_on_error=1:allocator_may_return_null=1"

extern "C" const char* __asan_default_options() {
  return TIMETRIAL_COMMON ":check_initialization_order=1:strict_init_order=1";
}

// LibTorch, OpenBLAS and OpenMP are not instrumented: what they read and write is not looked at, what they
// lock is.
extern "C" const char* __tsan_default_options() {
  return TIMETRIAL_COMMON ":ignore_noninstrumented_modules=1:halt_on_error=1:second_deadlock_stack=1";
}
