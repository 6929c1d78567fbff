#pragma once

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {

// The message of the UserError that `call` throws; a test failure and an empty text when it throws none.
// Every message must say how to cure the mistake.
template <typename Call>
std::string user_error_of(Call&& call) {
  try {
    call();
  } catch (const UserError& error) {
    EXPECT_FALSE(error.parts().cure.empty()) << error.what();
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception than UserError: " << error.what();
    return {};
  }
  ADD_FAILURE() << "no exception";
  return {};
}

}  // namespace timetrial
