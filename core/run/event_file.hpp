#pragma once
// TensorBoard's event files (TFRecord framing, protocol buffers of tensorboard.Event), scalars only.

#include <cstdint>
#include <filesystem>
#include <string>

namespace ember {

class EventFile {
public:
    /// Starts `events.out.tfevents.<seconds>.<host>…` in the folder.
    explicit EventFile(const std::filesystem::path& folder);
    ~EventFile();
    EventFile(const EventFile&) = delete;
    EventFile& operator=(const EventFile&) = delete;
    void scalar(const std::string& tag, std::int64_t step, double value);
    void flush();

private:
    void record(const std::string& event);
    int descriptor_ = -1;
    std::filesystem::path file_;
    std::string buffer_;
};

} // namespace ember
