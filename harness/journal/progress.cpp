#include "harness/journal/progress.h"

#include <atomic>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/journal/durable_file.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr uint64_t kMagic = 0x32474f5250545254;  // "TRTPROG2"

// A sequence lock: odd while being written, so that a reader never takes half an update for a whole one.
struct Page {
  uint64_t magic;
  std::atomic<uint64_t> sequence;
  Progress progress;
};
static_assert(sizeof(Page) <= 64);
static_assert(std::atomic<uint64_t>::is_always_lock_free);

std::filesystem::path progress_path(const std::filesystem::path& trial_directory) {
  return trial_directory / kProgressFile;
}

}  // namespace

ProgressWriter::ProgressWriter(const std::filesystem::path& trial_directory) {
  const std::filesystem::path file = progress_path(trial_directory);
  const FileDescriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  // posix_fallocate, because a store into a hole on a full disk would kill the process.
  if (!descriptor.valid()) throw_file_error("cannot be opened for writing", file, errno);
  if (const int error = ::posix_fallocate(descriptor.get(), 0, sizeof(Page)); error != 0) {
    throw_file_error("cannot be written", file, error);
  }
  page_ = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.get(), 0);
  if (page_ == MAP_FAILED) throw_file_error("cannot be mapped", file, errno);
  Page* page = static_cast<Page*>(page_);
  // What an earlier worker showed last stands until the first write: it measures what its death lost, also
  // when this one dies on its way.
  if (page->magic == kMagic && page->sequence.load(std::memory_order_relaxed) % 2 == 0) return;
  page->sequence.store(0, std::memory_order_relaxed);
  page->progress = Progress{};
  page->magic = kMagic;
}

ProgressWriter::~ProgressWriter() {
  ::munmap(page_, sizeof(Page));
}

void ProgressWriter::write(const Progress& progress) {
  Page* page = static_cast<Page*>(page_);
  const uint64_t sequence = page->sequence.load(std::memory_order_relaxed);
  page->sequence.store(sequence + 1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_release);
  page->progress = progress;
  page->sequence.store(sequence + 2, std::memory_order_release);
}

std::optional<Progress> read_progress(const std::filesystem::path& trial_directory) {
  const FileDescriptor descriptor(::open(progress_path(trial_directory).c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid()) return std::nullopt;
  for (int attempt = 0; attempt < 100; ++attempt) {
    alignas(Page) char bytes[sizeof(Page)];
    if (::pread(descriptor.get(), bytes, sizeof(bytes), 0) != static_cast<ssize_t>(sizeof(bytes)))
      return std::nullopt;
    const Page* page = reinterpret_cast<const Page*>(bytes);
    if (page->magic != kMagic) return std::nullopt;
    const uint64_t before = page->sequence.load();
    uint64_t after = 0;
    if (::pread(descriptor.get(), &after, sizeof(after), offsetof(Page, sequence)) !=
        static_cast<ssize_t>(sizeof(after))) {
      return std::nullopt;
    }
    if (before == after && before % 2 == 0) return page->progress;
  }
  return std::nullopt;
}

}  // namespace timetrial
