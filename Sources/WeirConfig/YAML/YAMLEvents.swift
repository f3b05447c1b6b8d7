// All use of libyaml, and so of its pointers, is in this file. The parser and the text that it reads keep their places
// in memory as long as the stream lives; every event is copied into Swift values and freed before the next one.

import CYAML

/// A place in a YAML text, both counted from 1, columns in Unicode scalars.
struct YAMLMark {
    let line: Int
    let column: Int

    fileprivate init(_ mark: yaml_mark_t) {
        line = Int(clamping: mark.line) + 1
        column = Int(clamping: mark.column) + 1
    }
}

/// One step of reading a YAML text.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd, streamEnd
        case scalar(String, isPlain: Bool)
        case alias(String)
        case listStart, mapStart
        case listEnd, mapEnd
        /// What the reader of nodes has no use for.
        case other
    }

    let kind: Kind
    var anchor: String?
    var tag: String?
    /// Whether a collection is written in brackets.
    var isFlow = false
    let start: YAMLMark
    let end: YAMLMark
}

/// What libyaml says of a text that it cannot read.
struct YAMLProblem: Error {
    let message: String
    let place: YAMLMark
    /// What it was reading, and where that began.
    let context: String
    let contextPlace: YAMLMark
}

/// The events of a YAML text, one after the other.
@safe struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// Begins to read `bytes`. Nil when there is no memory for it.
    init?(_ bytes: [UInt8]) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.deallocate()
            return nil
        }
        unsafe self.parser = unsafe parser
        unsafe text = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe text.initialize(from: bytes)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event. After the end of the stream or a problem there are no more.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw problem }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe YAMLEvent(event)
    }

    private var problem: YAMLProblem {
        let state = unsafe parser.pointee
        // The reader of bytes gives an offset only; it stops where the scanner has not yet been.
        let place = unsafe state.error == YAML_READER_ERROR ? state.mark : state.problem_mark
        return unsafe YAMLProblem(
            message: state.problem.map { unsafe String(cString: $0) } ?? "the text could not be read",
            place: YAMLMark(place), context: state.context.map { unsafe String(cString: $0) } ?? "",
            contextPlace: YAMLMark(state.context_mark))
    }
}

extension YAMLEvent {
    fileprivate init(_ event: yaml_event_t) {
        unsafe start = YAMLMark(event.start_mark)
        unsafe end = YAMLMark(event.end_mark)
        switch unsafe event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_SEQUENCE_END_EVENT: kind = .listEnd
        case YAML_MAPPING_END_EVENT: kind = .mapEnd
        case YAML_ALIAS_EVENT: unsafe kind = .alias(Self.text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let value = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            unsafe kind = .scalar(String(decoding: value, as: UTF8.self), isPlain: isPlain)
            unsafe (anchor, tag) = (Self.text(scalar.anchor), Self.text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let list = unsafe event.data.sequence_start
            kind = .listStart
            unsafe (anchor, tag) = (Self.text(list.anchor), Self.text(list.tag))
            unsafe isFlow = list.style == YAML_FLOW_SEQUENCE_STYLE
        case YAML_MAPPING_START_EVENT:
            let map = unsafe event.data.mapping_start
            kind = .mapStart
            unsafe (anchor, tag) = (Self.text(map.anchor), Self.text(map.tag))
            unsafe isFlow = map.style == YAML_FLOW_MAPPING_STYLE
        default: kind = .other
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(decodingCString: $0, as: UTF8.self) }
    }
}
