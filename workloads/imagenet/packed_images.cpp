#include "workloads/imagenet/packed_images.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr std::string_view kMagic = "ttimages";
constexpr uint64_t kHeader = 24;  // magic, digest, count
constexpr uint64_t kNumber = sizeof(uint64_t);

void append(std::string& text, uint64_t number) {
  for (unsigned i = 0; i < kNumber; ++i) text += static_cast<char>(number >> (8 * i) & 0xFF);
}

// A file that gets its name when it is complete.
class FileInTheMaking {
 public:
  explicit FileInTheMaking(const std::filesystem::path& file)
      : file_(file), partial_(file.string() + ".partial") {
    descriptor_ = open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (descriptor_ < 0) fail();
  }
  ~FileInTheMaking() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!complete_) unlink(partial_.c_str());
  }
  FileInTheMaking(const FileInTheMaking&) = delete;
  FileInTheMaking& operator=(const FileInTheMaking&) = delete;

  void write_at(uint64_t at, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
      if (count < 0 && errno != EINTR) fail();
      if (count > 0) {
        bytes.remove_prefix(static_cast<size_t>(count));
        at += static_cast<uint64_t>(count);
      }
    }
  }

  void complete() {
    if (fsync(descriptor_) != 0 || rename(partial_.c_str(), file_.c_str()) != 0) fail();
    complete_ = true;
  }

 private:
  [[noreturn]] void fail() const {
    throw UserError({"the packed file cannot be written", file_.string(), strerror(errno),
                     "free space on this disk, or check that you may write there"});
  }

  std::filesystem::path file_;
  std::string partial_;
  int descriptor_ = -1;
  bool complete_ = false;
};

}  // namespace

PackedImages::PackedImages(const std::filesystem::path& file, const ImageIndex& index) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  void* memory = MAP_FAILED;
  if (descriptor >= 0 && fstat(descriptor, &facts) == 0 && facts.st_size > 0) {
    size_ = static_cast<uint64_t>(facts.st_size);
    memory = mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0);
  }
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (memory == MAP_FAILED) {
    throw UserError({"the packed file cannot be read", file.string(),
                     descriptor >= 0 && facts.st_size == 0 ? "an empty file" : strerror(error),
                     "delete it and pack the data set again"});
  }
  memory_ = static_cast<const char*>(memory);
  try {
    check(file, index);
  } catch (...) {
    munmap(memory, size_);
    throw;
  }
}

PackedImages::~PackedImages() {
  munmap(const_cast<char*>(memory_), size_);
}

uint64_t PackedImages::number(uint64_t at) const {
  uint64_t value = 0;
  for (unsigned i = 0; i < kNumber; ++i) value |= uint64_t{static_cast<uint8_t>(memory_[at + i])} << (8 * i);
  return value;
}

void PackedImages::check(const std::filesystem::path& file, const ImageIndex& index) const {
  const auto damaged = [&](const std::string& what, const std::string& value) {
    return UserError({what, file.string(), value, "delete it and pack the data set again"});
  };
  const auto count = static_cast<uint64_t>(index.count());
  if (size_ < kHeader || std::string_view(memory_, kMagic.size()) != kMagic) {
    throw damaged("this is no packed file of images", std::to_string(size_) + " bytes");
  }
  const std::string digest(memory_ + kMagic.size(), 8);
  if (digest != index.digest() || number(16) != count) {
    throw damaged("the packed file was made of other images than the index lists", digest);
  }
  const uint64_t bytes_begin = kHeader + (count + 1) * kNumber;
  if (size_ < bytes_begin || number(kHeader) != bytes_begin || number(bytes_begin - kNumber) != size_) {
    throw damaged("the packed file is not as long as it says", std::to_string(size_) + " bytes");
  }
  for (uint64_t i = 0; i < count; ++i) {
    if (number(kHeader + i * kNumber) > number(kHeader + (i + 1) * kNumber)) {
      throw damaged("the packed file's table is damaged", "image " + std::to_string(i));
    }
  }
}

std::string_view PackedImages::bytes(int64_t image) const {
  const uint64_t entry = kHeader + static_cast<uint64_t>(image) * kNumber;
  const uint64_t begin = number(entry);
  return {memory_ + begin, number(entry + kNumber) - begin};
}

void pack_images(const std::filesystem::path& folder, const ImageIndex& index,
                 const std::filesystem::path& file, const std::function<void(int64_t)>& progress) {
  FileInTheMaking packed(file);
  std::string header(kMagic);
  header += index.digest();
  append(header, static_cast<uint64_t>(index.count()));
  uint64_t end = kHeader + (static_cast<uint64_t>(index.count()) + 1) * kNumber;
  append(header, end);
  for (int64_t i = 0; i < index.count(); ++i) {
    const std::string bytes = read_whole_file(folder / index.class_name(index.label(i)) / index.file_name(i));
    packed.write_at(end, bytes);
    end += bytes.size();
    append(header, end);
    progress(i + 1);
  }
  packed.write_at(0, header);
  packed.complete();
}

}  // namespace timetrial
