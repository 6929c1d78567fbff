// Loads a submission with nothing of ours in the process and prints the versions it was compiled against. So
// it also shows that the library finds LibTorch and the submission API by itself.

#include <cstdint>
#include <cstdio>

#include <dlfcn.h>

namespace {

// The first fields of SubmissionTable, whose layout never changes.
struct TableHead {
  uint32_t api_version;
  uint32_t table_bytes;
  const char* libtorch_version;
};

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count != 2) return 2;
  void* library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  auto entry = reinterpret_cast<const TableHead* (*)()>(dlsym(library, "timetrial_submission"));
  if (entry == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const TableHead* table = entry();
  std::printf("api %u libtorch %s\n", table->api_version, table->libtorch_version);
  std::fflush(stdout);
  return 0;
}
