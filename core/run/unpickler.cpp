#include "core/run/unpickler.hpp"

#include <bit>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/pickle_calls.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

constexpr std::size_t most_nodes = 2'000'000;
constexpr std::size_t most_marks = 100'000;
constexpr std::size_t largest_pickle = std::size_t{64} << 20;
constexpr std::size_t longest_integer = 8;

/// The pickle machine: a stack, marks, a memo. Everything it makes goes into the document.
class Machine {
public:
    Machine(std::span<const std::byte> bytes, const std::string& file, PickleSource source)
        : bytes_(bytes), file_(file), source_(source) {}

    PickleDocument run();
    std::size_t position() const noexcept { return at_; }

private:
    bool step(unsigned char opcode);
    bool step_number(unsigned char opcode);
    bool step_text(unsigned char opcode);
    bool step_container(unsigned char opcode);
    bool step_memo(unsigned char opcode);
    bool step_object(unsigned char opcode);
    bool step_frame(unsigned char opcode);

    std::span<const std::byte> take(std::uint64_t count);
    template<typename T>
    T number() {
        return read_little_endian<T>(take(sizeof(T)), 0);
    }
    std::string_view line();
    void integer(std::span<const std::byte> digits);

    void need_room() const;
    void push(PickleNode node);
    void push_text(PickleKind kind, std::uint64_t size);
    void push_value(PickleKind kind, std::int64_t value);
    PickleId pop();
    PickleId top() const;
    std::vector<PickleId> pop_to_mark();
    std::vector<PickleId> pop_some(std::size_t count);
    void extend(PickleKind kind, const std::vector<PickleId>& items);
    void global(std::string_view module, std::string_view name);
    [[noreturn]] void corrupt(const std::string& what) const;

    std::span<const std::byte> bytes_;
    const std::string& file_;
    PickleSource source_;
    std::size_t at_ = 0;
    PickleDocument document_;
    std::vector<PickleId> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, PickleId> memo_;
};

void Machine::corrupt(const std::string& what) const {
    throw Error("Corrupt", "The pickle is damaged: " + what,
                {file_, "data.pkl, byte " + std::to_string(at_), {}}, "Copy the file again from its source");
}

std::span<const std::byte> Machine::take(std::uint64_t count) {
    if (count > bytes_.size() - at_) {
        throw Error("Truncated", "The pickle ends too early",
                    {file_, "data.pkl, byte " + std::to_string(at_), {}},
                    "Copy the file again from its source");
    }
    const std::span<const std::byte> taken = bytes_.subspan(at_, count);
    at_ += count;
    return taken;
}

std::string_view Machine::line() {
    std::size_t end = at_;
    while (end < bytes_.size() && bytes_[end] != std::byte{'\n'}) {
        ++end;
    }
    const std::size_t length = end - at_;
    const auto* const start = reinterpret_cast<const char*>(take(length + 1).data());
    return {start, length};
}

void Machine::need_room() const {
    if (document_.size() >= most_nodes) {
        throw ResourceError("NoMemory", "The pickle holds more than two million values",
                            {file_, "data.pkl", {}});
    }
}

void Machine::push(PickleNode node) {
    need_room();
    stack_.push_back(document_.add(std::move(node)));
}

void Machine::push_text(PickleKind kind, std::uint64_t size) {
    const std::span<const std::byte> taken = take(size);
    PickleNode node;
    node.kind = kind;
    node.text.assign(reinterpret_cast<const char*>(taken.data()), taken.size());
    if (kind == PickleKind::text && !is_utf8(node.text)) {
        corrupt("a text is not UTF-8");
    }
    push(std::move(node));
}

void Machine::push_value(PickleKind kind, std::int64_t value) {
    PickleNode node;
    node.kind = kind;
    node.integer = value;
    push(std::move(node));
}

PickleId Machine::top() const {
    if (stack_.empty() || (!marks_.empty() && marks_.back() == stack_.size())) {
        corrupt("it takes a value where there is none");
    }
    return stack_.back();
}

PickleId Machine::pop() {
    const PickleId id = top();
    stack_.pop_back();
    return id;
}

std::vector<PickleId> Machine::pop_to_mark() {
    if (marks_.empty()) {
        corrupt("a mark is missing");
    }
    const std::size_t start = marks_.back();
    marks_.pop_back();
    return pop_some(stack_.size() - start);
}

std::vector<PickleId> Machine::pop_some(std::size_t count) {
    const std::size_t floor = marks_.empty() ? 0 : marks_.back();
    if (count > stack_.size() - floor) {
        corrupt("it takes a value where there is none");
    }
    const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleId> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    return items;
}

