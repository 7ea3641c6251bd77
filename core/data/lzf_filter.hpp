#pragma once
// LZF as a filter of libhdf5.

namespace ember::h5 {

/// Lets libhdf5 read LZF by itself, for layouts that are not decoded here. (Debian's plug-in for it cannot be
/// loaded: it lacks the symbol lzf_decompress.) Call once, with the HDF5 lock held.
void register_lzf_filter();

} // namespace ember::h5
