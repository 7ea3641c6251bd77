// Writing a training checkpoint beside a plain write of as many bytes (both synchronised with the disk), and
// reading it again with all checksums.
// usage: checkpoint_bench FOLDER [MEGABYTES_OF_WEIGHTS] [ROUNDS]
// Prints one JSON object per round; "cpu" is user and system time of the process in seconds.

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <iostream>
#include <random>
#include <unistd.h>

#include "core/run/file_descriptor.hpp"
#include "core/run/training_state.hpp"

namespace {

using namespace ember;

struct Timing {
    double seconds = 0, cpu = 0;
    nlohmann::ordered_json json(double bytes) const {
        return {{"seconds", seconds}, {"cpu", cpu}, {"MB_per_s", bytes / 1e6 / seconds}};
    }
};

Timing measure(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    work();
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
            static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

void write_plainly(const std::filesystem::path& file, std::span<const std::byte> piece, std::uint64_t bytes) {
    const auto opened = FileDescriptor::open_to_write(file, O_WRONLY | O_CREAT | O_TRUNC);
    for (std::uint64_t written = 0; written < bytes; written += piece.size()) {
        write_all(opened.get(), piece, file);
    }
    ::fsync(opened.get());
}

/// Tensors of 1488 × 1488 over one block of numbers, and their moments.
TrainingState large_state(std::span<const float> numbers, std::int64_t megabytes) {
    constexpr std::int64_t extent = 1488;
    constexpr std::size_t count = extent * extent;
    const std::int64_t tensors = megabytes * 1'000'000 / static_cast<std::int64_t>(count * sizeof(float));
    std::size_t next = 0;
    const auto tensor = [&](const std::string& name) {
        next = next + count > numbers.size() ? 0 : next;
        const auto part = numbers.subspan(next, count);
        next += count;
        return SavedTensor{name, ScalarType::float32, {extent, extent}, std::as_bytes(part), false};
    };
    TrainingState state;
    state.optimizer = OptimizerGroup{};
    state.optimizer->parameters = tensors;
    state.hyper_parameters = {{"hidden_dim", extent}};
    for (std::int64_t i = 0; i < tensors; ++i) {
        state.weights.push_back(tensor("layers." + std::to_string(i) + ".weight"));
    }
    for (std::int64_t i = 0; i < tensors; ++i) {
        state.moments.push_back({i, 1, tensor(""), tensor("")});
    }
    return state;
}

} // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::cerr << "usage: checkpoint_bench FOLDER [MEGABYTES_OF_WEIGHTS] [ROUNDS]\n";
        return 2;
    }
    const std::filesystem::path folder = arguments[1];
    const std::int64_t megabytes = count > 2 ? std::atoll(arguments[2]) : 850;
    const int rounds = count > 3 ? std::atoi(arguments[3]) : 3;
    std::vector<float> numbers(std::size_t{64} << 20);
    std::mt19937 random(1);
    for (float& number : numbers) {
        number = static_cast<float>(random());
    }
    const TrainingState state = large_state(numbers, megabytes);
    const auto file = folder / "bench.ckpt", plain = folder / "bench.plain";
    for (int round = 0; round < rounds; ++round) {
        JobContext job;
        const Timing ours = measure([&] { write_training_state(file, state, job); });
        const auto bytes = static_cast<double>(std::filesystem::file_size(file));
        const Timing plainly = measure([&] {
            write_plainly(plain, std::as_bytes(std::span(numbers).first(1 << 20)),
                          std::filesystem::file_size(file));
        });
        std::filesystem::remove(plain);
        const Timing reading = measure([&] { read_training_state(file); });
        const nlohmann::ordered_json result{{"bytes", bytes},
                                            {"checkpoint", ours.json(bytes)},
                                            {"plain_write", plainly.json(bytes)},
                                            {"read_checked", reading.json(bytes)}};
        std::cout << result.dump() << std::endl;
    }
    std::filesystem::remove(file);
    return 0;
}
