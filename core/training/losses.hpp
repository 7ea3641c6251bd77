#pragma once
// Losses between predicted and observed sets (reference §4; values of geomloss 0.3.1), differentiable.

#include "core/experiment/counter_random.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/model/torch.hpp"

namespace ember {

/// The main loss of each set [sets], with the parts of `se`, [sets] each, undefined for other losses.
struct SetLosses {
    at::Tensor main, sinkhorn, energy;
};

/// Prediction and target [sets × S × O], float32 or float64. `chunks` draws the permutation of features when
/// chunks are random and `training`, else it is ignored.
SetLosses set_losses(const at::Tensor& prediction, const at::Tensor& target, const LossSettings& settings,
                     CounterRandom& chunks, bool training);

/// Mean over the sets whose loss is a number (arc-state's nanmean); other sets have no gradient.
at::Tensor mean_of_sets(const at::Tensor& losses);

/// Kernel loss of x [sets × N × O] and y [sets × M × O], [sets]: ½ mean k(x,x) + ½ mean k(y,y) − mean k(x,y)
/// over all pairs, a cell with itself included. k is minus the distance (energy), exp(−|x−y|²/2b²) (gaussian)
/// or exp(−|x−y|/b) (laplacian); distances are sqrt(max(|x|² − 2xy + |y|², 1e-8)), without gradient where
/// clamped.
at::Tensor kernel_loss(const at::Tensor& x, const at::Tensor& y, KernelDistance distance, double blur);

/// Debiased Sinkhorn divergence for the cost ½|x−y|² at the temperature blur², [sets]; scaling ½ from the
/// diameter of all sets together. Differentiated through the last step only, potentials held fixed.
at::Tensor sinkhorn_divergence(const at::Tensor& x, const at::Tensor& y, double blur);

} // namespace ember
