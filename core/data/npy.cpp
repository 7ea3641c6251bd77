#include "core/data/npy.hpp"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <regex>
#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr char magic[] = "\x93NUMPY";
constexpr std::size_t header_bytes = 128; ///< of the files we write
constexpr std::uint64_t most_values = std::uint64_t(1) << 32;

struct Header {
    std::string dtype;
    bool fortran = false;
    std::vector<std::uint64_t> shape;
};

Error bad(const std::filesystem::path& file, const char* class_name, const std::string& message) {
    return Error(class_name, message, {file.string(), {}, {}}, "Write the file anew with numpy.save");
}

Header parse_header(const std::filesystem::path& file, const std::string& text) {
    std::smatch match;
    Header header;
    static const std::regex descr(R"('descr':\s*'([^']*)')"), fortran(R"('fortran_order':\s*(True|False))"),
        shape(R"('shape':\s*\(([0-9, ]*)\))");
    if (!std::regex_search(text, match, descr)) {
        throw bad(file, "UnsupportedType", "The array has a structured type");
    }
    header.dtype = match[1];
    if (!std::regex_search(text, match, fortran)) {
        throw bad(file, "Corrupt", "The header of the array is damaged");
    }
    header.fortran = match[1] == "True";
    if (!std::regex_search(text, match, shape)) {
        throw bad(file, "Corrupt", "The header of the array is damaged");
    }
    std::uint64_t total = 1;
    const std::string list = match[1];
    for (std::size_t at = list.find_first_of("0123456789"); at != std::string::npos;
         at = list.find_first_of("0123456789", at)) {
        const std::size_t end = std::min(list.find_first_not_of("0123456789", at), list.size());
        const std::uint64_t length = end - at > 12 ? most_values + 1 : std::stoull(list.substr(at, end - at));
        total = length > most_values ? most_values + 1 : total * length;
        if (total > most_values) {
            throw bad(file, "Corrupt", "The array declares an impossible size");
        }
        header.shape.push_back(length);
        at = end;
    }
    return header;
}

template<typename T>
void load(const std::string& bytes, std::vector<double>& out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
        out[i] = static_cast<double>(value);
    }
}

using Loader = void (*)(const std::string&, std::vector<double>&);

std::pair<std::size_t, Loader> loader_for(const std::filesystem::path& file, const std::string& dtype) {
    const std::pair<const char*, std::pair<std::size_t, Loader>> known[] = {
        {"<f4", {4, load<float>}},         {"<f8", {8, load<double>}},
        {"<i4", {4, load<std::int32_t>}},  {"<i8", {8, load<std::int64_t>}},
        {"<u4", {4, load<std::uint32_t>}}, {"<u8", {8, load<std::uint64_t>}},
        {"|u1", {1, load<std::uint8_t>}},  {"|i1", {1, load<std::int8_t>}},
        {"|b1", {1, load<std::uint8_t>}}};
    for (const auto& [name, loader] : known) {
        if (dtype == name) {
            return loader;
        }
    }
    throw bad(file, "UnsupportedType", "The array has the type '" + dtype + "', which cannot be read");
}

/// Column-major values in row-major order.
std::vector<double> transposed(const std::vector<double>& values, const std::vector<std::uint64_t>& shape) {
    std::vector<double> out(values.size());
    std::vector<std::uint64_t> index(shape.size(), 0);
    for (const double value : values) {
        std::uint64_t at = 0;
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            at = at * shape[axis] + index[axis];
        }
        out[at] = value;
        for (std::size_t axis = 0; axis < shape.size() && ++index[axis] == shape[axis]; ++axis) {
            index[axis] = 0;
        }
    }
    return out;
}

std::string read_bytes(std::ifstream& stream, std::uint64_t size) {
    std::string bytes(size, '\0');
    stream.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(stream.gcount()));
    return bytes;
}

std::string make_header(std::uint64_t rows, std::uint64_t cols) {
    std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " +
                       std::to_string(cols) + "), }";
    text.resize(header_bytes - 11, ' ');
    const auto length = static_cast<std::uint16_t>(header_bytes - 10);
    return std::string(magic, 6) + '\1' + '\0' + static_cast<char>(length & 255) +
           static_cast<char>(length >> 8) + text + '\n';
}

} // namespace

