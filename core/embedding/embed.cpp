#include "core/embedding/embed.hpp"

#include <algorithm>
#include <chrono>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/embedding/embed_output.hpp"
#include "core/embedding/points.hpp"

namespace ember {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// All members that can be embedded, by the names that embedding_source() takes.
std::vector<std::pair<std::string, MatrixSource>> members_of(const AnnData& data) {
    std::vector<std::pair<std::string, MatrixSource>> members;
    for (const MemberInfo& member : data.obsm()) {
        members.emplace_back(member.key, MatrixSource{MatrixSource::Kind::obsm, member.key});
    }
    if (data.has_x()) {
        members.emplace_back("X", MatrixSource{});
    }
    for (const std::string& layer : data.layers()) {
        members.emplace_back("layers/" + layer, MatrixSource{MatrixSource::Kind::layer, layer});
    }
    if (data.raw_x()) {
        members.emplace_back("raw/X", MatrixSource{MatrixSource::Kind::raw_x, ""});
    }
    return members;
}

std::string count_of_cells(std::uint64_t cells, const char* one, const char* many) {
    return std::to_string(cells) + (cells == 1 ? one : many);
}

void note_left_out(const std::vector<std::uint64_t>& left_out, EmbedResult& result, JobContext& job) {
    if (!left_out.empty()) {
        result.warnings.push_back(count_of_cells(left_out.size(), " cell has", " cells have") +
                                  " values that are NaN or infinite and no place in the embedding");
        job.warn(result.warnings.back());
    }
}

/// Opens what the request names.
struct Input {
    AnnDataPtr data;
    MatrixPtr matrix;

    Input(const EmbedRequest& request, bool prefers_pca, EmbedResult& result)
        : data(AnnData::open(request.adata)) {
        const MatrixSource source = embedding_source(*data, request.use_rep, prefers_pca);
        matrix = data->matrix(source);
        result.use_rep = to_string(source);
        result.cells = matrix->rows();
        result.columns = matrix->cols();
    }
};

} // namespace

MatrixSource embedding_source(const AnnData& data, const std::string& use_rep, bool prefers_pca) {
    const auto members = members_of(data);
    const auto named = [&](const std::string& name) {
        return std::find_if(members.begin(), members.end(),
                            [&](const auto& member) { return member.first == name; });
    };
    const std::string wanted = !use_rep.empty()                                 ? use_rep
                               : prefers_pca && named("X_pca") != members.end() ? "X_pca"
                                                                                : "X";
    const auto found = named(wanted.starts_with("obsm/") ? wanted.substr(5) : wanted);
    if (found != members.end()) {
        return found->second;
    }
    std::vector<std::string> names;
    for (const auto& member : members) {
        names.push_back(member.first);
    }
    const std::vector<std::string> nearest = nearest_names(wanted, names);
    throw Error("MissingMember", "The file has no matrix '" + wanted + "'",
                {data.path().string(), wanted, {}},
                nearest.empty() ? "Choose another file" : "The nearest names are " + quoted_list(nearest));
}

EmbedPcaResult embed_pca(const EmbedPcaRequest& request, JobContext& job) {
    check_embed_output(request);
    EmbedPcaResult result;
    const Input input(request, false, result);
    check_components(result.cells, result.columns, request.options);
    const std::string key = request.key.empty() ? "X_pca" : request.key;
    EmbedOutput output(request, *input.data, key, job);
    const auto start = Clock::now();
    result.pca = pca(*input.matrix, request.options, job);
    result.seconds = seconds_since(start);
    note_left_out(result.pca.left_out, result, job);
    output.write(result.pca.scores, static_cast<std::uint64_t>(result.pca.count));
    const nlohmann::json variances = {{"variance", result.pca.variance},
                                      {"variance_ratio", result.pca.variance_ratio}};
    if (key == "X_pca") {
        nlohmann::json scanpy = variances;
        scanpy["params"] = {{"zero_center", request.options.center}, {"n_comps", request.options.components}};
        output.set_uns("pca", scanpy);
    }
    nlohmann::json parameters = variances;
    parameters["method"] = "pca";
    parameters["n_comps"] = request.options.components;
    parameters["center"] = request.options.center;
    result.written_to = output.finish(request, result, std::move(parameters), result.pca.left_out, job);
    return result;
}

EmbedUmapResult embed_umap(const EmbedUmapRequest& request, JobContext& job) {
    check_embed_output(request);
    check_umap_options(request.options);
    EmbedUmapResult result;
    const Input input(request, true, result);
    EmbedOutput output(request, *input.data, request.key.empty() ? "X_umap" : request.key, job);
    job.begin("Reading " + result.use_rep, 0, "");
    const std::vector<float> points = dense_values(*input.matrix, job);
    const auto start = Clock::now();
    Umap umap = Umap::create(points, result.cells, result.columns, request.options, job);
    umap.step(umap.epochs(), job);
    result.seconds = seconds_since(start);
    result.embedding.assign(umap.embedding().begin(), umap.embedding().end());
    result.left_out = umap.left_out();
    result.options = umap.options();
    result.exact_neighbors = umap.neighbors().exact;
    note_left_out(result.left_out, result, job);
    if (result.options.neighbors < request.options.neighbors) {
        result.warnings.push_back(fewer_neighbors_text(result.options.neighbors, request.options.neighbors));
    }
    output.write(result.embedding, 2);
    const UmapOptions& used = result.options;
    nlohmann::json parameters = {{"method", "umap"},
                                 {"n_neighbors", used.neighbors},
                                 {"min_dist", used.min_dist},
                                 {"spread", used.spread},
                                 {"metric", to_string(used.metric)},
                                 {"n_epochs", used.epochs},
                                 {"seed", used.seed},
                                 {"init", used.start == UmapStart::spectral ? "spectral" : "random"},
                                 {"a", umap.a()},
                                 {"b", umap.b()},
                                 {"exact_neighbors", result.exact_neighbors}};
    result.written_to = output.finish(request, result, std::move(parameters), result.left_out, job);
    return result;
}

} // namespace ember
