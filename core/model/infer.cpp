#include "core/model/infer.hpp"
namespace ember {
InferResult infer_with_st_model(const InferRequest&, JobContext&) {
    return {};
}
} // namespace ember
