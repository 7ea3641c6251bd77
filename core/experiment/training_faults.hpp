#pragma once
// Faults of a run's data, each with the option that mends it. All that can be found are found before one is
// thrown, so that a form can show every one beside its field.

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"

namespace ember {

struct TrainingFault {
    std::string option; ///< "data.kwargs.control_pert"
    Error error;
    std::exception_ptr thrown; ///< the error in its own type
};

class TrainingFaults {
public:
    template<typename Kind>
    void add(std::string option, Kind error) {
        faults_.push_back({std::move(option), error, std::make_exception_ptr(error)});
    }

    /// What `work` throws becomes a fault of this option, but Cancelled goes on. True when nothing was
    /// thrown.
    template<typename Work>
    bool collect(const std::string& option, const Work& work) {
        try {
            work();
            return true;
        } catch (const Cancelled&) {
            throw;
        } catch (const Error& error) {
            faults_.push_back({option, error, std::current_exception()});
            return false;
        }
    }

    void append(const TrainingFaults& others) {
        faults_.insert(faults_.end(), others.faults_.begin(), others.faults_.end());
    }

    bool empty() const noexcept { return faults_.empty(); }
    const std::vector<TrainingFault>& all() const noexcept { return faults_; }
    void throw_first() const {
        if (!faults_.empty()) {
            std::rethrow_exception(faults_.front().thrown);
        }
    }

private:
    std::vector<TrainingFault> faults_;
};

} // namespace ember
