#pragma once
// Operations with a backward pass of their own.

#include <functional>
#include <vector>

#include "core/training/autograd.hpp"

namespace ember {

/// Gradients of a node's inputs from those of its outputs; an undefined one is zero. An undefined result
/// means that the input gets no gradient, or that it was added to the parameter's already.
using BackwardFunction = std::function<std::vector<at::Tensor>(std::vector<at::Tensor>&)>;

/// Whether the results of these inputs will be differentiated.
bool wants_gradient(const std::vector<at::Tensor>& inputs);

/// Makes `outputs`, computed from `inputs` without recording, differentiable. Does nothing when no gradient
/// is wanted. `backward` holds what it needs, as detached tensors; it is dropped once it has run.
void record(std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>& inputs,
            BackwardFunction backward);
void record(at::Tensor& output, const std::vector<at::Tensor>& inputs, BackwardFunction backward);

} // namespace ember
