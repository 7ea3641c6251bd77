#include "core/experiment/training_matrices.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

constexpr const char* hvg_key = "X_hvg";

bool is_x(const std::string& key) {
    return key.empty() || key == "X";
}

/// One matrix of each file; the key "" or "X" is X.
class Opener {
public:
    Opener(const RunCells& cells, TrainingFaults& faults) : cells_(cells), faults_(faults) {}

    RowSource open(const std::string& name, const std::string& key, const std::string& option) {
        RowSource source;
        source.name = name;
        for (const RunFile& file : cells_.files) {
            const bool opened = faults_.collect(option, [&] {
                source.parts.push_back(open_one(file, key, option));
                if (source.parts.back()->cols() != source.parts.front()->cols()) {
                    throw different_width(file, source);
                }
            });
            if (!opened) {
                break;
            }
        }
        return source;
    }

private:
    static MatrixPtr open_one(const RunFile& file, const std::string& key, const std::string& option) {
        if (is_x(key)) {
            if (!file.data->has_x()) {
                throw Error("MissingMember", "The file has no matrix X", {file.name(), "X", {}},
                            "Name a matrix of obsm with " + option);
            }
            return file.data->matrix({});
        }
        std::vector<std::string> keys;
        for (const MemberInfo& member : file.data->obsm()) {
            keys.push_back(member.key);
        }
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            throw Error("MissingMember", "The file has no matrix '" + key + "' in obsm",
                        {file.name(), "obsm/" + key, {}},
                        keys.empty()
                            ? "Its obsm is empty: make the matrix first, or set " + option + "=null for X"
                            : "Set " + option + " to one of " + quoted_list(keys) + " (or null for X)");
        }
        return file.data->matrix({MatrixSource::Kind::obsm, key});
    }

    Error different_width(const RunFile& file, const RowSource& source) const {
        const std::string& matrix = source.parts.back()->info().name;
        return Error("ShapeMismatch",
                     "The files differ in width: " + matrix + " has " +
                         std::to_string(source.parts.front()->cols()) + " columns in " +
                         cells_.files.front().name() + " and " + std::to_string(source.parts.back()->cols()) +
                         " in " + file.name(),
                     {file.name(), matrix, {}}, "Train on files with the same features");
    }

    const RunCells& cells_;
    TrainingFaults& faults_;
};

std::vector<float> confidence_of(const RunCells& cells, const std::string& column) {
    std::vector<float> confidence;
    for (const RunFile& file : cells.files) {
        const auto& columns = file.data->obs_columns();
        if (std::none_of(columns.begin(), columns.end(),
                         [&](const ColumnInfo& info) { return info.name == column; })) {
            std::vector<std::string> names;
            for (const ColumnInfo& info : columns) {
                names.push_back(info.name);
            }
            throw Error("MissingMember", "The cells have no column '" + column + '\'',
                        {file.name(), "obs/" + column, {}},
                        "Set model.kwargs.velocity_confidence_key; the nearest columns are " +
                            quoted_list(nearest_names(column, names)));
        }
        const auto values = file.data->obs(column);
        const auto* numbers = std::get_if<NumericColumn>(&values->data);
        if (numbers == nullptr) {
            throw Error("NotNumbers", "The confidence of velocities is not a column of numbers",
                        {file.name(), "obs/" + column, {}}, "Set model.kwargs.velocity_confidence_key");
        }
        confidence.insert(confidence.end(), numbers->values.begin(), numbers->values.end());
    }
    return confidence;
}

