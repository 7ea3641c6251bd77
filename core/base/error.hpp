#pragma once
// Errors that a user can act on. Every exception that leaves core/ derives from ember::Error.

#include <exception>
#include <optional>
#include <string>

namespace ember {

/// Where an error arose; empty fields are unknown.
struct Place {
    std::string file;             ///< path as the user gave it
    std::string key;              ///< HDF5 path, option, column, tensor or pickle global
    std::optional<long long> row; ///< zero-based row
};

/// Process exit status that an error leads to in emberview-cli.
enum class ExitStatus { usage = 2, bad_input = 3, no_resources = 4, cancelled = 130 };

/// A class name, what happened, where, and what to do about it.
class Error : public std::exception {
public:
    /// `class_name` is a stable CamelCase word (`BadSparse`, `MissingMember` …) that tests and scripts
    /// compare; `message` one sentence; `remedy` one sentence in the imperative, may be empty.
    Error(std::string class_name, std::string message, Place place = {}, std::string remedy = {});
    Error(const Error&) = default;
    ~Error() override;

    /// "message (file: key, row n). Remedy": one line, without the class name.
    const char* what() const noexcept override { return text_.c_str(); }

    const std::string& class_name() const noexcept { return class_name_; }
    const std::string& message() const noexcept { return message_; }
    const Place& place() const noexcept { return place_; }
    const std::string& remedy() const noexcept { return remedy_; }
    virtual ExitStatus exit_status() const noexcept { return ExitStatus::bad_input; }

    /// The place as text: "file: key, row n"; empty when nothing is known.
    std::string place_text() const;

private:
    std::string class_name_, message_, remedy_, text_;
    Place place_;
};

/// The command line or a request is wrong in itself (exit status 2).
class UsageError : public Error {
public:
    explicit UsageError(std::string message, std::string remedy = {});
    ~UsageError() override;
    ExitStatus exit_status() const noexcept override { return ExitStatus::usage; }
};

/// Not enough memory or disk (exit status 4); class name `NoMemory` or `NoSpace` or similar.
class ResourceError : public Error {
public:
    using Error::Error;
    ~ResourceError() override;
    ExitStatus exit_status() const noexcept override { return ExitStatus::no_resources; }
};

/// The user cancelled the job (exit status 130).
class Cancelled : public Error {
public:
    Cancelled();
    ~Cancelled() override;
    ExitStatus exit_status() const noexcept override { return ExitStatus::cancelled; }
};

} // namespace ember
