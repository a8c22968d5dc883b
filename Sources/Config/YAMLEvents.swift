import CYAML

/// Why a text is no YAML that we read.
struct YAMLFault: Error, Hashable {
    var position: TextPosition
    var what: String
    var allowed: String
}

/// One event of libyaml's parser.
struct YAMLEvent {
    /// What the event tells.
    enum Kind {
        case documentStart, documentEnd, end
        case scalar(String, isPlain: Bool)
        case listStart, listEnd, mapStart, mapEnd
        case alias
        case other
    }

    var kind: Kind
    var position: TextPosition
    /// Whether it carries an anchor (`&name`) or a tag (`!name`).
    var isDecorated: Bool
}

/// The events of a YAML text, one after another: the owner of a libyaml parser.
///
/// Source: yaml.h of libyaml 0.2.5.
struct YAMLEvents: ~Copyable {
    // The parser keeps pointers to itself and to its input, so both stay where they are.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// A byte order mark, which editors on other systems write and libyaml passes over only when it may guess the encoding.
    private static let mark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// Begins to read `text`, which must be UTF-8, with or without a byte order mark.
    ///
    /// - Throws: `YAMLFault` when there is no memory for a parser.
    init(_ text: [UInt8]) throws(YAMLFault) {
        let text = text.starts(with: Self.mark) ? text.dropFirst(Self.mark.count) : text[...]
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: max(1, text.count))
        _ = input.initialize(from: text)
        guard yaml_parser_initialize(parser) == 1 else {
            throw YAMLFault(
                position: TextPosition(line: 1, column: 1), what: "cannot be read: out of memory",
                allowed: "more memory for this process")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: `YAMLFault` where the text breaks the rules of YAML; then there is no further event.
    mutating func next() throws(YAMLFault) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault }
        defer { yaml_event_delete(&event) }
        return YAMLEvent(
            kind: Self.kind(event), position: TextPosition(event.start_mark), isDecorated: Self.isDecorated(event))
    }

    private var fault: YAMLFault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
        return YAMLFault(
            position: TextPosition(parser.pointee.problem_mark), what: "is no valid YAML: \(problem)\(context)",
            allowed: "`key: value` lines, nested by spaces")
    }

    private static func kind(_ event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_STREAM_END_EVENT: .end
        case YAML_SEQUENCE_START_EVENT: .listStart
        case YAML_SEQUENCE_END_EVENT: .listEnd
        case YAML_MAPPING_START_EVENT: .mapStart
        case YAML_MAPPING_END_EVENT: .mapEnd
        case YAML_ALIAS_EVENT: .alias
        case YAML_SCALAR_EVENT: .scalar(text(event), isPlain: event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        default: .other
        }
    }

    private static func text(_ event: yaml_event_t) -> String {
        let bytes = UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isDecorated(_ event: yaml_event_t) -> Bool {
        switch event.type {
        case YAML_SCALAR_EVENT: event.data.scalar.anchor != nil || event.data.scalar.tag != nil
        case YAML_SEQUENCE_START_EVENT: event.data.sequence_start.anchor != nil || event.data.sequence_start.tag != nil
        case YAML_MAPPING_START_EVENT: event.data.mapping_start.anchor != nil || event.data.mapping_start.tag != nil
        default: false
        }
    }
}

extension TextPosition {
    fileprivate init(_ mark: yaml_mark_t) { self.init(line: mark.line + 1, column: mark.column + 1) }
}
