#include "scratch_folder.hpp"

#include <fstream>

#include <unistd.h>

#include "core/data/h5ad_writer.hpp"

namespace ember::test {

namespace fs = std::filesystem;

void ScratchTest::SetUp() {
    std::string name = (fs::temp_directory_path() / "emberview_experiment_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder = name;
}

void ScratchTest::TearDown() {
    fs::remove_all(folder);
}

fs::path ScratchTest::write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << text;
    return folder / name;
}

fs::path ScratchTest::write_cells(const std::string& name,
                                  const std::vector<std::pair<std::string, std::vector<std::string>>>& obs,
                                  const std::vector<std::string>& obsm) const {
    NewAnnData data;
    const std::size_t cells = obs.front().second.size();
    for (std::size_t i = 0; i < cells; ++i) {
        data.obs_names.push_back("cell" + std::to_string(i));
    }
    data.var_names = {"a", "b", "c"};
    for (const auto& [column, labels] : obs) {
        data.obs.push_back({column, "object", TextColumn{labels, {}}});
    }
    data.x.assign(cells * 3, 1.0F);
    for (const std::string& key : obsm) {
        data.obsm.emplace_back(key, std::vector<float>(cells * 4, 0.5F));
    }
    fs::create_directories((folder / name).parent_path());
    write_h5ad(data, folder / name);
    return folder / name;
}

} // namespace ember::test
