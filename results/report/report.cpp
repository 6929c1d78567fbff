#include "results/report/report.h"

#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "embedded/report_files.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

// Inside <script> only "<" can end the element early ("</script", "<!--"); JSON texts may escape it.
std::string escaped_for_script(const std::string& json) {
  std::string escaped;
  escaped.reserve(json.size());
  for (const char letter : json) {
    if (letter == '<') {
      escaped += "\\u003c";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

std::string escaped_for_html(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += letter;
    }
  }
  return escaped;
}

// Each mark stands once in the page. Marks in what was filled in before are left alone: text moves to the
// output only.
std::string filled_in(std::string_view page,
                      const std::vector<std::pair<std::string_view, std::string_view>>& marks) {
  std::string output;
  for (const auto& [mark, text] : marks) {
    const std::size_t place = page.find(mark);
    if (place == std::string_view::npos)
      throw std::logic_error("report page lacks the mark " + std::string(mark));
    output += page.substr(0, place);
    output += text;
    page.remove_prefix(place + mark.size());
  }
  return output.append(page);
}

// One scope for all: the page wraps them in a function. Later files use what earlier ones define.
std::string page_code() {
  std::string code;
  for (const char* file :
       {"values.js", "elements.js", "charts.js", "bars.js", "scores.js", "profile.js", "comparison.js",
        "times.js", "curves.js", "sensitivity.js", "clock.js", "memory.js", "sync.js", "machine.js",
        "plan_timeline.js", "exhibits.js", "trials.js", "provenance.js", "main.js"}) {
    const std::string_view text = report_files(file);
    if (text.empty()) throw std::logic_error(std::string("report page lacks ") + file);
    code += text;
  }
  return code;
}

}  // namespace

std::string render_report(const ReportInput& input) {
  const std::string title = escaped_for_html(input.ruleset);
  const std::string data = escaped_for_script(report_data(input));
  return filled_in(report_files("page.html"), {{"{{title}}", title},
                                               {"{{style}}", report_files("style.css")},
                                               {"{{data}}", data},
                                               {"{{plotly}}", report_files("plotly.min.js")},
                                               {"{{code}}", page_code()}});
}

void write_report(const std::filesystem::path& file, const ReportInput& input) {
  const std::string page = render_report(input);
  std::filesystem::path partial = file;
  partial += ".partial";
  std::ofstream stream(partial, std::ios::binary | std::ios::trunc);
  stream << page;
  stream.close();
  std::error_code error;
  if (stream) std::filesystem::rename(partial, file, error);
  if (!stream || error) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw UserError({"the report cannot be written", file.string(), error ? error.message() : "",
                     "check that its folder exists, may be written, and has room for " +
                         std::to_string(page.size() / 1000000 + 1) + " MB"});
  }
}

}  // namespace timetrial
