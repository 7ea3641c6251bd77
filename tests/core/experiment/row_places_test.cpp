// Where rows are read from, and that it changes no byte.

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/threads.hpp"
#include "core/experiment/row_cache.hpp"
#include "tests/core/experiment/cell_file.hpp"

namespace ember {
namespace {

using test::Form;
using test::Storage;

/// A cache folder of the test's own.
class CacheFolder {
public:
    CacheFolder() { setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1); }
    ~CacheFolder() { unsetenv("XDG_CACHE_HOME"); }
    CacheFolder(const CacheFolder&) = delete;
    CacheFolder& operator=(const CacheFolder&) = delete;

private:
    test::TemporaryFolder folder_;
};

struct Values {
    std::vector<float> target, basal;
    std::vector<std::uint64_t> cells;
    bool operator==(const Values&) const = default;
};

Values first_batches(const TrainingData& data, int count, std::int64_t first = 0) {
    JobContext job;
    Values values;
    const auto stream = data.stream(Split::train, 11, first);
    for (int i = 0; i < count; ++i) {
        auto batch = stream->next(job);
        values.target.insert(values.target.end(), batch->target.begin(), batch->target.end());
        values.basal.insert(values.basal.end(), batch->basal.begin(), batch->basal.end());
        values.cells.insert(values.cells.end(), batch->target_cells.begin(), batch->target_cells.end());
        stream->recycle(std::move(batch));
    }
    return values;
}

TrainingDataPtr open_small(const std::vector<std::filesystem::path>& files, std::int64_t memory,
                           CellShuffle shuffle = CellShuffle::automatic) {
    DataSettings settings = test::settings_for(files);
    settings.memory_bytes = memory;
    settings.shuffle = shuffle;
    JobContext job;
    return TrainingData::open(settings, test::sets_per_batch(3), 16, job);
}

constexpr std::int64_t plenty = 1 << 30, little = 2000;

TEST(RowPlaces, EveryStorageGivesTheSameBytesFromMemoryAndDisk) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const test::CellTable table = test::random_cells(900, 40, 3);
    Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 40}, true, true, false};
    Storage csr{Form::csr, H5T_IEEE_F32LE, {}, false, false, false};
    Storage csr_chunks{Form::csr, H5T_IEEE_F32LE, {500}, true, false, false};
    Storage csc{Form::csc, H5T_IEEE_F32LE, {}, false, false, false};
    Storage doubles{Form::dense, H5T_IEEE_F64LE, {}, false, false, false};
    test::write_cells(folder / "plain.h5ad", table, {});
    const TrainingDataPtr plain = open_small({folder / "plain.h5ad"}, plenty);
    EXPECT_EQ(plain->reading(), "memory");
    EXPECT_GT(plain->resident_bytes(), 900U * 40U);
    const Values expected = first_batches(*plain, 40);
    EXPECT_EQ(open_small({folder / "plain.h5ad"}, little)->reading(), "file");
    EXPECT_TRUE(first_batches(*open_small({folder / "plain.h5ad"}, little), 40) == expected);
    for (const auto& [name, storage, place] :
         {std::tuple("chunks", chunks, "row cache"), std::tuple("csr", csr, "file"),
          std::tuple("csr_chunks", csr_chunks, "row cache"), std::tuple("csc", csc, "row cache"),
          std::tuple("doubles", doubles, "file")}) {
        const std::filesystem::path file = folder / (std::string(name) + ".h5ad");
        test::write_cells(file, table, storage);
        EXPECT_TRUE(first_batches(*open_small({file}, plenty), 40) == expected) << name;
        for (int visit = 0; visit < 2; ++visit) { // the second finds the copy
            const TrainingDataPtr data = open_small({file}, little);
            EXPECT_EQ(data->reading(), place) << name;
            EXPECT_TRUE(first_batches(*data, 40) == expected) << name;
            EXPECT_TRUE(first_batches(*data, 1, 13) == first_batches(*plain, 1, 13)) << name;
        }
    }
}

