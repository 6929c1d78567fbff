#pragma once

// What every use of the HDF5 library needs: one lock, closed handles, readable errors. Debian's serial
// library is not thread-safe, so all calls in the process are made while an Hdf5Lock lives.

#include <mutex>
#include <string>

#include <hdf5.h>

namespace timetrial {

// Holds the one lock of the library, and keeps the library from printing its error stack.
class Hdf5Lock {
 public:
  Hdf5Lock();

 private:
  std::lock_guard<std::mutex> lock_;
};

// An identifier of the library, closed at the end. To be destroyed while an Hdf5Lock lives.
class Hdf5Handle {
 public:
  Hdf5Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  ~Hdf5Handle() {
    if (id_ >= 0) close_(id_);
  }
  Hdf5Handle(const Hdf5Handle&) = delete;
  Hdf5Handle& operator=(const Hdf5Handle&) = delete;

  operator hid_t() const { return id_; }
  bool is_open() const { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

// The innermost reason of the call that failed last, as the library words it.
std::string hdf5_reason();

// {float r; float i;}: how h5py writes complex64. Owned by the caller, closed with H5Tclose.
hid_t complex_float_type();

}  // namespace timetrial