NpyArray read_npy(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        throw Error("CannotRead", "The file cannot be opened", {file.string(), {}, {}},
                    "Check the path and your permission to read it");
    }
    const auto start = read_bytes(stream, 12);
    if (start.size() < 12 || start.compare(0, 6, magic, 6) != 0 || start[6] < 1 || start[6] > 3) {
        throw bad(file, "Corrupt", "This is not a NumPy array file");
    }
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(start[i]));
    };
    const bool short_header = start[6] == 1;
    const std::uint32_t length =
        short_header ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
    if (length > 1 << 20) {
        throw bad(file, "Corrupt", "The header of the array is damaged");
    }
    const std::string rest = short_header ? start.substr(10) : std::string();
    const auto header = parse_header(file, rest + read_bytes(stream, length - rest.size()));
    const auto [width, load_values] = loader_for(file, header.dtype);
    std::uint64_t total = 1;
    for (const auto size : header.shape) {
        total *= size;
    }
    const auto data_start = static_cast<std::uint64_t>(stream.tellg());
    if (std::filesystem::file_size(file) - data_start < total * width) {
        throw bad(file, "Corrupt", "The file ends before the values do");
    }
    NpyArray array;
    array.shape = header.shape;
    array.dtype = header.dtype;
    array.values.resize(total);
    load_values(read_bytes(stream, total * width), array.values);
    if (header.fortran && header.shape.size() > 1) {
        array.values = transposed(array.values, header.shape);
    }
    return array;
}

struct NpyWriter::State {
    State(const std::filesystem::path& target, std::uint64_t row_count, std::uint64_t col_count)
        : file(target),
          rows(row_count),
          cols(col_count),
          descriptor(::open(file.temporary().c_str(), O_WRONLY | O_CLOEXEC)) {}
    ~State() {
        if (descriptor >= 0) {
            ::close(descriptor);
        }
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    void write_at(std::uint64_t offset, const char* bytes, std::size_t size) const {
        while (size > 0) {
            const ssize_t written = ::pwrite(descriptor, bytes, size, static_cast<off_t>(offset));
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written <= 0) {
                const bool full = errno == ENOSPC || errno == EDQUOT;
                const Place place{file.target().string(), {}, {}};
                if (full) {
                    throw ResourceError("NoSpace", "The file cannot be written: the disk is full", place,
                                        "Free some space or choose another folder");
                }
                throw Error("CannotWrite", std::string("The file cannot be written: ") + std::strerror(errno),
                            place, "Choose a folder that you may write to");
            }
            bytes += written;
            offset += static_cast<std::uint64_t>(written);
            size -= static_cast<std::size_t>(written);
        }
    }

    AtomicFile file;
    std::uint64_t rows, cols;
    int descriptor;
};

NpyWriter::NpyWriter(const std::filesystem::path& target, std::uint64_t rows, std::uint64_t cols)
    : state_(std::make_unique<State>(target, rows, cols)) {
    static_assert(std::endian::native == std::endian::little);
    const auto header = make_header(rows, cols);
    state_->write_at(0, header.data(), header.size());
    if (::ftruncate(state_->descriptor, static_cast<off_t>(header_bytes + rows * cols * sizeof(float))) !=
        0) {
        throw Error("CannotWrite", std::string("The file cannot be written: ") + std::strerror(errno),
                    {target.string(), {}, {}}, "Choose a folder that you may write to");
    }
}

NpyWriter::~NpyWriter() = default;

void NpyWriter::write_rows(std::span<const std::uint64_t> rows, std::span<const float> values) {
    const auto cols = state_->cols;
    if (values.size() != rows.size() * cols) {
        throw UsageError("The values do not fill the rows to write");
    }
    for (std::size_t begin = 0; begin < rows.size();) {
        std::size_t end = begin + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1) {
            ++end;
        }
        if (rows[end - 1] >= state_->rows) {
            throw UsageError("A row to write lies beyond the array");
        }
        state_->write_at(header_bytes + rows[begin] * cols * sizeof(float),
                         reinterpret_cast<const char*>(values.data() + begin * cols),
                         (end - begin) * cols * sizeof(float));
        begin = end;
    }
}

void NpyWriter::finish() {
    state_->file.commit();
}

} // namespace ember
