#pragma once
// Predictions of 400 cells of the demo, made up so that what comparing them must find is known.

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "core/base/demo_workspace.hpp"
#include "core/data/cells_fingerprint.hpp"
#include "core/data/h5ad_writer.hpp"
#include "tests/widgets/fake_workspace.hpp"

namespace ember::test {

inline const MatrixSource compared{MatrixSource::Kind::obsm, "X_hvg"};

/// Some cells of the demo with other values in obsm/X_hvg.
class MadeUpFiles {
public:
    MadeUpFiles() {
        const AnnDataPtr demo = AnnData::open(bundled_demo() / "wound_demo.h5ad");
        for (std::uint64_t cell = 0; cell < demo->n_obs(); cell += 10) {
            rows_.push_back(cell);
        }
        const MatrixPtr matrix = demo->matrix(compared);
        values_.resize(rows_.size() * matrix->cols());
        JobContext job;
        matrix->gather_rows(rows_, values_, job);
        real_ = copy(*demo, "real.h5ad", rows_, values_, matrix->cols());
        std::vector<float> near = values_, flat = values_;
        for (std::size_t at = 0; at < near.size(); ++at) {
            near[at] += 0.1F * std::fabs(std::sin(static_cast<float>(at)));
            flat[at] = values_[at % matrix->cols()]; // every cell as the first
        }
        near_ = copy(*demo, "near.h5ad", rows_, near, matrix->cols());
        flat_ = copy(*demo, "uniform.h5ad", rows_, flat, matrix->cols());
        std::vector<float> few(rows_.size() * 20, 1.0F);
        narrow_ = copy(*demo, "narrow.h5ad", rows_, few, 20);
        RowSelection others = rows_;
        for (std::uint64_t& row : others) {
            ++row;
        }
        others_ = copy(*demo, "others.h5ad", others, near, matrix->cols());
    }

    const std::string& real() const { return real_; }
    const std::string& near() const { return near_; }     ///< the real values and a little more
    const std::string& flat() const { return flat_; }     ///< every cell alike
    const std::string& narrow() const { return narrow_; } ///< 20 values per cell
    const std::string& others() const { return others_; } ///< of other cells with the same labels
    std::uint64_t cells() const { return rows_.size(); }
    const std::vector<float>& values() const { return values_; } ///< [cells × genes] real ones

private:
    std::string copy(const AnnData& demo, const char* name, const RowSelection& rows,
                     const std::vector<float>& values, std::uint64_t genes) const {
        const std::string path = folder_.filePath(name).toStdString();
        JobContext job;
        H5adCopy writer(demo, path, rows, job);
        writer.begin_dense("obsm/X_hvg", genes);
        std::vector<std::uint64_t> all(rows.size());
        for (std::size_t at = 0; at < all.size(); ++at) {
            all[at] = at;
        }
        writer.write_rows("obsm/X_hvg", all, values);
        std::vector<float> places(2 * rows.size());
        for (std::size_t at = 0; at < places.size(); ++at) {
            places[at] = static_cast<float>(at % 17);
        }
        writer.begin_dense("obsm/X_map", 2);
        writer.write_rows("obsm/X_map", all, places);
        writer.finish();
        return path;
    }

    QTemporaryDir folder_;
    RowSelection rows_;
    std::vector<float> values_;
    std::string real_, near_, flat_, narrow_, others_;
};

/// The real cells as document 1, and predictions of them.
class CompareWorkspace : public FakeWorkspace {
public:
    explicit CompareWorkspace(const std::string& real) : FakeWorkspace(real) {
        data().cells = QString::fromStdString(cells_fingerprint(data().data->obs_names()));
    }
    DocumentRef add(const std::string& file, const char* model) {
        auto made = std::make_unique<PredictionDocument>();
        made->id = 10 + static_cast<int>(made_.size());
        made->output.id = made->id;
        made->output.path = QString::fromStdString(file);
        made->name = made->output.name = QFileInfo(made->output.path).completeBaseName();
        made->output.data = AnnData::open(file);
        made->output.schema = guess_schema(*made->output.data);
        made->output.cells = QString::fromStdString(cells_fingerprint(made->output.data->obs_names()));
        made->modelPath = QString("/models/%1").arg(model);
        made->inputPath = data().path;
        made->source = compared;
        made->result.pert_col = "condition";
        made->result.control_pert = "Sham";
        made->result.celltype_col = "cell_type";
        made->result.embed_key = "X_hvg";
        made_.push_back(std::move(made));
        const DocumentRef document{DocumentKind::prediction, made_.back()->id};
        emit documentAdded(document);
        return document;
    }
    void closeReal() {
        realIsOpen_ = false;
        emit documentClosing(ref());
    }
    std::vector<const DatasetDocument*> datasets() const override {
        return realIsOpen_ ? FakeWorkspace::datasets() : std::vector<const DatasetDocument*>();
    }
    std::vector<const PredictionDocument*> predictions() const override {
        std::vector<const PredictionDocument*> all;
        for (const auto& made : made_) {
            all.push_back(made.get());
        }
        return all;
    }

private:
    std::vector<std::unique_ptr<PredictionDocument>> made_;
    bool realIsOpen_ = true;
};

} // namespace ember::test
