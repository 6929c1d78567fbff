#include "harness/worker/json_output.h"

#include <fstream>
#include <iostream>

#include "harness/errors/user_error.h"

namespace timetrial {

void write_json_output(const std::string& what, const std::string& text, const std::string& file) {
  if (file.empty()) {
    std::cout << text;
    return;
  }
  std::ofstream stream(file);
  stream << text;
  stream.flush();
  if (!stream) {
    throw UserError({what + " cannot be written", file, std::to_string(text.size()) + " bytes",
                     "name a file in a folder that can be written, with room for it"});
  }
}

}  // namespace timetrial
