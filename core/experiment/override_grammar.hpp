#pragma once
// One override of the command line as Hydra 1.3 reads it:
// https://hydra.cc/docs/advanced/override_grammar/basic/

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ember {

struct Override {
    std::string key;     ///< dotted, without + or ~
    bool remove = false; ///< ~key: back to the default
    std::string raw;     ///< what follows "=", without blanks around it
};

/// `key=value`, `+key=value`, `++key=value`, `~key`, `~key=value`; blanks around key and value do not count.
/// Throws UsageError for anything else.
Override split_override(std::string_view text);

/// The value of an override: null, true, numbers, quoted or plain text, [lists], {dicts: …}. Throws BadConfig
/// at {source, key} when brackets or quotes do not close, text follows them, or values are a sweep (a,b).
nlohmann::json parse_override_value(std::string_view raw, const std::string& key, const std::string& source);

/// The text of an override, which may hold brackets and commas: taken as it stands unless it is quoted.
/// "[('DMSO_TF', 0.0, 'uM')]" is such a label.
std::string plain_override_text(std::string_view raw);

/// A value written so that parse_override_value reads it back.
std::string override_value_text(const nlohmann::json& value);

/// A number as Python's YAML readers take it for a real: "1.0e-04", "10.0".
std::string real_text(double number);

} // namespace ember
