#pragma once
// Dimensions of an ST network, read off its tensors' names and shapes.

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/run/st_config.hpp"

namespace ember {

/// Tensors by name.
class StTensors {
public:
    StTensors(const std::vector<TensorView>& tensors, std::string file);

    const TensorView* find(const std::string& name) const;
    bool has(const std::string& name) const { return find(name) != nullptr; }
    bool has_prefix(std::string_view prefix) const;
    const std::vector<TensorView>& all() const noexcept { return tensors_; }
    const std::string& file() const noexcept { return file_; }

    /// The tensor, of `rank` dimensions. Throws MissingMember, ShapeMismatch.
    const TensorView& need(const std::string& name, std::size_t rank) const;
    /// The tensor, of exactly this shape. Throws MissingMember, ShapeMismatch.
    const TensorView& need(const std::string& name, const std::vector<std::int64_t>& shape) const;

    /// How many consecutive numbers from 0, each `step` apart, have a tensor `prefix` + number + `suffix`.
    std::int64_t count(const std::string& prefix, std::int64_t step, const std::string& suffix) const;

private:
    const std::vector<TensorView>& tensors_;
    std::string file_;
    std::unordered_map<std::string, const TensorView*> index_;
};

/// Which parts exist and their sizes: everything but heads, which no shape tells. Throws UnsupportedModel
/// (GPT-2), MissingMember, ShapeMismatch.
void read_dimensions(const StTensors& tensors, StConfig& config);

/// Checks every tensor of the backbone once heads are known and sets head_dim and kv_heads. `kv_heads` 0: as
/// the shapes say. Throws MissingMember, ShapeMismatch.
void check_backbone(const StTensors& tensors, StConfig& config);

/// Finds hyper-connections and checks their tensors: streams and form, not the iterations. Throws
/// MissingMember, ShapeMismatch.
void check_mixers(const StTensors& tensors, StConfig& config);

/// "32 × 24"
std::string shape_text(const std::vector<std::int64_t>& shape);

} // namespace ember
