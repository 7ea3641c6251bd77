#include "core/training/gradient_node.hpp"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

namespace ember {

namespace {

class GradientNode final : public torch::autograd::Node {
public:
    explicit GradientNode(BackwardFunction backward) : backward_(std::move(backward)) {}

    torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
        return backward_(gradients);
    }
    void release_variables() override { backward_ = nullptr; }
    std::string name() const override { return "GradientNode"; }

private:
    BackwardFunction backward_;
};

} // namespace

bool wants_gradient(const std::vector<at::Tensor>& inputs) {
    return at::GradMode::is_enabled() && std::any_of(inputs.begin(), inputs.end(), [](const at::Tensor& x) {
               return x.defined() && x.requires_grad();
           });
}

void record(std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>& inputs,
            BackwardFunction backward) {
    if (!wants_gradient(inputs)) {
        return;
    }
    auto node = c10::make_intrusive<GradientNode>(std::move(backward));
    node->set_next_edges(torch::autograd::collect_next_edges(inputs));
    const c10::intrusive_ptr<torch::autograd::Node> base = node;
    for (at::Tensor& output : outputs) {
        torch::autograd::set_history(output, base);
    }
}

void record(at::Tensor& output, const std::vector<at::Tensor>& inputs, BackwardFunction backward) {
    std::vector<at::Tensor> outputs{output};
    record(outputs, inputs, std::move(backward));
}

} // namespace ember
