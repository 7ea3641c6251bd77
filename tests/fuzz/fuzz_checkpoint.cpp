// libFuzzer: checkpoints, run maps, dimensions, training states and configurations from arbitrary bytes. The
// first byte of an input chooses the reader; checksums are not compared, so that a mutation reaches what lies
// behind them.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/base/error.hpp"
#include "core/run/checkpoint_bytes.hpp"
#include "core/run/label_map.hpp"
#include "core/run/st_config.hpp"
#include "core/run/tensor_bounds.hpp"
#include "core/run/training_state.hpp"
#include "core/run/yaml_config.hpp"

namespace {

void read_checkpoint(std::span<const std::byte> bytes) {
    const ember::CheckpointPtr checkpoint =
        ember::checkpoint_from_bytes({nullptr, bytes, false}, "fuzz.ckpt");
    for (const ember::TensorView& tensor : checkpoint->tensors()) {
        ember::float_values(tensor);
    }
    checkpoint->hyper_parameters().dump();
    checkpoint->fingerprint();
    ember::read_st_config(*checkpoint, nullptr);
}

void read_training_state(std::span<const std::byte> bytes) {
    const ember::LoadedTrainingState state =
        ember::training_state_from_bytes({nullptr, bytes, false}, "fuzz.ckpt");
    for (const ember::LoadedMoments& moments : state.moments) {
        ember::float_values(moments.exp_avg);
        ember::float_values(moments.exp_avg_sq);
    }
    state.emberview.dump();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size)).subspan(1);
    try {
        switch (data[0] % 5) {
        case 0:
            read_checkpoint(bytes);
            break;
        case 1:
            ember::label_map_from_bytes(bytes, "fuzz.pt", false);
            break;
        case 2:
            ember::var_dims_from_bytes(bytes, "fuzz.pkl", false);
            break;
        case 3:
            read_training_state(bytes);
            break;
        default:
            ember::parse_yaml(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                              "fuzz.yaml")
                .dump();
        }
    } catch (const ember::Error&) {
        // A refusal is the expected answer to most inputs.
    }
    return 0;
}
