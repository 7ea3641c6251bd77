#include "core/run/pickle_writer.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <stdexcept>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/tensor_bounds.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

using Kind = PickleValue::Kind;

// Opcodes of Python's pickletools.
constexpr char proto = '\x80', frame = '\x95', stop = '.', mark = '(', none = 'N', new_true = '\x88',
               new_false = '\x89', bin_int = 'J', bin_int1 = 'K', bin_int2 = 'M', long1 = '\x8a',
               bin_float = 'G', bin_unicode = 'X', short_bin_unicode = '\x8c', short_bin_bytes = 'C',
               bin_bytes = 'B', empty_list = ']', appends = 'e', empty_dict = '}', set_items = 'u',
               empty_tuple = ')', tuple1 = '\x85', tuple_n = 't', bin_put = 'q', long_bin_put = 'r',
               memoize = '\x94', bin_get = 'h', long_bin_get = 'j', global_name = 'c', stack_global = '\x93',
               reduce = 'R', build = 'b', bin_persid = 'Q';

/// As Python: so many elements at a time.
constexpr std::size_t batch = 1000;

const char* storage_class(ScalarType type) {
    switch (type) {
    case ScalarType::float32:
        return "FloatStorage";
    case ScalarType::float64:
        return "DoubleStorage";
    case ScalarType::float16:
        return "HalfStorage";
    case ScalarType::bfloat16:
        return "BFloat16Storage";
    case ScalarType::int64:
        return "LongStorage";
    case ScalarType::int32:
        return "IntStorage";
    case ScalarType::boolean:
        return "BoolStorage";
    default:
        throw Error("UnsupportedType",
                    std::string("Tensors of type ") + to_string(type) + " are not written");
    }
}

class PickleBytes {
public:
    explicit PickleBytes(PickleProtocol protocol) : protocol_(protocol) {}

    std::string finish(const PickleValue& root) {
        value(root);
        const std::string head{proto, static_cast<char>(protocol_)};
        if (protocol_ == PickleProtocol::two) {
            return head + bytes_ + stop;
        }
        return head + frame + little_endian_text<std::uint64_t>(bytes_.size() + 1) + bytes_ + stop;
    }

private:
    void op(char code) { bytes_ += code; }

    void value(const PickleValue& given) {
        switch (given.kind) {
        case Kind::none:
            return op(none);
        case Kind::boolean:
            return op(given.integer != 0 ? new_true : new_false);
        case Kind::integer:
            return integer(given.integer);
        case Kind::real:
            op(bin_float);
            bytes_ += little_endian_text(__builtin_bswap64(std::bit_cast<std::uint64_t>(given.real)));
            return;
        case Kind::text:
            return text(given.text);
        case Kind::list:
            op(empty_list);
            return elements(given.items, 1, appends);
        case Kind::tuple:
            return tuple(given.items);
        case Kind::dict:
            op(empty_dict);
            return elements(given.items, 2, set_items);
        case Kind::ordered_dict:
            return ordered_dict(given);
        case Kind::tensor:
            return tensor(given);
        case Kind::numpy_text:
            return numpy_text(given.text);
        }
    }

    void integer(std::int64_t number) {
        if (number >= 0 && number <= 0xff) {
            op(bin_int1);
            bytes_ += static_cast<char>(number);
        } else if (number >= 0 && number <= 0xffff) {
            op(bin_int2);
            bytes_ += little_endian_text(static_cast<std::uint16_t>(number));
        } else if (number >= std::numeric_limits<std::int32_t>::min() &&
                   number <= std::numeric_limits<std::int32_t>::max()) {
            op(bin_int);
            bytes_ += little_endian_text(static_cast<std::int32_t>(number));
        } else {
            op(long1);
            bytes_ += '\x08' + little_endian_text(number);
        }
    }

    /// What was written before under this name is fetched; true when it was.
    bool recall(const std::string& name) {
        const auto found = memo_.find(name);
        if (found == memo_.end()) {
            return false;
        }
        op(found->second < 256 ? bin_get : long_bin_get);
        bytes_ += found->second < 256 ? std::string(1, static_cast<char>(found->second))
                                      : little_endian_text(found->second);
        return true;
    }

    void remember(const std::string& name) {
        const auto number = static_cast<std::uint32_t>(memo_.size());
        memo_.emplace(name, number);
        if (protocol_ == PickleProtocol::four) {
            op(memoize);
        } else {
            op(number < 256 ? bin_put : long_bin_put);
            bytes_ += number < 256 ? std::string(1, static_cast<char>(number)) : little_endian_text(number);
        }
    }

