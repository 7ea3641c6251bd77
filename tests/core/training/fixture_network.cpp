#include "tests/core/training/fixture_network.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/from_blob.h>

#include "core/run/st_config.hpp"

namespace ember {

namespace {

NetworkSettings settings_of(const nlohmann::json& hparams) {
    NetworkSettings settings;
    settings.freeze_backbone = hparams.value("freeze_pert_backbone", false);
    if (hparams.contains("lora") && hparams["lora"].is_object()) {
        const nlohmann::json& lora = hparams["lora"];
        settings.lora.enable = lora.value("enable", false);
        settings.lora.r = lora.value("r", 16);
        settings.lora.alpha = lora.value("alpha", 32.0);
        settings.lora.dropout = lora.value("dropout", 0.05);
        settings.lora.adapt_mlp = lora.value("adapt_mlp", false);
    }
    return settings;
}

at::Tensor floats(const std::filesystem::path& file) {
    return std::filesystem::exists(file) ? npy_tensor(file).to(at::kFloat) : at::Tensor();
}

/// Labels, from numbers [cells] or one-hot rows [cells × labels].
at::Tensor labels(const std::filesystem::path& file) {
    const at::Tensor values = npy_tensor(file);
    return values.dim() == 2 && values.size(1) > 1 ? at::argmax(values, 1)
                                                   : values.reshape({-1}).to(at::kLong);
}

} // namespace

LossSettings loss_of(const nlohmann::json& hparams) {
    LossSettings settings;
    const std::string loss = hparams.value("loss", "energy");
    settings.loss = loss == "mse"        ? SetLoss::mse
                    : loss == "se"       ? SetLoss::se
                    : loss == "sinkhorn" ? SetLoss::sinkhorn
                                         : SetLoss::energy;
    const std::string distance = hparams.value("distributional_loss", "energy");
    settings.distance = distance == "gaussian"    ? KernelDistance::gaussian
                        : distance == "laplacian" ? KernelDistance::laplacian
                                                  : KernelDistance::energy;
    settings.blur = hparams.value("blur", 0.05);
    settings.chunks = hparams.value("mmd_num_chunks", 1);
    settings.regularization = hparams.value("regularization", 0.0);
    settings.decoder_weight = hparams.value("decoder_weight", 1.0);
    settings.detach_decoder = hparams.value("detach_decoder", false);
    return settings;
}

FixtureNetwork::FixtureNetwork(const std::string& variant,
                               const std::function<void(NetworkSettings&)>& change, bool final_relu)
    : folder(test_data("state/variants/" + variant)),
      hparams(read_json(folder / "hparams.json")),
      weights(Checkpoint::open(folder / "weights.safetensors")),
      settings(settings_of(hparams)) {
    at::set_num_threads(1); // waiting threads would cost more than the small products
    if (change) {
        change(settings);
    }
    StConfig config = read_st_config(hparams, weights->tensors(), nullptr, folder.string());
    config.final_relu = config.final_relu && final_relu;
    network = std::make_unique<TrainableNetwork>(config, settings, 1);
    const at::NoGradGuard off;
    for (NetworkParameter& parameter : network->parameters()) {
        const bool ours = parameter.name.find(".mhc_") != std::string::npos; // arc-state has none
        if (parameter.held() && !ours) {
            const TensorView* view = weights->find(parameter.name);
            if (view == nullptr) {
                throw std::runtime_error("no tensor " + parameter.name + " in " + variant);
            }
            parameter.value.copy_(
                at::from_blob(const_cast<std::byte*>(view->data), parameter.shape, at::kFloat));
        }
    }
    input.set_len = hparams.at("cell_set_len");
    input.basal = floats(folder / "in_ctrl_cell_emb.npy");
    input.sets = input.basal.size(0) / input.set_len;
    input.pert_rows = floats(folder / "in_pert_emb.npy");
    input.pert = at::arange(input.basal.size(0), at::TensorOptions(at::kLong));
    input.batch = labels(folder / "in_batch.npy");
    batch = {input.sets,
             input.set_len,
             floats(folder / "in_pert_cell_emb.npy"),
             input.basal,
             floats(folder / "in_pert_cell_counts.npy"),
             config.batch_token ? input.batch : at::Tensor(),
             {},
             {}};
}

TrainingLoss FixtureNetwork::run(const DropoutKey& key) {
    const NetworkOutput output = network->forward(input, key, job);
    TrainingLoss loss = training_loss(*network, output, batch, loss_of(hparams), {}, key, job);
    torch::autograd::backward({loss.total});
    return loss;
}

void FixtureNetwork::clear_gradients() {
    for (NetworkParameter& parameter : network->parameters()) {
        if (parameter.held()) {
            parameter.value.mutable_grad().reset();
        }
    }
}

NetworkInput first_sets(const NetworkInput& input, std::int64_t sets, std::int64_t set_len) {
    const std::int64_t cells = sets * set_len;
    return {sets,
            set_len,
            input.basal.narrow(0, 0, cells),
            input.pert_rows,
            input.pert.narrow(0, 0, cells),
            input.batch.defined() ? input.batch.narrow(0, 0, cells) : at::Tensor()};
}

} // namespace ember
