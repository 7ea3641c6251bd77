#include "views/genes/gene_context.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "views/embedding/gene_values.hpp"
#include "views/embedding/statistics_choice.hpp"

namespace ember {

namespace {

constexpr std::size_t most_groups = 300;

QStringList labels_of(const Column& column) {
    const CategoricalColumn groups = as_groups(column);
    const std::vector<std::uint64_t> counts = count_categories(groups);
    QStringList labels;
    for (std::size_t at = 0; at < counts.size() && groups.categories.size() <= most_groups; ++at) {
        if (counts[at] > 0) {
            labels << QString::fromStdString(groups.categories[at]);
        }
    }
    return labels;
}

/// Components of an embedding have numbers for names.
bool holds_genes(const AnnData& data, const MatrixSource& source) {
    if (source.kind != MatrixSource::Kind::obsm) {
        return true;
    }
    const std::vector<std::string> names = column_names(data, source);
    return !names.empty() && names.front() != source.key + " 1";
}

} // namespace

QStringList GeneContext::labelsOf(const QString& column) const {
    const auto found = labels.find(column);
    return found == labels.end() ? QStringList() : found->second;
}

MatrixSource GeneContext::source(const QString& name, const MatrixSource& fallback) const {
    for (const MatrixSource& each : sources) {
        if (QString::fromStdString(to_string(each)) == name) {
            return each;
        }
    }
    const bool known = std::find(sources.begin(), sources.end(), fallback) != sources.end();
    return known || sources.empty() ? fallback : sources.front();
}

GeneContextPtr read_gene_context(const AnnData& data, const QStringList& columns, const Schema& schema,
                                 JobContext& job) {
    auto context = std::make_shared<GeneContext>();
    context->schema = schema;
    job.begin("Reading the groups", static_cast<std::uint64_t>(columns.size()), "columns");
    std::uint64_t done = 0;
    for (const QString& column : columns) {
        job.check_cancelled();
        try {
            const QStringList labels = labels_of(*data.obs(column.toStdString()));
            if (labels.size() > 1) {
                context->columns << column;
                context->labels[column] = labels;
            }
        } catch (const Cancelled&) {
            throw;
        } catch (const Error& error) {
            job.warn(error.what()); // a column that cannot be read is not offered
        }
        job.advance_to(++done);
    }
    for (const MatrixSource& source : sourcesOf(data)) {
        job.check_cancelled();
        try {
            if (holds_genes(data, source)) {
                context->sources.push_back(source);
            }
        } catch (const Cancelled&) {
            throw;
        } catch (const Error& error) {
            job.warn(error.what());
        }
    }
    return context;
}

} // namespace ember
