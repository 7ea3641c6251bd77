#include "views/prediction/six_panel_embedding.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "core/base/error.hpp"
#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

constexpr const char* usualKey = "X_pred_umap";
constexpr int principalComponents = 50;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::SixPanelEmbedding", text);
}

bool hasMember(const AnnData& data, const std::string& key) {
    return std::any_of(data.obsm().begin(), data.obsm().end(), [&](const MemberInfo& member) {
        return member.key == key && !member.data_frame && member.cols > 0;
    });
}

/// The member that an embedding was computed from, as `emberview-cli embed` records it; empty: unknown.
std::string originOf(const AnnData& data, const std::string& key) {
    try {
        const nlohmann::json record = data.uns("emberview");
        return record.at("embed").at(key).at("parameters").at("use_rep").get<std::string>();
    } catch (const nlohmann::json::exception&) {
        return {};
    } catch (const Error&) {
        return {};
    }
}

/// Directly, or by way of principal components.
bool mayBeOf(const AnnData& data, const std::string& key, const MatrixSource& source) {
    const std::string wanted = to_string(source), origin = originOf(data, key);
    constexpr std::string_view obsm = "obsm/";
    return origin.empty() || origin == wanted ||
           (origin.starts_with(obsm) && originOf(data, origin.substr(obsm.size())) == wanted);
}

/// "X_pred_umap" → "UMAP": what axes are called.
QString nameOf(const std::string& key) {
    const QString text = QString::fromStdString(key);
    for (const char* known : {"umap", "tsne", "pca"}) {
        if (text.contains(known, Qt::CaseInsensitive)) {
            return QString(known) == "tsne" ? QString("t-SNE") : QString(known).toUpper();
        }
    }
    return text;
}

FigureEmbedding stored(const AnnData& data, const std::string& key, JobContext& job) {
    const MatrixPtr matrix = data.matrix({MatrixSource::Kind::obsm, key});
    auto points = std::make_shared<std::vector<float>>(2 * matrix->rows(), NAN);
    job.begin("Reading the embedding", matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        std::vector<float> dense(block.rows * block.cols, 0);
        if (!block.sparse) {
            std::copy(block.dense.begin(), block.dense.end(), dense.begin());
        }
        for (std::uint64_t row = 0; row < block.rows; ++row) {
            for (std::uint64_t at = block.sparse ? block.indptr[row] : 0;
                 block.sparse && at < block.indptr[row + 1]; ++at) {
                dense[row * block.cols + block.indices[at]] += block.values[at];
            }
            for (std::uint64_t axis = 0; axis < std::min<std::uint64_t>(2, block.cols); ++axis) {
                (*points)[2 * (block.first_row + row) + axis] = dense[row * block.cols + axis];
            }
        }
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    FigureEmbedding embedding;
    embedding.points = withRanks(points, embedding.ranked);
    embedding.name = nameOf(key);
    embedding.note = matrix->cols() > 2
                         ? tr("Points: the first two columns of obsm/%1.").arg(QString::fromStdString(key))
                         : tr("Points: obsm/%1.").arg(QString::fromStdString(key));
    embedding.provenance = {{"obsm", key}};
    return embedding;
}

FigureEmbedding computed(const AnnData& data, const MatrixSource& source, std::uint64_t seed,
                         JobContext& job) {
    const MatrixPtr matrix = data.matrix(source);
    PcaOptions reduction;
    reduction.components =
        static_cast<int>(std::min<std::uint64_t>({principalComponents, matrix->cols(), matrix->rows()}));
    FigureEmbedding embedding;
    embedding.name = "UMAP";
    try {
        const PcaResult components = pca(*matrix, reduction, job);
        UmapOptions options;
        options.seed = seed;
        Umap umap = Umap::create(components.scores, components.cells,
                                 static_cast<std::uint64_t>(components.count), options, job);
        while (!umap.done()) {
            umap.step(10, job);
        }
        embedding.points =
            std::make_shared<std::vector<float>>(umap.embedding().begin(), umap.embedding().end());
        embedding.note = tr("Points: UMAP of %1 principal components, %2 neighbours, seed %3.")
                             .arg(components.count)
                             .arg(umap.options().neighbors)
                             .arg(seed);
        if (!components.left_out.empty()) {
            embedding.note +=
                ' ' + tr("%1 with values that are not finite are not drawn.")
                          .arg(formatCount(static_cast<std::int64_t>(components.left_out.size()), tr("cell"),
                                           tr("cells")));
        }
        embedding.provenance = {{"method", "umap"},
                                {"principal_components", components.count},
                                {"neighbors", umap.options().neighbors},
                                {"min_dist", umap.options().min_dist},
                                {"epochs", umap.epochs()},
                                {"seed", seed}};
    } catch (const Cancelled&) {
        throw;
    } catch (const ResourceError&) {
        throw;
    } catch (const Error& error) {
        embedding.points = std::make_shared<std::vector<float>>(2 * matrix->rows(), NAN);
        embedding.note = tr("No embedding: %1.").arg(QString::fromStdString(error.message()));
        embedding.provenance = {{"method", "none"}, {"reason", error.message()}};
    }
    return embedding;
}

} // namespace

FigureEmbedding embeddingForFigure(const AnnData& data, const MatrixSource& source, const std::string& key,
                                   std::uint64_t seed, JobContext& job) {
    if (!key.empty()) {
        return stored(data, key, job);
    }
    return hasMember(data, usualKey) && mayBeOf(data, usualKey, source) ? stored(data, usualKey, job)
                                                                        : computed(data, source, seed, job);
}

} // namespace ember