void open_velocity(const RunCells& cells, const DataSettings& settings, Opener& opener,
                   TrainingMatrices& matrices, TrainingFaults& faults) {
    const std::string option = "model.kwargs.velocity_key";
    matrices.velocity = opener.open("velocities", settings.velocity_key, option);
    matrices.velocity->only_numbers = false; // such cells leave the loss, reference: velocity terms
    if (!faults.empty()) {
        return;
    }
    if (matrices.velocity->width() != matrices.cells.width()) {
        faults.add(option,
                   Error("ShapeMismatch",
                         "Velocities have " + std::to_string(matrices.velocity->width()) +
                             " columns and cells " + std::to_string(matrices.cells.width()),
                         {cells.files.front().name(), matrices.velocity->parts.front()->info().name, {}},
                         "Give velocities in the space of " +
                             (is_x(settings.embed_key) ? std::string("X") : settings.embed_key)));
    }
    if (!settings.confidence_key.empty()) {
        faults.collect("model.kwargs.velocity_confidence_key",
                       [&] { matrices.confidence = confidence_of(cells, settings.confidence_key); });
    }
}

void check_downsampling(const DataSettings& settings, TrainingMatrices& matrices, TrainingFaults& faults,
                        std::vector<std::string>& warnings) {
    if (!settings.downsample || *settings.downsample == 1) {
        return;
    }
    if (!(*settings.downsample > 0)) {
        faults.add("data.kwargs.downsample",
                   Error("BadConfig", "The share of counts is not above 0",
                         {"", "data.kwargs.downsample", {}}, "Use 0.5 for one half"));
    } else if (settings.output_space != "all") {
        warnings.push_back(
            "data.kwargs.downsample has an effect with output_space=all only, as in arc-state");
    } else {
        matrices.downsample_cells = is_x(settings.embed_key);
        matrices.downsample_counts = matrices.counts.has_value();
    }
}

std::string short_number(float value) {
    std::ostringstream text;
    text.precision(4);
    text << value;
    return text.str();
}

} // namespace

TrainingMatrices open_matrices(const RunCells& cells, const DataSettings& settings, TrainingFaults& faults,
                               std::vector<std::string>& warnings, JobContext& job) {
    job.check_cancelled();
    TrainingMatrices matrices;
    Opener opener(cells, faults);
    matrices.cells = opener.open("cells", settings.embed_key, "data.kwargs.embed_key");
    const AnnData& first = *cells.files.front().data;
    matrices.gene_count = static_cast<std::int64_t>(first.n_vars());
    matrices.hvg_width = matrices.gene_count;
    for (const MemberInfo& member : first.obsm()) {
        if (member.key == hvg_key && !member.data_frame) {
            matrices.hvg_width = static_cast<std::int64_t>(member.cols);
        }
    }
    if (!faults.empty()) {
        return matrices;
    }
    if (!is_x(settings.embed_key)) {
        if (settings.output_space == "all") {
            matrices.counts = opener.open("genes", "X", "data.kwargs.output_space");
        } else if (settings.output_space == "gene" && settings.embed_key != hvg_key) {
            matrices.counts = opener.open("genes", hvg_key, "data.kwargs.output_space");
        }
    }
    if (!settings.velocity_key.empty()) {
        open_velocity(cells, settings, opener, matrices, faults);
    }
    check_downsampling(settings, matrices, faults, warnings);
    return matrices;
}

void judge_values(const SeenValues& range, const DataSettings& settings, std::vector<std::string>& warnings) {
    if (!is_x(settings.embed_key) && settings.embed_key != hvg_key) {
        return; // an embedding may hold any number
    }
    constexpr float count_like = 20, predicted_most = 14;
    const std::string name = is_x(settings.embed_key) ? "X" : settings.embed_key;
    if (range.whole && range.high > count_like) {
        warnings.push_back(name + " looks like counts (whole numbers up to " + short_number(range.high) +
                           "): log-normalised values are expected");
    } else if (range.high > predicted_most) {
        warnings.push_back(name + " has values up to " + short_number(range.high) +
                           ": predictions end at 14, log-normalised values are expected");
    }
    if (range.low < 0) {
        warnings.push_back(name + " has negative values, down to " + short_number(range.low) +
                           ": log-normalised values are expected, and predictions start at 0");
    }
}

} // namespace ember