void Machine::extend(PickleKind kind, const std::vector<PickleId>& items) {
    PickleNode& container = document_.node(top());
    // An object of a class that is kept by name only may be filled like a dict; its contents are dropped.
    if (container.kind == PickleKind::opaque) {
        return;
    }
    if (container.kind != kind) {
        corrupt("it adds to something that holds no items");
    }
    if (kind == PickleKind::dict && items.size() % 2 != 0) {
        corrupt("a key has no value");
    }
    container.items.insert(container.items.end(), items.begin(), items.end());
}

void Machine::global(std::string_view module, std::string_view name) {
    push(permitted_global(module, name, source_, file_));
}

void Machine::integer(std::span<const std::byte> digits) {
    if (digits.size() > longest_integer) {
        throw Error("UnsupportedType", "The pickle holds an integer of more than 64 bits",
                    {file_, "data.pkl, byte " + std::to_string(at_), {}});
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        value |= std::to_integer<std::uint64_t>(digits[i]) << (8 * i);
    }
    if (!digits.empty() && digits.size() < 8 && (std::to_integer<unsigned>(digits.back()) & 0x80U) != 0) {
        value |= ~std::uint64_t{0} << (8 * digits.size());
    }
    push_value(PickleKind::integer, static_cast<std::int64_t>(value));
}

bool Machine::step_number(unsigned char opcode) {
    switch (opcode) {
    case 'N':
        push({});
        return true;
    case 0x88:
    case 0x89:
        push_value(PickleKind::boolean, opcode == 0x88 ? 1 : 0);
        return true;
    case 'J':
        push_value(PickleKind::integer, number<std::int32_t>());
        return true;
    case 'K':
        push_value(PickleKind::integer, number<std::uint8_t>());
        return true;
    case 'M':
        push_value(PickleKind::integer, number<std::uint16_t>());
        return true;
    case 0x8a: // LONG1
        integer(take(number<std::uint8_t>()));
        return true;
    case 0x8b: // LONG4
        integer(take(number<std::uint32_t>()));
        return true;
    case 'G': { // BINFLOAT, the one big-endian field
        PickleNode node;
        node.kind = PickleKind::real;
        node.real = std::bit_cast<double>(__builtin_bswap64(number<std::uint64_t>()));
        push(std::move(node));
        return true;
    }
    default:
        return false;
    }
}

bool Machine::step_text(unsigned char opcode) {
    switch (opcode) {
    case 'X': // BINUNICODE
        push_text(PickleKind::text, number<std::uint32_t>());
        return true;
    case 0x8c: // SHORT_BINUNICODE
        push_text(PickleKind::text, number<std::uint8_t>());
        return true;
    case 0x8d: // BINUNICODE8
        push_text(PickleKind::text, number<std::uint64_t>());
        return true;
    case 'T': // BINSTRING
    case 'B': // BINBYTES
        push_text(PickleKind::bytes, number<std::uint32_t>());
        return true;
    case 'U': // SHORT_BINSTRING
    case 'C': // SHORT_BINBYTES
        push_text(PickleKind::bytes, number<std::uint8_t>());
        return true;
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
        push_text(PickleKind::bytes, number<std::uint64_t>());
        return true;
    default:
        return false;
    }
}

bool Machine::step_container(unsigned char opcode) {
    const auto add = [&](PickleKind kind, std::vector<PickleId> items) {
        PickleNode node;
        node.kind = kind;
        node.items = std::move(items);
        push(std::move(node));
        return true;
    };
    switch (opcode) {
    case '(':
        marks_.push_back(stack_.size());
        return true;
    case '0': // POP; takes a mark when that is on top
        if (!marks_.empty() && marks_.back() == stack_.size()) {
            marks_.pop_back();
        } else {
            pop();
        }
        return true;
    case '1': // POP_MARK
        pop_to_mark();
        return true;
    case '}':
        return add(PickleKind::dict, {});
    case ']':
        return add(PickleKind::list, {});
    case ')':
        return add(PickleKind::tuple, {});
    case 0x8f: // EMPTY_SET
        return add(PickleKind::set, {});
    case 0x91: // FROZENSET
        return add(PickleKind::set, pop_to_mark());
    case 't':
        return add(PickleKind::tuple, pop_to_mark());
    case 0x85: // TUPLE1
    case 0x86:
    case 0x87:
        return add(PickleKind::tuple, pop_some(opcode - 0x84U));
    case 'a':
        extend(PickleKind::list, pop_some(1));
        return true;
    case 'e':
        extend(PickleKind::list, pop_to_mark());
        return true;
    case 's':
        extend(PickleKind::dict, pop_some(2));
        return true;
    case 'u':
        extend(PickleKind::dict, pop_to_mark());
        return true;
    case 0x90: // ADDITEMS
        extend(PickleKind::set, pop_to_mark());
        return true;
    default:
        return false;
    }
}

