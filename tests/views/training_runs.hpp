#pragma once
// Run directories as a training process leaves them, made up.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include <QTemporaryDir>

#include "core/data/npy.hpp"
#include "core/run/metrics_log.hpp"
#include "core/run/run_status.hpp"
#include "core/run/this_machine.hpp"

namespace ember::test {

/// One run directory; while it is active this process stands for the one that trains.
class MadeUpRun {
public:
    MadeUpRun(const std::filesystem::path& folder, const std::string& name) : path(folder / name) {
        std::filesystem::create_directories(path / "checkpoints");
        std::filesystem::create_directories(path / "version_0");
        std::ofstream(path / "config.yaml") << "name: " << name
                                            << "\ntraining:\n  max_steps: 400\n  lr: 0.001\n"
                                               "data:\n  kwargs:\n    pert_col: condition\n"
                                               "    control_pert: Sham\nmodel:\n  kwargs: {}\n";
        status.name = name;
        status.pid = getpid();
        status.host = host_name();
        status.started = "2026-03-01T10:00:00Z";
        status.updated = "2026-03-01T10:05:00Z";
        status.max_steps = 400;
        log = std::make_unique<MetricsLog>(path / "version_0" / "metrics.csv", -1);
    }

    void become(RunState state) {
        const bool active =
            state != RunState::finished && state != RunState::stopped && state != RunState::failed;
        if (active && lock == nullptr) {
            lock = std::make_unique<RunLock>(path);
        } else if (!active) {
            lock.reset();
        }
        status.state = state;
        write();
    }
    void write() {
        status.updated = "2026-03-01T10:05:" + std::to_string(10 + ++writes % 50) + "Z";
        write_run_status(path, status);
    }
    /// Steps until `last` (counted from 1), a row each; a validation every 50.
    void train(std::int64_t last) {
        for (; status.step < last; ++status.step) {
            const auto step = static_cast<double>(status.step);
            const double loss = 3 + 5 * std::exp(-step / 80);
            log->add({status.step, 0, {{"train_loss", loss}, {"train/gradient_norm", 1 + step / 100}}});
            if ((status.step + 1) % 50 == 0) {
                log->add({status.step, 0, {{"val_loss", loss + 0.1}}});
                status.best_val_loss = status.val_loss = loss + 0.1;
                status.best_step = status.step + 1;
            }
        }
        log->flush();
        write();
    }
    void checkpoint(const std::string& name, std::size_t bytes) {
        std::ofstream(path / "checkpoints" / name) << std::string(bytes, 'x');
    }
    void monitor(std::uint64_t cells, std::uint64_t width) {
        std::filesystem::create_directories(path / "monitor");
        for (const char* file : {"observed.npy", "predicted.npy"}) {
            NpyWriter writer(path / "monitor" / file, cells, width);
            std::vector<std::uint64_t> rows(cells);
            std::vector<float> values(cells * width);
            for (std::uint64_t i = 0; i < cells; ++i) {
                rows[i] = i;
                for (std::uint64_t j = 0; j < width; ++j) {
                    values[i * width + j] =
                        static_cast<float>((i % 2) * 10 + std::sin(double(i * 31 + j * 7)));
                }
            }
            writer.write_rows(rows, values);
            writer.finish();
        }
        std::ofstream table(path / "monitor" / "cells.csv");
        table << "cell_type,perturbation,batch\n";
        for (std::uint64_t i = 0; i < cells; ++i) {
            table << (i % 2 ? "Mac" : "Fib") << ',' << (i % 3 ? "Burn" : "Sham") << ",m1\n";
        }
    }

    std::filesystem::path path;
    RunStatus status;
    std::unique_ptr<MetricsLog> log;
    std::unique_ptr<RunLock> lock;
    int writes = 0;
};

} // namespace ember::test