TEST(RowPlaces, ThreadsChangeNoByte) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 40}, true, false, false};
    test::write_cells(folder / "cells.h5ad", test::random_cells(600, 40, 4), chunks);
    for (const CellShuffle shuffle : {CellShuffle::automatic, CellShuffle::windows}) {
        set_thread_budget(1);
        const Values one = first_batches(*open_small({folder / "cells.h5ad"}, little, shuffle), 30);
        set_thread_budget(2);
        const Values two = first_batches(*open_small({folder / "cells.h5ad"}, little, shuffle), 30);
        set_thread_budget(0);
        EXPECT_TRUE(one == two);
    }
}

TEST(RowPlaces, WindowsHoldEveryCellAndTouchFewWindows) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const std::size_t cells = 6000, genes = 4096; // four windows of 1024 rows and more
    test::CellTable table = test::random_cells(cells, 1, 8);
    table.genes.clear();
    for (std::size_t gene = 0; gene < genes; ++gene) {
        table.genes.push_back("g" + std::to_string(gene));
    }
    table.values.assign(cells * genes, 0.0F);
    for (std::size_t cell = 0; cell < cells; ++cell) {
        table.values[cell * genes] = static_cast<float>(cell);
    }
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {256, 4096}, true, false, false};
    test::write_cells(folder / "cells.h5ad", table, chunks);
    const TrainingDataPtr data = open_small({folder / "cells.h5ad"}, 40 << 10, CellShuffle::windows);
    EXPECT_EQ(data->reading(), "chunk windows");
    EXPECT_FALSE(std::filesystem::exists(row_cache_folder()));
    JobContext job;
    const SplitSummary summary = data->summary(Split::train);
    for (const std::uint64_t epoch : {0, 1}) {
        const auto stream = data->stream(Split::train, 5, static_cast<std::int64_t>(epoch * summary.batches));
        std::vector<int> seen(cells, 0);
        std::uint64_t touched = 0;
        for (std::uint64_t i = 0; i < summary.batches; ++i) {
            const auto batch = stream->next(job);
            std::vector<bool> windows(6, false);
            for (std::size_t k = 0; k < batch->target_cells.size(); ++k) {
                ++seen[batch->target_cells[k]];
                windows[batch->target_cells[k] / 1024] = true;
                ASSERT_EQ(batch->target[k * genes], static_cast<float>(batch->target_cells[k]));
                ASSERT_EQ(batch->basal[k * genes], static_cast<float>(batch->control_cells[k]));
            }
            touched += static_cast<std::uint64_t>(std::count(windows.begin(), windows.end(), true));
        }
        EXPECT_EQ(std::count(seen.begin(), seen.end(), 0), 0);
        // Fully shuffled, each batch of 48 cells would touch nearly all six windows.
        EXPECT_LT(static_cast<double>(touched) / static_cast<double>(summary.batches), 2.0);
    }
    const auto warnings = data->warnings();
    EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [](const std::string& text) {
        return text.find("random part of them") != std::string::npos;
    }));
}

TEST(RowPlaces, AMatrixStoredByColumnsHasNoWindows) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const Storage csc{Form::csc, H5T_IEEE_F32LE, {}, false, false, false};
    test::write_cells(folder / "cells.h5ad", test::random_cells(300, 20, 4), csc);
    const TrainingDataPtr data = open_small({folder / "cells.h5ad"}, little, CellShuffle::windows);
    EXPECT_EQ(data->reading(), "row cache");
}

