// The parts of a training step beside the network, at the size of ST-Tahoe:
//   step_parts_bench [--sets 4] [--parameters 100000000] [--repeats 5] [--threads N]
// Energy loss with its gradient, Sinkhorn divergence, one Adam step and its gradient norm beside a triad
// a = b + s · c over the same memory. Prints one line of JSON: CPU seconds of the losses, GB/s of the rest.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <limits>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "core/base/threads.hpp"
#include "core/experiment/counter_random.hpp"
#include "core/training/losses.hpp"
#include "core/training/optimizer.hpp"

namespace {

using namespace ember;

constexpr std::int64_t set_len = 256, genes = 2000;

struct Times {
    double wall = std::numeric_limits<double>::infinity(), cpu = wall;
};

Times best_of(int repeats, const std::function<void()>& work) {
    Times best;
    for (int i = 0; i <= repeats; ++i) { // the first run only warms up
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t cpu = std::clock();
        work();
        if (i > 0) {
            best.wall = std::min(
                best.wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            best.cpu = std::min(best.cpu, static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
        }
    }
    return best;
}

at::Tensor cells(std::int64_t sets, std::uint64_t seed) {
    at::Tensor values = at::empty({sets, set_len, genes}, at::kFloat);
    CounterRandom random(seed, {});
    std::generate_n(values.data_ptr<float>(), values.numel(),
                    [&] { return static_cast<float>(random.uniform()); });
    return values;
}

Times loss_times(std::int64_t sets, int repeats, SetLoss kind) {
    const at::Tensor x = cells(sets, 1).requires_grad_(), y = cells(sets, 2);
    LossSettings settings;
    settings.loss = kind;
    return best_of(repeats, [&] {
        CounterRandom chunks(1, {});
        mean_of_sets(set_losses(x, y, settings, chunks, true).main).backward();
        at::Tensor(x).mutable_grad().reset();
    });
}

} // namespace

int main(int argc, char** argv) {
    std::int64_t sets = 4, count = 100'000'000;
    int repeats = 5, threads = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        const auto value = std::stoll(argv[i + 1]);
        if (name == "--sets") {
            sets = value;
        } else if (name == "--parameters") {
            count = value;
        } else if (name == "--repeats") {
            repeats = static_cast<int>(value);
        } else if (name == "--threads") {
            threads = static_cast<int>(value);
        }
    }
    at::set_num_threads(threads > 0 ? threads : thread_budget());
    const Times energy = loss_times(sets, repeats, SetLoss::energy),
                sinkhorn = loss_times(sets, repeats, SetLoss::sinkhorn);

    std::vector<NetworkParameter> parameters{{"w", at::full({count}, 0.5F).requires_grad_(), {count}}};
    parameters[0].value.mutable_grad() = at::full({count}, 0.01F);
    Optimizer optimizer(parameters, {});
    const double bytes = static_cast<double>(count) * sizeof(float), giga = 1e9;
    const Times step = best_of(repeats, [&] { optimizer.step(1e-4, 1); }),
                norm = best_of(repeats, [&] { (void)optimizer.gradient_norm(); });
    at::Tensor a = at::empty({count}, at::kFloat);
    const at::Tensor b = at::full({count}, 1.0F), c = at::full({count}, 2.0F);
    const Times triad = best_of(repeats, [&] { at::add_out(a, b, c, 3); });
    // Adam reads four arrays and writes three; the triad reads two and writes one, besides fetching it first.
    std::printf("{\"sets\": %lld, \"energy_cpu_seconds\": %.4f, \"sinkhorn_cpu_seconds\": %.4f, "
                "\"adam_gb_per_s\": %.2f, \"norm_gb_per_s\": %.2f, \"triad_gb_per_s\": %.2f}\n",
                static_cast<long long>(sets), energy.cpu, sinkhorn.cpu, 7 * bytes / step.wall / giga,
                bytes / norm.wall / giga, 4 * bytes / triad.wall / giga);
    return 0;
}
