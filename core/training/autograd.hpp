#pragma once
// What training uses of LibTorch; precompiled. Operators one by one, as in core/model/torch.hpp.

#include "core/model/torch.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>