bool Machine::step_memo(unsigned char opcode) {
    const auto get = [&](std::uint32_t key) {
        const auto found = memo_.find(key);
        if (found == memo_.end()) {
            corrupt("it refers to a value that it never stored");
        }
        stack_.push_back(found->second);
        return true;
    };
    switch (opcode) {
    case 'q': // BINPUT
        memo_[number<std::uint8_t>()] = top();
        return true;
    case 'r': // LONG_BINPUT
        memo_[number<std::uint32_t>()] = top();
        return true;
    case 0x94: // MEMOIZE
        memo_[static_cast<std::uint32_t>(memo_.size())] = top();
        return true;
    case 'h': // BINGET
        return get(number<std::uint8_t>());
    case 'j': // LONG_BINGET
        return get(number<std::uint32_t>());
    default:
        return false;
    }
}

bool Machine::step_object(unsigned char opcode) {
    switch (opcode) {
    case 'c': { // GLOBAL
        const std::string_view module = line();
        global(module, line());
        return true;
    }
    case 'i': { // INST: a global and a call in one
        const std::string_view module = line();
        const std::string_view name = line();
        permitted_global(module, name, source_, file_);
        corrupt("it makes an object in a way that PyTorch does not");
    }
    case 0x93: { // STACK_GLOBAL
        const PickleNode& name = document_.node(pop());
        const PickleNode& module = document_.node(pop());
        if (name.kind != PickleKind::text || module.kind != PickleKind::text) {
            corrupt("the name of a class is not a text");
        }
        global(module.text, name.text);
        return true;
    }
    case 'R':    // REDUCE
    case 0x81: { // NEWOBJ
        const PickleId arguments = pop();
        const PickleId function = pop();
        need_room();
        stack_.push_back(describe_call(document_, function, arguments, file_));
        return true;
    }
    case 'b': { // BUILD
        const PickleId state = pop();
        describe_state(document_, top(), state, file_);
        return true;
    }
    case 'Q': // BINPERSID
        need_room();
        stack_.push_back(describe_storage(document_, pop(), file_));
        return true;
    case 0x82:
    case 0x83:
    case 0x84:
        throw Error("RefusedGlobal", "The file names a class by a number of Python's extension registry",
                    {file_, "data.pkl, byte " + std::to_string(at_), {}},
                    "Only open models from a source that you trust");
    default:
        return false;
    }
}

bool Machine::step_frame(unsigned char opcode) {
    if (opcode == 0x80) { // PROTO
        const auto protocol = number<std::uint8_t>();
        if (protocol < 2 || protocol > 5) {
            throw Error("UnsupportedType", "The pickle has protocol " + std::to_string(protocol),
                        {file_, "data.pkl", {}}, "Save it with protocol 2 to 5");
        }
        return true;
    }
    if (opcode == 0x95) { // FRAME: a hint for buffering
        number<std::uint64_t>();
        return true;
    }
    return false;
}

bool Machine::step(unsigned char opcode) {
    return step_memo(opcode) || step_text(opcode) || step_number(opcode) || step_container(opcode) ||
           step_object(opcode) || step_frame(opcode);
}

PickleDocument Machine::run() {
    for (;;) {
        const auto opcode = number<unsigned char>();
        if (opcode == '.') {
            document_.root = pop();
            return std::move(document_);
        }
        if (!step(opcode)) {
            corrupt("it holds an instruction that PyTorch does not write (" + std::to_string(opcode) + ")");
        }
        // References and marks alone could outgrow the values.
        if (stack_.size() > 4 * most_nodes || marks_.size() > most_marks) {
            corrupt("it piles up too many values");
        }
    }
}

} // namespace

PickleDocument unpickle(std::span<const std::byte> bytes, const std::string& file, PickleSource source,
                        std::size_t* consumed) {
    if (bytes.size() > largest_pickle) {
        throw ResourceError("NoMemory", "The pickle is larger than 64 MiB", {file, "data.pkl", {}});
    }
    Machine machine(bytes, file, source);
    PickleDocument document = machine.run();
    if (consumed != nullptr) {
        *consumed = machine.position();
    }
    return document;
}

} // namespace ember
