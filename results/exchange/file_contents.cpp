#include "results/exchange/file_contents.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "harness/errors/user_error.h"
#include "harness/journal/file_descriptor.h"

namespace timetrial {

namespace {

constexpr int kGzipOnly = 15 + 16;  // window bits of inflateInit2: the largest window, gzip header

bool is_gzip(const std::string& bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

}  // namespace

std::string unpacked(std::string bytes, const std::string& name) {
  if (!is_gzip(bytes)) return bytes;
  Inflater inflater;
  z_stream& stream = inflater.stream();
  std::string text;
  text.resize(5 * bytes.size());
  std::size_t packed_place = 0;
  std::size_t size = 0;
  for (;;) {
    if (size == text.size()) text.resize(2 * text.size());
    constexpr std::size_t kMost = std::size_t{1} << 30;  // zlib counts in 32 bits
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data() + packed_place);
    stream.avail_in = static_cast<uInt>(std::min(bytes.size() - packed_place, kMost));
    stream.next_out = reinterpret_cast<Bytef*>(text.data() + size);
    stream.avail_out = static_cast<uInt>(std::min(text.size() - size, kMost));
    const uInt offered_in = stream.avail_in;
    const uInt offered_out = stream.avail_out;
    const int result = inflate(&stream, Z_NO_FLUSH);
    packed_place += offered_in - stream.avail_in;
    size += offered_out - stream.avail_out;
    if (result == Z_STREAM_END) {
      if (packed_place == bytes.size()) break;
      if (inflateReset(&stream) == Z_OK) continue;  // another member follows
    }
    if (result != Z_OK || (packed_place == bytes.size() && stream.avail_out != 0)) {
      throw UserError({"the gzip file is damaged or cut off", name, stream.msg != nullptr ? stream.msg : "",
                       "fetch or pack it again"});
    }
  }
  text.resize(size);
  return text;
}

std::string file_contents(const std::filesystem::path& file) {
  const auto fail = [&](int error_number) {
    throw UserError({"cannot be read", file.string(), std::strerror(error_number), "check the path"});
  };
  const FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor.valid()) fail(errno);
  std::string bytes;
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t count = ::read(descriptor.get(), buffer.data(), buffer.size());
    if (count == 0) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(errno);
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return unpacked(std::move(bytes), file.string());
}

}  // namespace timetrial