    /// Equal texts are one object.
    void text(const std::string& value) {
        const std::string name = "text " + value;
        if (recall(name)) {
            return;
        }
        if (!is_utf8(value)) {
            throw Error("NotUtf8", "A text cannot be saved: it is not in UTF-8");
        }
        if (protocol_ == PickleProtocol::four && value.size() < 256) {
            op(short_bin_unicode);
            bytes_ += static_cast<char>(value.size());
        } else {
            op(bin_unicode);
            bytes_ += little_endian_text(static_cast<std::uint32_t>(value.size()));
        }
        bytes_ += value;
        remember(name);
    }

    void global(const std::string& module, const std::string& name) {
        const std::string key = "global " + module + " " + name;
        if (recall(key)) {
            return;
        }
        if (protocol_ == PickleProtocol::four) {
            text(module);
            text(name);
            op(stack_global);
        } else {
            op(global_name);
            bytes_ += module + "\n" + name + "\n";
        }
        remember(key);
    }

    void elements(const std::vector<PickleValue>& items, std::size_t each, char append) {
        for (std::size_t i = 0; i < items.size(); i += batch * each) {
            op(mark);
            for (std::size_t k = i; k < std::min(items.size(), i + batch * each); ++k) {
                value(items[k]);
            }
            op(append);
        }
    }

    void tuple(const std::vector<PickleValue>& items) {
        if (items.size() > 3) {
            op(mark);
        }
        for (const PickleValue& item : items) {
            value(item);
        }
        op(items.empty()       ? empty_tuple
           : items.size() <= 3 ? static_cast<char>(tuple1 + static_cast<char>(items.size() - 1))
                               : tuple_n);
    }

    void ordered_dict(const PickleValue& given) {
        global("collections", "OrderedDict");
        op(empty_tuple);
        op(reduce);
        elements(given.items, 2, set_items);
        if (!given.attributes.empty()) {
            op(empty_dict);
            elements(given.attributes, 2, set_items);
            op(build);
        }
    }

    void extents(const std::vector<std::int64_t>& numbers) {
        tuple(std::vector<PickleValue>(numbers.begin(), numbers.end()));
    }

    void tensor(const PickleValue& given) {
        if (protocol_ != PickleProtocol::two) {
            throw std::logic_error("a tensor in a bare pickle");
        }
        std::int64_t numel = 1;
        for (const std::int64_t extent : given.shape) {
            numel *= extent;
        }
        global("torch._utils", "_rebuild_tensor_v2");
        op(mark);
        op(mark);
        text("storage");
        global("torch", storage_class(given.type));
        text(std::to_string(given.integer));
        text("cpu");
        integer(numel);
        op(tuple_n);
        op(bin_persid);
        integer(0);
        extents(given.shape);
        extents(contiguous_strides(given.shape));
        op(new_false);
        global("collections", "OrderedDict");
        op(empty_tuple);
        op(reduce);
        op(tuple_n);
        op(reduce);
    }

    /// dtype('U7', False, True) with its state, one object for each length.
    void numpy_type(std::size_t characters) {
        const std::string code = "U" + std::to_string(characters);
        if (recall("dtype " + code)) {
            return;
        }
        global("numpy", "dtype");
        tuple({code, false, true});
        op(reduce);
        remember("dtype " + code);
        const auto bytes = static_cast<std::int64_t>(4 * characters);
        tuple({3, "<", PickleValue(), PickleValue(), PickleValue(), bytes, 4, 8});
        op(build);
    }

    void numpy_text(const std::string& value) {
        const std::u32string characters = utf32_of_utf8(value);
        // numpy has no text of length 0.
        const std::size_t length = std::max<std::size_t>(characters.size(), 1);
        std::string content(reinterpret_cast<const char*>(characters.data()), 4 * characters.size());
        content.resize(4 * length);
        global("numpy._core.multiarray", "scalar");
        numpy_type(length);
        if (protocol_ == PickleProtocol::two) {
            global("_codecs", "encode");
            tuple({utf8_of_latin1(content), "latin1"});
            op(reduce);
        } else {
            op(content.size() < 256 ? short_bin_bytes : bin_bytes);
            bytes_ += content.size() < 256 ? std::string(1, static_cast<char>(content.size()))
                                           : little_endian_text(static_cast<std::uint32_t>(content.size()));
            bytes_ += content;
        }
        op(static_cast<char>(tuple1 + 1));
        op(reduce);
    }

    PickleProtocol protocol_;
    std::string bytes_;
    std::unordered_map<std::string, std::uint32_t> memo_;
};

} // namespace

std::string write_pickle(const PickleValue& root, PickleProtocol protocol) {
    return PickleBytes(protocol).finish(root);
}

} // namespace ember
