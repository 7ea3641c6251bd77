// The cache of gene indices: damaged, foreign and old files, several builders, cancel, a full disk, its size.

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/base/error.hpp"
#include "core/genes/gene_index_cache.hpp"
#include "tests/core/genes/gene_index_fixture.hpp"

namespace ember {
namespace {

namespace fs = std::filesystem;
using test::Form;
using test::IndexedFile;
using test::Storage;

Storage csr() {
    Storage storage;
    storage.form = Form::csr;
    return storage;
}

std::string bytes_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

/// So that the next search does not find the index that is open already.
void open_anew(const IndexedFile& file) {
    const auto time = fs::last_write_time(file.folder / "cells.h5ad");
    fs::last_write_time(file.folder / "cells.h5ad", time + std::chrono::seconds(1));
    JobContext job;
    find_gene_index(*file.data, file.x, job);
    fs::last_write_time(file.folder / "cells.h5ad", time);
}

std::size_t files_in_cache() {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(gene_index_folder())) {
        ++count;
    }
    return count;
}

TEST(GeneIndexCache, FindsWhatWasMade) {
    const IndexedFile file(40, 7, csr());
    JobContext job;
    EXPECT_EQ(find_gene_index(*file.data, file.x, job), nullptr);
    ASSERT_NE(make_gene_index(*file.data, file.x, job), nullptr);
    const auto made = fs::last_write_time(file.index_file());
    EXPECT_NE(find_gene_index(*file.data, file.x, job), nullptr);
    ASSERT_NE(make_gene_index(*file.data, file.x, job), nullptr);
    EXPECT_EQ(fs::last_write_time(file.index_file()), made) << "made once";
    EXPECT_EQ(files_in_cache(), 1U);
}

TEST(GeneIndexCache, KnowsAChangedFile) {
    IndexedFile file(40, 7, csr());
    JobContext job;
    make_gene_index(*file.data, file.x, job);
    file.data.reset();
    file.values = test::random_matrix(40, 7, 99);
    {
        const test::FileBuilder builder(file.folder / "cells.h5ad");
        builder.tables(40, 7);
        builder.matrix("X", file.values, 40, 7, csr());
    }
    file.open();
    EXPECT_EQ(find_gene_index(*file.data, file.x, job), nullptr);
    EXPECT_EQ(gene_values(*file.data, file.x, 3, job), file.column(3));
    EXPECT_EQ(make_gene_index(*file.data, file.x, job)->gene(3), file.column(3));
}

TEST(GeneIndexCache, NeverBelievesADamagedFile) {
    const IndexedFile file(60, 9, csr());
    JobContext job;
    make_gene_index(*file.data, file.x, job);
    const fs::path index = file.index_file();
    const std::string good = bytes_of(index);
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        std::string bad = good;
        if (round % 3 == 0) {
            bad.resize(random() % good.size());
        } else {
            // All but the unused rest of the header.
            const std::size_t at = round % 3 == 1 ? random() % 136 : 4096 + random() % (good.size() - 4096);
            bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1 + random() % 255));
        }
        write(index, bad);
        open_anew(file);
        for (std::uint64_t gene = 0; gene < 9; ++gene) {
            ASSERT_EQ(gene_values(*file.data, file.x, gene, job), file.column(gene)) << round;
        }
        ASSERT_FALSE(fs::exists(index)) << "a damaged index is removed, round " << round;
    }
    write(index, "of something else");
    open_anew(file);
    EXPECT_EQ(make_gene_index(*file.data, file.x, job)->gene(2), file.column(2));
    EXPECT_EQ(bytes_of(index), good);
}

TEST(GeneIndexCache, AForeignIndexIsNotTaken) {
    const IndexedFile other(60, 9, csr(), 5);
    JobContext job;
    make_gene_index(*other.data, other.x, job);
    const std::string foreign = bytes_of(other.index_file());
    const IndexedFile file(60, 9, csr(), 6);
    fs::create_directories(gene_index_folder());
    write(gene_index::file_of(gene_index::key_of(*file.data, *file.data->matrix(file.x))), foreign);
    EXPECT_EQ(find_gene_index(*file.data, file.x, job), nullptr);
    EXPECT_EQ(gene_values(*file.data, file.x, 1, job), file.column(1));
}

