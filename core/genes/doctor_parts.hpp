#pragma once
// The parts of a diagnosis; doctor.hpp puts them together.

#include "core/genes/doctor.hpp"

namespace ember {

/// The label without its numbers, in lower case: what two doses of one drug share. Only numbers that stand
/// alone count ("1 uM", "0.5"), not those of names ("IL2"). Empty when nothing else is left.
std::string without_dose(const std::string& label);

std::vector<PerturbationFit> diagnose_perturbations(const ModelKnowledge& model, const FitData& data,
                                                    std::vector<FitFinding>& findings);
GeneFit diagnose_genes(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings);
void diagnose_cell_types(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings);
void diagnose_batches(const ModelKnowledge& model, const FitData& data, std::vector<FitFinding>& findings);

} // namespace ember