TEST(RowPlaces, CopiesTooLargeForTheirRoomGiveWayToWindows) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 20}, true, false, false};
    test::write_cells(folder / "cells.h5ad", test::random_cells(300, 20, 4), chunks);
    DataSettings settings = test::settings_for({folder / "cells.h5ad"});
    settings.memory_bytes = little;
    settings.row_cache_bytes = 1000;
    JobContext job;
    EXPECT_EQ(TrainingData::open(settings, test::sets_per_batch(2), 16, job)->reading(), "chunk windows");
    settings.shuffle = CellShuffle::full;
    EXPECT_EQ(TrainingData::open(settings, test::sets_per_batch(2), 16, job)->reading(), "row cache");
}

TEST(RowPlaces, CancelLeavesNothingInTheCache) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 20}, true, false, false};
    test::write_cells(folder / "cells.h5ad", test::random_cells(300, 20, 4), chunks);
    struct StopWhenCopying : JobListener {
        void on_progress(const Progress& progress) override {
            if (progress.phase == "Copying cells for fast reading") {
                source.request_stop();
            }
        }
        std::stop_source source;
    } listener;
    JobContext job(&listener, listener.source.get_token());
    DataSettings settings = test::settings_for({folder / "cells.h5ad"});
    settings.memory_bytes = little;
    EXPECT_THROW(TrainingData::open(settings, test::sets_per_batch(2), 16, job), Cancelled);
    EXPECT_TRUE(std::filesystem::is_empty(row_cache_folder()));
}

TEST(RowPlaces, SeveralFilesAreOne) {
    const test::TemporaryFolder folder;
    test::CellTable first = test::random_cells(300, 10, 1), second = test::random_cells(200, 10, 2);
    second.cell_type.assign(200, "D");
    std::replace(second.perturbation.begin(), second.perturbation.end(), std::string("ctrl"),
                 std::string("P"));
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 10}, true, false, false};
    test::write_cells(folder / "a.h5ad", first, {});
    test::write_cells(folder / "b.h5ad", second, chunks);
    const TrainingDataPtr data = open_small({folder / "a.h5ad", folder / "b.h5ad"}, plenty);
    EXPECT_EQ(data->cells(), 500U);
    EXPECT_EQ(data->cell_types().labels, (std::vector<std::string>{"A", "B", "C", "D"}));
    EXPECT_EQ(data->summary(Split::train).groups, 11U);
    const auto warnings = data->warnings();
    EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [](const std::string& text) {
        return text.find("Without control cells") != std::string::npos &&
               text.find("'D'") != std::string::npos;
    }));
    const CacheFolder cache;
    EXPECT_TRUE(first_batches(*data, 20) ==
                first_batches(*open_small({folder / "a.h5ad", folder / "b.h5ad"}, little), 20));
}

TEST(RowPlaces, ADamagedCopyIsMadeAgainOrReported) {
    const CacheFolder cache;
    const test::TemporaryFolder folder;
    const Storage chunks{Form::dense, H5T_IEEE_F32LE, {64, 40}, true, false, false};
    test::write_cells(folder / "cells.h5ad", test::random_cells(600, 40, 4), chunks);
    const Values expected = first_batches(*open_small({folder / "cells.h5ad"}, little), 30);
    std::filesystem::path copy;
    for (const auto& entry : std::filesystem::directory_iterator(row_cache_folder())) {
        copy = entry.path();
    }
    ASSERT_EQ(copy.extension(), ".rows");
    const auto size = std::filesystem::file_size(copy);
    std::filesystem::resize_file(copy, size - 5);
    EXPECT_TRUE(first_batches(*open_small({folder / "cells.h5ad"}, little), 30) == expected);
    EXPECT_EQ(std::filesystem::file_size(copy), size);
    {
        std::fstream stream(copy, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(2000);
        stream.write("damaged damaged damaged", 23);
    }
    try {
        first_batches(*open_small({folder / "cells.h5ad"}, little), 60);
        FAIL() << "a damaged row was given out";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "Corrupt");
        EXPECT_EQ(error.place().file, copy.string());
        EXPECT_FALSE(error.remedy().empty());
    }
}

} // namespace
} // namespace ember