TEST(GeneIndexCache, SeveralBuildersMakeOne) {
    const IndexedFile file(3000, 50, csr());
    std::vector<std::thread> threads;
    std::vector<GeneIndexPtr> indices(6);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        threads.emplace_back([&, i] {
            JobContext job;
            const AnnDataPtr data = AnnData::open(file.data->path());
            indices[i] = make_gene_index(*data, file.x, job);
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const GeneIndexPtr& index : indices) {
        ASSERT_NE(index, nullptr);
        EXPECT_EQ(index->gene(49), file.column(49));
    }
    EXPECT_EQ(files_in_cache(), 1U) << "no locks or temporaries are left";
}

TEST(GeneIndexCache, ACancelledBuilderLeavesNothing) {
    const IndexedFile file(3000, 50, csr());
    std::stop_source stop;
    stop.request_stop();
    JobContext cancelled(nullptr, stop.get_token());
    EXPECT_THROW(make_gene_index(*file.data, file.x, cancelled), Cancelled);
    EXPECT_TRUE(file.index_file().empty());

    // One that waits for another.
    fs::create_directories(gene_index_folder());
    const std::string key = gene_index::key_of(*file.data, *file.data->matrix(file.x));
    const std::string lock_file = gene_index::file_of(key).string() + ".lock";
    JobContext job;
    const gene_index::BuildLock held(lock_file, job);
    std::stop_source later;
    std::thread waiting([&] {
        JobContext context(nullptr, later.get_token());
        EXPECT_THROW(make_gene_index(*file.data, file.x, context), Cancelled);
    });
    later.request_stop();
    waiting.join();
    EXPECT_TRUE(file.index_file().empty());
}

TEST(GeneIndexCache, AFullDiskIsSaidAndTheGeneStillComes) {
    const IndexedFile file(3000, 50, csr());
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    const rlimit small{8192, old.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    JobContext job;
    std::string failure;
    try {
        make_gene_index(*file.data, file.x, job);
    } catch (const Error& error) {
        failure = error.class_name();
    }
    ::setrlimit(RLIMIT_FSIZE, &old);
    EXPECT_EQ(failure, "NoSpace");
    EXPECT_EQ(files_in_cache(), 0U);
    EXPECT_EQ(gene_values(*file.data, file.x, 8, job), file.column(8));
}

TEST(GeneIndexCache, AFolderThatCannotBeMadeIsSaid) {
    const IndexedFile file(30, 5, csr());
    write(file.folder / "in_the_way", "a file");
    ::setenv("XDG_CACHE_HOME", (file.folder / "in_the_way").c_str(), 1);
    JobContext job;
    EXPECT_THROW(make_gene_index(*file.data, file.x, job), Error);
    EXPECT_EQ(gene_values(*file.data, file.x, 2, job), file.column(2));
}

TEST(GeneIndexCache, WhatWasNotUsedForLongestGoesFirst) {
    const IndexedFile file(30, 5, csr());
    const fs::path folder = gene_index_folder();
    fs::create_directories(folder);
    const auto now = fs::file_time_type::clock::now();
    for (int i = 0; i < 4; ++i) {
        const fs::path kept = folder / ("index" + std::to_string(i) + ".genes");
        write(kept, std::string(100, 'x'));
        fs::last_write_time(kept, now - std::chrono::hours(10 - i));
    }
    write(folder / ".crashed.genes.1.part", "half");
    fs::last_write_time(folder / ".crashed.genes.1.part", now - std::chrono::hours(30));
    gene_index::make_room(folder / "index0.genes", 200);
    EXPECT_TRUE(fs::exists(folder / "index0.genes")) << "the one that was just made stays";
    EXPECT_FALSE(fs::exists(folder / "index1.genes"));
    EXPECT_TRUE(fs::exists(folder / "index2.genes"));
    EXPECT_TRUE(fs::exists(folder / "index3.genes"));
    EXPECT_FALSE(fs::exists(folder / ".crashed.genes.1.part"));
}

} // namespace
} // namespace ember
