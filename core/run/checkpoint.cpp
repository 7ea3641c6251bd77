#include "core/run/checkpoint.hpp"

#include <cstring>
#include <string_view>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"
#include "core/run/checkpoint_bytes.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/safetensors.hpp"
#include "core/run/torch_archive.hpp"

namespace ember {

namespace {

/// What every kind of checkpoint comes down to.
class LoadedCheckpoint final : public Checkpoint {
public:
    LoadedCheckpoint(CheckpointBytes source, std::filesystem::path path)
        : source_(std::move(source)), path_(std::move(path)) {}

    const std::filesystem::path& path() const override { return path_; }
    const std::string& format() const override { return format_; }
    const std::vector<TensorView>& tensors() const override { return tensors_; }
    const TensorView* find(const std::string& name) const override {
        const auto found = index_.find(name);
        return found == index_.end() ? nullptr : &tensors_[found->second];
    }
    const nlohmann::json& hyper_parameters() const override { return hyper_parameters_; }
    std::optional<std::int64_t> epoch() const override { return epoch_; }
    std::optional<std::int64_t> global_step() const override { return global_step_; }
    bool has_optimizer_state() const override { return has_optimizer_state_; }
    std::uint64_t file_bytes() const override { return source_.bytes.size(); }
    std::string fingerprint() const override {
        return sha256_of_bytes(fingerprint_source_.data(), fingerprint_source_.size());
    }

    void read_torch();
    void read_safetensors();

private:
    void add(TensorView tensor);
    void read_training_state(const TorchArchive& archive);

    CheckpointBytes source_;
    std::filesystem::path path_;
    std::string format_;
    std::vector<TensorView> tensors_;
    std::unordered_map<std::string, std::size_t> index_;
    nlohmann::json hyper_parameters_ = nlohmann::json::object();
    std::optional<std::int64_t> epoch_, global_step_;
    bool has_optimizer_state_ = false;
    std::string fingerprint_source_;
};

std::optional<std::int64_t> integer_of(const PickleNode* node) {
    if (node == nullptr || node->kind != PickleKind::integer) {
        return std::nullopt;
    }
    return node->integer;
}

/// Names, sizes and checksums of all parts, and the pickle: changes whenever a tensor does.
std::string directory_text(const TorchArchive& archive) {
    std::string text;
    for (const ZipEntry& entry : archive.zip().entries()) {
        text += entry.name + ' ' + std::to_string(entry.size) + ' ' + std::to_string(entry.crc) + '\n';
    }
    const std::span<const std::byte> pickle = archive.pickle();
    return text.append(reinterpret_cast<const char*>(pickle.data()), pickle.size());
}

void LoadedCheckpoint::add(TensorView tensor) {
    const auto [found, is_new] = index_.emplace(tensor.name, tensors_.size());
    if (is_new) {
        tensors_.push_back(std::move(tensor));
    } else {
        tensors_[found->second] = std::move(tensor);
    }
}

void LoadedCheckpoint::read_training_state(const TorchArchive& archive) {
    const PickleDocument& document = archive.document();
    const PickleNode& root = archive.root();
    epoch_ = integer_of(document.find(root, "epoch"));
    global_step_ = integer_of(document.find(root, "global_step"));
    const PickleNode* const optimizers = document.find(root, "optimizer_states");
    has_optimizer_state_ = optimizers != nullptr && !optimizers->items.empty();
    const PickleNode* const parameters = document.find(root, "hyper_parameters");
    if (parameters != nullptr && parameters->kind == PickleKind::dict) {
        hyper_parameters_ = pickle_to_json(document, *parameters, path_.string());
    }
}

void LoadedCheckpoint::read_torch() {
    const TorchArchive archive(source_.bytes, path_.string(), source_.check_sums);
    const PickleDocument& document = archive.document();
    const PickleNode& root = archive.root();
    if (root.kind != PickleKind::dict) {
        throw Error("NotACheckpoint", "The file does not hold a dictionary of weights",
                    {path_.string(), "", {}}, "Choose a Lightning checkpoint or a state dict");
    }
    const PickleNode* state = document.find(root, "state_dict");
    const bool lightning = document.find(root, "pytorch-lightning_version") != nullptr ||
                           document.find(root, "hyper_parameters") != nullptr;
    format_ = lightning ? "Lightning checkpoint" : "PyTorch state dict";
    if (state == nullptr || state->kind != PickleKind::dict) {
        state = &root;
    }
    for (std::size_t i = 0; i + 1 < state->items.size(); i += 2) {
        const PickleNode& key = document.node(state->items[i]);
        const PickleNode& value = document.node(state->items[i + 1]);
        if (key.kind == PickleKind::text && value.kind == PickleKind::tensor) {
            add(archive.view(value, key.text));
        }
    }
    if (tensors_.empty()) {
        throw Error("NotACheckpoint", "The file holds no tensors by name", {path_.string(), "", {}},
                    "Choose a Lightning checkpoint or a state dict");
    }
    read_training_state(archive);
    fingerprint_source_ = directory_text(archive);
}

void LoadedCheckpoint::read_safetensors() {
    SafetensorsFile file = ember::read_safetensors(source_.bytes, path_.string());
    format_ = "safetensors";
    for (TensorView& tensor : file.tensors) {
        add(std::move(tensor));
    }
    hyper_parameters_ = std::move(file.hyper_parameters);
    fingerprint_source_ = std::move(file.header);
}

/// Before 1.6, PyTorch wrote pickles one after the other, the first of them a magic number.
void refuse_old_format(std::span<const std::byte> bytes, const std::filesystem::path& path) {
    constexpr std::string_view magic = "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
    if (bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0) {
        throw Error("NotACheckpoint", "The file is in PyTorch's format from before version 1.6",
                    {path.string(), "", {}}, "Load it in Python and save it again with torch.save");
    }
}

} // namespace

Checkpoint::~Checkpoint() = default;

CheckpointPtr checkpoint_from_bytes(CheckpointBytes source, const std::filesystem::path& path) {
    const std::span<const std::byte> bytes = source.bytes;
    auto checkpoint = std::make_shared<LoadedCheckpoint>(std::move(source), path);
    if (looks_like_safetensors(bytes)) {
        checkpoint->read_safetensors();
    } else {
        refuse_old_format(bytes, path);
        checkpoint->read_torch();
    }
    return checkpoint;
}

CheckpointPtr Checkpoint::open(const std::filesystem::path& file) {
    auto mapping = MappedFile::open(file);
    const std::span<const std::byte> bytes = mapping->bytes();
    if (bytes.empty()) {
        throw Error("NotACheckpoint", "The file is empty", {file.string(), "", {}},
                    "Copy the file again from its source");
    }
    return checkpoint_from_bytes({std::move(mapping), bytes, true}, file);
}

} // namespace ember
