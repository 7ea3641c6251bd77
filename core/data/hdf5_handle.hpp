#pragma once
// An HDF5 identifier that gives itself back.

#include <utility>

#include <hdf5.h>

#include "core/data/hdf5_lock.hpp"

namespace ember::h5 {

/// Owns one reference to any kind of HDF5 object; invalid when HDF5 returned an error.
class Handle {
public:
    Handle() = default;
    explicit Handle(hid_t id) : id_(id) {}
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(id_, other.id_);
        return *this;
    }
    ~Handle() {
        if (id_ > 0) {
            const Lock lock;
            H5Idec_ref(id_);
        }
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    hid_t get() const noexcept { return id_; }
    explicit operator bool() const noexcept { return id_ > 0; }

private:
    hid_t id_ = H5I_INVALID_HID;
};

} // namespace ember::h5
