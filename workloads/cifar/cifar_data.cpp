#include "workloads/cifar/cifar_data.h"

#include <cstdio>

#include <zlib.h>

#include "harness/errors/user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

constexpr const char* kOfficialFolder = "cifar-10-batches-bin";
constexpr const char* kFileCure = "put the official file of CIFAR-10's binary version in its place";

CifarImages read_files(const std::filesystem::path& folder, size_t first, size_t count) {
  CifarImages images;
  for (size_t i = first; i < first + count; ++i) {
    const std::filesystem::path file = folder / cifar_file_names()[i];
    if (!std::filesystem::exists(file)) {
      throw UserError({"a file of CIFAR-10's binary version is missing", folder.string(),
                       cifar_file_names()[i],
                       "run `timetrial prepare cifar` for the mini tier; for the full tier unpack "
                       "cifar-10-binary.tar.gz there"});
    }
    append_cifar_records(read_whole_file(file), file.string(), images);
  }
  return images;
}

// Cuts the last `count` images off.
CifarImages split_off_end(CifarImages& images, int64_t count) {
  const auto value_cut = images.values.end() - count * kCifarValues;
  const auto label_cut = images.labels.end() - count;
  CifarImages end{{value_cut, images.values.end()}, {label_cut, images.labels.end()}};
  images.values.erase(value_cut, images.values.end());
  images.labels.erase(label_cut, images.labels.end());
  return end;
}

}  // namespace

const std::array<std::string, kCifarTrainingFiles + 1>& cifar_file_names() {
  static const std::array<std::string, kCifarTrainingFiles + 1> names = {
      "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
      "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
  return names;
}

std::filesystem::path cifar_folder(const std::filesystem::path& data_set) {
  return std::filesystem::exists(data_set / kOfficialFolder) ? data_set / kOfficialFolder : data_set;
}

void append_cifar_records(std::string_view bytes, const std::string& source, CifarImages& images) {
  constexpr auto kRecord = static_cast<size_t>(kCifarRecordBytes);
  if (bytes.empty() || bytes.size() % kRecord != 0) {
    throw UserError(
        {"the file does not hold whole records of 3073 bytes: it is empty, cut off or of another format",
         source, std::to_string(bytes.size()) + " bytes", kFileCure});
  }
  for (size_t begin = 0; begin < bytes.size(); begin += kRecord) {
    const std::string_view record = bytes.substr(begin, kRecord);
    const auto label = static_cast<uint8_t>(record.front());
    if (label >= kCifarClasses) {
      throw UserError({"the label of record " + std::to_string(begin / kRecord) + " is not between 0 and 9",
                       source, std::to_string(label), kFileCure});
    }
    images.labels.push_back(label);
    images.values.insert(images.values.end(), record.begin() + 1, record.end());
  }
}

std::string cifar_records(const CifarImages& images, int64_t begin, int64_t end) {
  std::string bytes;
  bytes.reserve(static_cast<size_t>((end - begin) * kCifarRecordBytes));
  for (int64_t i = begin; i < end; ++i) {
    bytes += static_cast<char>(images.labels[static_cast<size_t>(i)]);
    bytes.append(reinterpret_cast<const char*>(images.values.data()) + i * kCifarValues,
                 static_cast<size_t>(kCifarValues));
  }
  return bytes;
}

CifarData read_cifar(const std::filesystem::path& data_set) {
  const std::filesystem::path folder = cifar_folder(data_set);
  CifarData data;
  data.train = read_files(folder, 0, kCifarTrainingFiles);
  data.test = read_files(folder, kCifarTrainingFiles, 1);
  if (data.train.count() < 10) {
    throw UserError({"the training files are too small: a tenth of them is the validation split",
                     folder.string(), std::to_string(data.train.count()) + " images", kFileCure});
  }
  data.validation = split_off_end(data.train, data.train.count() / 10);
  return data;
}

CifarData read_cifar_training(const std::filesystem::path& folder) {
  CifarData data;
  data.train = read_files(folder, 0, 1);
  return data;
}

void write_cifar_training(const CifarData& data, const std::filesystem::path& folder) {
  write_whole_file(folder / cifar_file_names().front(), cifar_records(data.train, 0, data.train.count()));
}

std::string cifar_digest(const CifarData& data) {
  uLong crc = crc32_z(0, nullptr, 0);
  for (const CifarImages* images : {&data.train, &data.validation, &data.test}) {
    crc = crc32_z(crc, images->labels.data(), images->labels.size());
    crc = crc32_z(crc, images->values.data(), images->values.size());
  }
  char text[9];
  std::snprintf(text, sizeof(text), "%08lx", crc);
  return text;
}

}  // namespace timetrial
