#pragma once
// TensorBoard's event files (TFRecord framing, protocol buffers of tensorboard.Event), scalars only.

#include <cstdint>
#include <filesystem>
#include <string>

namespace ember {

class EventFile {
public:
    /// Starts `events.out.tfevents.<seconds>.<host>…` in the folder; `first_step` ≥ 0 says that a resumed run
    /// goes on with this step, so that TensorBoard forgets later ones of earlier files. Throws NoSpace,
    /// CannotWrite.
    explicit EventFile(const std::filesystem::path& folder, std::int64_t first_step = -1);
    ~EventFile();
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;
    /// Kept until the next flush; TensorBoard holds values as float32.
    void scalar(const std::string& tag, std::int64_t step, double value);
    /// Throws NoSpace, CannotWrite; what could not be written waits for the next flush.
    void flush();

    const std::filesystem::path& path() const noexcept { return file_; }

private:
    void record(const std::string& event);
    int descriptor_ = -1;
    std::filesystem::path file_;
    std::string buffer_;
    std::uint64_t written_bytes_ = 0;
};

} // namespace ember
