#include "harness/waits/symbol_file.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "../temporary_folder.h"

namespace timetrial {
namespace {

using SymbolFileTest = FolderTest;

// Hidden: dladdr cannot name it.
__attribute__((noinline)) int a_hidden_function(int value) {
  return value * 3 + 1;
}

TEST_F(SymbolFileTest, NamesHiddenFunctionsOfThisProgram) {
  EXPECT_EQ(a_hidden_function(1), 4);
  const auto address = reinterpret_cast<const char*>(&a_hidden_function);
  Dl_info info{};
  ASSERT_NE(::dladdr(address, &info), 0);
  const SymbolFile file("/proc/self/exe");
  const auto name =
      file.function_at(static_cast<uint64_t>(address - static_cast<const char*>(info.dli_fbase)));
  ASSERT_TRUE(name.has_value());
  EXPECT_NE(name->find("a_hidden_function"), std::string::npos) << *name;
}

TEST_F(SymbolFileTest, FindsNothingWhereThereIsNothing) {
  const std::string whole = read("/proc/self/exe");
  ASSERT_GT(whole.size(), 5000U);
  EXPECT_EQ(SymbolFile("/proc/self/exe").function_at(~uint64_t{0}), std::nullopt);
  EXPECT_EQ(SymbolFile(folder_ / "absent").function_at(100), std::nullopt);
  EXPECT_EQ(SymbolFile(write(folder_ / "text", "not a library")).function_at(100), std::nullopt);
  EXPECT_EQ(SymbolFile(write(folder_ / "cut off", whole.substr(0, 5000))).function_at(4096), std::nullopt);
}

}  // namespace
}  // namespace timetrial
