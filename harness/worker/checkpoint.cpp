#include "harness/worker/checkpoint.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include <fcntl.h>
#include <torch/serialize.h>

#include "harness/errors/user_error.h"
#include "harness/journal/checksum.h"
#include "harness/journal/durable_file.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr size_t kCheckpointsKept = 2;

std::string file_name(int64_t step) {
  char name[40];
  std::snprintf(name, sizeof(name), "step-%012lld.pt", static_cast<long long>(step));
  return name;
}

// Archive attribute names cannot hold every character of a parameter name: tensors are numbered, names stand
// beside.
template <typename Map, typename Write>
void write_table(torch::serialize::OutputArchive& archive, const std::string& prefix, const Map& map,
                 Write&& write) {
  c10::List<std::string> names;
  int64_t index = 0;
  for (const auto& [name, value] : map) {
    names.push_back(name);
    write(prefix + std::to_string(index++), value);
  }
  archive.write(prefix + "names", c10::IValue(names));
}

template <typename Read>
void read_table(torch::serialize::InputArchive& archive, const std::string& prefix, Read&& read) {
  c10::IValue names;
  archive.read(prefix + "names", names);
  int64_t index = 0;
  for (const c10::IValue& name : names.toListRef())
    read(name.toStringRef(), prefix + std::to_string(index++));
}

void remove_old(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".pt") files.push_back(entry.path());
  }
  std::sort(files.rbegin(), files.rend());
  std::error_code ignored;  // an old file that stays does no harm
  for (size_t i = kCheckpointsKept; i < files.size(); ++i) std::filesystem::remove(files[i], ignored);
}

std::filesystem::path path_of(int64_t step) {
  return std::filesystem::path("checkpoints") / file_name(step);
}

}  // namespace

ArchiveStamp write_archive(const std::filesystem::path& file, const Checkpoint& checkpoint) {
  torch::serialize::OutputArchive archive;
  write_table(archive, "tensor_", checkpoint.tensors,
              [&](const std::string& key, const at::Tensor& tensor) { archive.write(key, tensor); });
  write_table(archive, "integer_", checkpoint.integers,
              [&](const std::string& key, const std::vector<int64_t>& value) {
                archive.write(key, c10::IValue(value));
              });

  const FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!descriptor.valid()) throw_file_error("a checkpoint cannot be written", file, errno);
  ArchiveStamp stamp;
  uint32_t crc = 0;
  // The archive writer must not be thrown through: it finishes, then we say what happened.
  int error_number = 0;
  archive.save_to([&](const void* bytes, size_t count) -> size_t {
    crc = extend_crc32(crc, bytes, count);
    stamp.bytes += static_cast<int64_t>(count);
    if (error_number == 0 && !write_all(descriptor.get(), {static_cast<const char*>(bytes), count}))
      error_number = errno;
    return count;
  });
  if (error_number == 0 && ::fsync(descriptor.get()) != 0) error_number = errno;
  if (error_number != 0) {
    ::unlink(file.c_str());
    throw_file_error("a checkpoint cannot be written", file, error_number);
  }
  stamp.crc32 = crc32_text(crc);
  return stamp;
}

ArchiveStamp stamp_of_archive(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 1 << 16> block{};
  uint32_t crc = 0;
  ArchiveStamp stamp;
  while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
    crc = extend_crc32(crc, block.data(), static_cast<size_t>(stream.gcount()));
    stamp.bytes += static_cast<int64_t>(stream.gcount());
  }
  stamp.crc32 = crc32_text(crc);
  return stamp;
}

CheckpointRecord keep_archive(const std::filesystem::path& archive, const ArchiveStamp& stamp,
                              const std::filesystem::path& trial_directory, int64_t step,
                              double submission_seconds) {
  const std::filesystem::path relative = path_of(step), file = trial_directory / relative;
  std::error_code ignored;  // what matters, the rename reports
  std::filesystem::create_directories(file.parent_path(), ignored);
  rename_durably(archive, file);
  remove_old(file.parent_path());
  return {step, submission_seconds, relative.string(), stamp.bytes, stamp.crc32, {}};
}

CheckpointRecord write_checkpoint(const std::filesystem::path& trial_directory, int64_t step,
                                  double submission_seconds, const Checkpoint& checkpoint) {
  const std::filesystem::path file = trial_directory / path_of(step);
  std::error_code ignored;  // open() reports what matters
  std::filesystem::create_directories(file.parent_path(), ignored);
  const std::filesystem::path partial = file.string() + ".partial";
  const ArchiveStamp stamp = write_archive(partial, checkpoint);
  return keep_archive(partial, stamp, trial_directory, step, submission_seconds);
}

Checkpoint read_checkpoint(const std::filesystem::path& file) {
  Checkpoint checkpoint;
  torch::serialize::InputArchive archive;
  archive.load_from(file.string(), c10::Device(c10::kCPU));
  read_table(archive, "tensor_", [&](const std::string& name, const std::string& key) {
    archive.read(key, checkpoint.tensors[name]);
  });
  read_table(archive, "integer_", [&](const std::string& name, const std::string& key) {
    c10::IValue value;
    archive.read(key, value);
    checkpoint.integers[name] = value.toIntVector();
  });
  return checkpoint;
}

std::optional<CheckpointRecord> find_checkpoint(const std::filesystem::path& trial_directory,
                                                const std::vector<JournalRecord>& journal,
                                                std::vector<std::string>& problems) {
  for (auto record = journal.rbegin(); record != journal.rend(); ++record) {
    const auto* found = std::get_if<CheckpointRecord>(&*record);
    if (found == nullptr) continue;
    const std::filesystem::path file = trial_directory / found->file;
    if (!std::filesystem::exists(file)) continue;  // older than the two that are kept
    const ArchiveStamp stamp = stamp_of_archive(file);
    if (stamp.bytes == found->bytes && stamp.crc32 == found->crc32) return *found;
    problems.push_back(file.string() +
                       ": damaged (size or checksum differs from the journal), an older one is used");
  }
  return std::nullopt;
}

}  // namespace timetrial
