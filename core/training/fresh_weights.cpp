#include "core/training/fresh_weights.hpp"

#include <algorithm>
#include <vector>

#include "core/experiment/counter_random.hpp"
#include "core/model/products.hpp"
#include "core/training/network_kernels.hpp"

namespace ember {

namespace {

constexpr std::int64_t chunk_size = 1 << 14;  ///< numbers of one stream
constexpr std::uint64_t purpose = 0x66726573; ///< "fres"

/// FNV-1a: adapters added to a network leave its other weights as they were.
std::uint64_t number_of(const std::string& name) {
    std::uint64_t hash = 0xCBF29CE484222325ULL;
    for (const char letter : name) {
        hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
    }
    return hash;
}

template<typename Fill>
void in_chunks(std::span<float> values, std::uint64_t seed, const std::string& name, Fill fill) {
    const auto count = static_cast<std::int64_t>(values.size());
    const std::uint64_t number = number_of(name);
    parallel((count + chunk_size - 1) / chunk_size, 1, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t chunk = first; chunk < last; ++chunk) {
            const std::int64_t begin = chunk * chunk_size, size = std::min(chunk_size, count - begin);
            CounterRandom random(seed, {purpose, number, static_cast<std::uint64_t>(chunk)});
            fill(values.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size)), random);
        }
    });
}

} // namespace

void fill_uniform(std::span<float> values, double bound, std::uint64_t seed, const std::string& name) {
    in_chunks(values, seed, name, [bound](std::span<float> part, CounterRandom& random) {
        for (float& value : part) {
            value = static_cast<float>(bound * (2 * random.uniform() - 1));
        }
    });
}

void fill_normal(std::span<float> values, double deviation, std::uint64_t seed, const std::string& name) {
    in_chunks(values, seed, name, [deviation](std::span<float> part, CounterRandom& random) {
        const std::size_t pairs = (part.size() + 1) / 2;
        std::vector<std::uint64_t> numbers(pairs);
        for (std::uint64_t& number : numbers) {
            number = random.next();
        }
        std::vector<float> values(2 * pairs);
        kernels::normal_pairs(static_cast<std::int64_t>(pairs), numbers.data(), static_cast<float>(deviation),
                              values.data());
        std::copy_n(values.begin(), part.size(), part.begin());
    });
}

} // namespace ember
