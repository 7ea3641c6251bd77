#pragma once
// Writes small zip archives and pickles, honest ones and lying ones, for the tests of their readers.

#include <bit>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <zlib.h>

#include "core/base/error.hpp"

namespace ember::test {

inline std::span<const std::byte> bytes_of(const std::string& text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

template<typename T>
std::string little(T value) {
    return {reinterpret_cast<const char*>(&value), sizeof(T)};
}

inline std::string floats(const std::vector<float>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

/// The class name of the Error that `action` throws, or "no error".
inline std::string class_of(const std::function<void()>& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.class_name();
    }
    return "no error";
}

/// One entry; the fields after `data` let it lie.
struct ZipPart {
    std::string name, data;
    std::uint16_t method = 0, flags = 0;
    bool wrong_crc = false, zip64 = false;
    std::int64_t claimed_size = -1;
    std::int64_t claimed_offset = -1;
    std::size_t local_padding = 0;
    std::string local_name; ///< if it differs
};

class ZipWriter {
public:
    std::vector<ZipPart> parts;
    std::string comment;
    std::int64_t claimed_count = -1, claimed_directory = -1;
    bool zip64_end = false;
    std::int64_t claimed_zip64_end = -1;

    ZipWriter& add(std::string name, std::string data) {
        ZipPart part;
        part.name = std::move(name);
        part.data = std::move(data);
        parts.push_back(std::move(part));
        return *this;
    }

    std::string write() const {
        std::string file, directory;
        for (const ZipPart& part : parts) {
            const std::uint64_t offset = file.size();
            file += local_header(part) + part.data;
            directory += central_header(part, offset);
        }
        const std::uint64_t start = file.size();
        const std::uint64_t count =
            claimed_count < 0 ? parts.size() : static_cast<std::uint64_t>(claimed_count);
        const std::uint64_t stated =
            claimed_directory < 0 ? start : static_cast<std::uint64_t>(claimed_directory);
        file += directory;
        if (zip64_end) {
            const std::uint64_t end64 = file.size();
            file += little(0x06064b50U) + little<std::uint64_t>(44) + little<std::uint32_t>(0) +
                    little<std::uint64_t>(0) + little(count) + little(count) +
                    little<std::uint64_t>(directory.size()) + little(stated);
            file += little(0x07064b50U) + little<std::uint32_t>(0) +
                    little(claimed_zip64_end < 0 ? end64 : static_cast<std::uint64_t>(claimed_zip64_end)) +
                    little<std::uint32_t>(1);
        }
        const auto narrow = [&](std::uint64_t v) {
            return little(zip64_end ? 0xffffffffU : static_cast<std::uint32_t>(v));
        };
        const auto count16 = zip64_end ? std::uint16_t{0xffff} : static_cast<std::uint16_t>(count);
        return file + little(0x06054b50U) + little<std::uint32_t>(0) + little(count16) + little(count16) +
               narrow(directory.size()) + narrow(stated) +
               little(static_cast<std::uint16_t>(comment.size())) + comment;
    }

private:
    static std::uint32_t crc(const ZipPart& part) {
        const auto* const data = reinterpret_cast<const unsigned char*>(part.data.data());
        const auto sum = static_cast<std::uint32_t>(crc32_z(0, data, part.data.size()));
        return part.wrong_crc ? sum ^ 0x5a5aU : sum;
    }
    static std::uint64_t size(const ZipPart& part) {
        return part.claimed_size < 0 ? part.data.size() : static_cast<std::uint64_t>(part.claimed_size);
    }
    static std::string local_header(const ZipPart& part) {
        const std::string& name = part.local_name.empty() ? part.name : part.local_name;
        const auto length = static_cast<std::uint32_t>(part.data.size());
        return little(0x04034b50U) + little<std::uint16_t>(20) + little(part.flags) + little(part.method) +
               little<std::uint32_t>(0) + little(crc(part)) + little(length) + little(length) +
               little(static_cast<std::uint16_t>(name.size())) +
               little(static_cast<std::uint16_t>(part.local_padding)) + name +
               std::string(part.local_padding, 'Z');
    }
    static std::string central_header(const ZipPart& part, std::uint64_t offset) {
        const std::uint64_t at =
            part.claimed_offset < 0 ? offset : static_cast<std::uint64_t>(part.claimed_offset);
        std::string extra;
        if (part.zip64) {
            extra = little<std::uint16_t>(1) + little<std::uint16_t>(24) + little(size(part)) +
                    little(size(part)) + little(at);
        }
        const auto narrow = [&](std::uint64_t v) {
            return little(part.zip64 ? 0xffffffffU : static_cast<std::uint32_t>(v));
        };
        return little(0x02014b50U) + little<std::uint32_t>(0) + little(part.flags) + little(part.method) +
               little<std::uint32_t>(0) + little(crc(part)) + narrow(size(part)) + narrow(size(part)) +
               little(static_cast<std::uint16_t>(part.name.size())) +
               little(static_cast<std::uint16_t>(extra.size())) + little<std::uint16_t>(0) +
               little<std::uint32_t>(0) + little<std::uint32_t>(0) + narrow(at) + part.name + extra;
    }
};

/// Appends opcodes; every method returns the writer.
class PickleWriter {
public:
    std::string bytes = "\x80\x02";

    PickleWriter& raw(const std::string& text) {
        bytes += text;
        return *this;
    }
    PickleWriter& op(int opcode) { return raw(std::string(1, static_cast<char>(opcode))); }
    PickleWriter& mark() { return op('('); }
    PickleWriter& text(const std::string& value) {
        return op('X').raw(little(static_cast<std::uint32_t>(value.size())) + value);
    }
    PickleWriter& integer(std::int64_t value) { return op(0x8a).op(8).raw(little(value)); }
    PickleWriter& real(double value) {
        return op('G').raw(little(__builtin_bswap64(std::bit_cast<std::uint64_t>(value))));
    }
    PickleWriter& global(const std::string& module, const std::string& name) {
        return op('c').raw(module + "\n" + name + "\n");
    }
    PickleWriter& integers(const std::vector<std::int64_t>& values) {
        mark();
        for (const std::int64_t value : values) {
            integer(value);
        }
        return op('t');
    }
    PickleWriter& storage(const std::string& key, std::int64_t numel,
                          const std::string& type = "FloatStorage") {
        return mark()
            .text("storage")
            .global("torch", type)
            .text(key)
            .text("cuda:0")
            .integer(numel)
            .op('t')
            .op('Q');
    }
    PickleWriter& tensor(const std::string& key, std::int64_t numel, const std::vector<std::int64_t>& shape,
                         const std::vector<std::int64_t>& strides, std::int64_t offset = 0) {
        global("torch._utils", "_rebuild_tensor_v2").mark().storage(key, numel).integer(offset);
        integers(shape).integers(strides).op(0x89);
        return global("collections", "OrderedDict").op(')').op('R').op('t').op('R');
    }
    PickleWriter& item() { return op('s'); } ///< the two values on top into the dict below
    std::string done() const { return bytes + "."; }
};

/// A torch.save file of one pickle and its storages "0", "1", ….
inline std::string torch_file(const std::string& pickle, const std::vector<std::string>& storages,
                              const std::string& folder = "archive") {
    ZipWriter zip;
    zip.add(folder + "/data.pkl", pickle).add(folder + "/byteorder", "little");
    for (std::size_t i = 0; i < storages.size(); ++i) {
        zip.add(folder + "/data/" + std::to_string(i), storages[i]);
        zip.parts.back().local_padding = 7 * i;
    }
    return zip.write();
}

} // namespace ember::test
