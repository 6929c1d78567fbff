// Both directions against NumPy itself, where python3 has it.

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/data/child_process.h"
#include "workloads/npz/npz_file.h"
#include "workloads/npz/npz_writer.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int64_t kLargeRows = 50'021, kConfigurationWidth = 18;

// As numpy_arrays.py has them.
template <typename Value>
std::vector<Value> values(int64_t count) {
  std::vector<Value> result(static_cast<size_t>(count));
  for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<Value>((7 * i + 3) % 101);
  return result;
}

class NpzNumPy : public FolderTest {
 protected:
  void SetUp() override {
    if (run_command({"python3", "-c", "import numpy"}, ".").exit_status != 0) {
      GTEST_SKIP() << "python3 in PATH has no numpy (pip install numpy)";
    }
  }

  static void run(const std::string& task, const std::vector<std::filesystem::path>& paths) {
    std::vector<std::string> command = {"python3", TIMETRIAL_SOURCE_DIR "/tests/workloads/numpy_arrays.py",
                                        task};
    command.insert(command.end(), paths.begin(), paths.end());
    const auto result = run_command(command, ".");
    ASSERT_EQ(result.exit_status, 0) << result.output;
  }
};

template <typename Value>
void expect_cube(const NpzFile& file, const std::string& name) {
  EXPECT_THAT(file.header(name).shape, ElementsAre(5, 4, 3)) << name;
  EXPECT_EQ(file.read<Value>(name), values<Value>(60)) << name;
}

void expect_arrays(const NpzFile& file) {
  EXPECT_EQ(file.names().size(), 17U);
  expect_cube<float>(file, "float32");
  expect_cube<double>(file, "float64");
  expect_cube<int32_t>(file, "int32");
  expect_cube<int64_t>(file, "int64");
  expect_cube<int8_t>(file, "int8");
  expect_cube<uint8_t>(file, "uint8");
  expect_cube<float>(file, "fortran");
  EXPECT_TRUE(file.header("fortran").fortran_order);
  EXPECT_TRUE(file.header("transposed").is_transposed());
  EXPECT_EQ(file.read<int64_t>("transposed"), values<int64_t>(63));
  EXPECT_EQ(file.read<float>("one_row"), values<float>(9));
  EXPECT_THAT(file.header("single").shape, ElementsAre());
  EXPECT_THAT(file.read<double>("single"), ElementsAre(3));
  EXPECT_EQ(file.read<int32_t>("vector"), values<int32_t>(11));
  EXPECT_THAT(file.header("empty").shape, ElementsAre(0, 7));
  EXPECT_TRUE(file.read<float>("empty").empty());
  EXPECT_TRUE(file.read<float>("columns_of_nothing").empty());
  EXPECT_EQ(file.read<float>("strided").size(), 10U);
  EXPECT_EQ(file.header("deep").shape.size(), 16U);
  EXPECT_EQ(file.read<uint8_t>("deep"), values<uint8_t>(256));
  EXPECT_EQ(file.read<float>("gr\xc3\xb6\xc3\x9f"
                             "e"),
            values<float>(2));
}

void expect_savez(const std::filesystem::path& folder) {
  for (const char* name : {"savez.npz", "savez_compressed.npz"}) {
    SCOPED_TRACE(name);
    const NpzFile file(folder / name);
    expect_arrays(file);
    const std::vector<float> large = values<float>(kLargeRows * kConfigurationWidth);
    EXPECT_EQ(file.read<float>("large"), large);
    std::vector<float> streamed;
    file.read_rows<float>("large", 4096, [&](int64_t, std::span<const float> rows) {
      streamed.insert(streamed.end(), rows.begin(), rows.end());
    });
    EXPECT_EQ(streamed, large);
  }
}

void expect_versions(const std::filesystem::path& folder) {
  const NpzFile file(folder / "versions.npz");
  for (const char* name : {"version1", "version2", "version3"}) {
    EXPECT_EQ(file.read<float>(name), values<float>(15)) << name;
  }
  EXPECT_GT(file.header("long_header").header_bytes, 65'536U);
  EXPECT_EQ(file.read<float>("long_header"), values<float>(6));
}

void expect_refusals(const std::filesystem::path& folder) {
  const NpzFile file(folder / "refused.npz");
  const auto error = [&](const char* name) { return user_error_of([&] { file.header(name); }); };
  EXPECT_THAT(error("objects"), HasSubstr("Python objects"));
  EXPECT_THAT(error("big_endian"), HasSubstr("big-endian numbers (found: '>f4')"));
  EXPECT_THAT(error("structure"), HasSubstr("structured type"));
  EXPECT_THAT(error("many_fields"), HasSubstr("structured type"));  // 100 KB of header, version 2
  for (const char* name : {"truth", "text", "bytes", "half", "unsigned", "complex", "time"}) {
    EXPECT_THAT(error(name), HasSubstr("is none of <f4")) << name;
  }
}

// One test, since to start Python takes longer than all of it.
TEST_F(NpzNumPy, ReadsWhatNumPyWrites) {
  run("write", {folder_});
  expect_savez(folder_);
  expect_versions(folder_);
  EXPECT_EQ(NpzFile(folder_ / "piped.npz").read<float>("a"), values<float>(15));
  expect_refusals(folder_);
}

TEST_F(NpzNumPy, LoadsWhatWeWrite) {
  std::vector<std::filesystem::path> files;
  for (const ZipMethod method : {ZipMethod::deflated, ZipMethod::stored}) {
    for (const ZipLimits limits : {ZipLimits{}, ZipLimits{1, 1}, ZipLimits{400, kSaturated16}}) {
      files.push_back(folder_ / (std::to_string(files.size()) + ".npz"));
      NpzWriter writer(files.back(), method, limits);
      const std::vector<int64_t> cube = {5, 4, 3};
      writer.add("float32", cube, values<float>(60));
      writer.add("float64", cube, values<double>(60));
      writer.add("int32", cube, values<int32_t>(60));
      writer.add("int64", cube, values<int64_t>(60));
      writer.add("int8", cube, values<int8_t>(60));
      writer.add("uint8", cube, values<uint8_t>(60));
      writer.add("single", {}, values<double>(1));
      writer.add("empty", {0, 7}, values<float>(0));
      writer.add("large", {20'011, 18}, values<int8_t>(20'011 * 18));
      writer.add(
          "gr\xc3\xb6\xc3\x9f"
          "e",
          {2}, values<float>(2));
      writer.finish();
    }
  }
  run("check", files);
}

}  // namespace
}  // namespace timetrial
