#include "core/base/fingerprint.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <vector>

#include <openssl/evp.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
            throw Error("CannotHash", "SHA-256 is not available in this OpenSSL");
        }
    }

    void add(const void* bytes, std::size_t size) { EVP_DigestUpdate(context_.get(), bytes, size); }

    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
        constexpr char digits[] = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            text += digits[digest[i] >> 4];
            text += digits[digest[i] & 15];
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

} // namespace

std::string sha256_of_bytes(const void* bytes, std::size_t size) {
    Sha256 hash;
    hash.add(bytes, size);
    return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& file, JobContext& job) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                                 &std::fclose);
    if (!stream) {
        throw Error("CannotRead", "The file cannot be opened", {file.string(), {}, {}},
                    "Check that it exists and that you may read it");
    }
    Sha256 hash;
    std::vector<unsigned char> buffer(std::size_t{4} << 20);
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), stream.get())) {
        job.check_cancelled();
        hash.add(buffer.data(), got);
    }
    if (std::ferror(stream.get())) {
        throw Error("CannotRead", "Reading the file failed", {file.string(), {}, {}},
                    "Check the disk or the share");
    }
    return hash.hex();
}

} // namespace ember
