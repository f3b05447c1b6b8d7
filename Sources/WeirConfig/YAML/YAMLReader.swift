import Weir

/// Reads a YAML text into nodes, without recursion, and collects what is wrong with it.
struct YAMLReader {
    /// How deep collections may stand in each other.
    static let depthLimit = 64
    /// How many nodes a text may have, those that aliases repeat included.
    static let nodeLimit = 100_000
    /// How many faults are reported of one text.
    private static let faultLimit = 50

    private let source: SourceFile
    private var open: [Collection] = []
    private var root: Node?
    private var anchors: [String: Anchored] = [:]
    private var nodeCount = 0
    private(set) var diagnostics: [Diagnostic] = []

    /// A node with an anchor, and what repeating it costs.
    private struct Anchored {
        let node: Node
        let count: Int
        let height: Int
    }

    /// A list or a map whose end has not been read.
    private struct Collection {
        let isMap: Bool
        let isFlow: Bool
        let start: YAMLMark
        let anchor: String?
        /// How many nodes had been read when it began.
        let countBefore: Int
        var height = 1
        var elements: [Node] = []
        var entries: [Node.Entry] = []
        var keySpans: [String: SourceSpan] = [:]
        /// The key that waits for its value; the text is nil when the key was refused.
        var key: (text: String?, span: SourceSpan)?
    }

    /// The one document in `text`; nil when it cannot be read as YAML or is empty, which `diagnostics` says.
    static func read(_ text: SourceText) -> (root: Node?, diagnostics: [Diagnostic]) {
        var reader = YAMLReader(source: text.source)
        do {
            try reader.read(text.bytes)
        } catch {
            reader.diagnostics.append(error)
            reader.root = nil
        }
        return (reader.root, reader.diagnostics)
    }

    private init(source: SourceFile) { self.source = source }

    private mutating func read(_ bytes: [UInt8]) throws(Diagnostic) {
        guard var events = YAMLEvents(bytes) else {
            throw .error("there is no memory to read the file", at: source.span(ofLine: 1))
        }
        var documents = 0
        while true {
            let event: YAMLEvent
            do { event = try events.next() } catch { throw diagnostic(for: error, in: source) }
            if case .streamEnd = event.kind { return }
            if case .documentStart = event.kind {
                documents += 1
                guard documents == 1 else {
                    throw .error(
                        "a second document begins here, and a file has one", at: span(event),
                        help: "put it in a file of its own")
                }
            }
            try take(event)
            guard diagnostics.count < Self.faultLimit else { return }
        }
    }

    private mutating func take(_ event: YAMLEvent) throws(Diagnostic) {
        checkTag(event)
        switch event.kind {
        case .documentStart, .documentEnd, .streamEnd, .other: break
        case .scalar(let text, let isPlain):
            let isNull = isPlain && event.tag == nil && ["", "~", "null", "Null", "NULL"].contains(text)
            let content = isNull ? Node.Content.null : .scalar(text, isPlain: isPlain)
            try add(Node(content, at: span(event)), anchor: event.anchor, text: text)
        case .alias(let name): try addAlias(name, at: span(event))
        case .listStart, .mapStart:
            guard open.count < Self.depthLimit else {
                throw .error("more than \(Self.depthLimit) levels of lists and maps", at: span(event))
            }
            let isMap = if case .mapStart = event.kind { true } else { false }
            open.append(
                Collection(
                    isMap: isMap, isFlow: event.isFlow, start: event.start, anchor: event.anchor,
                    countBefore: nodeCount))
        case .listEnd, .mapEnd: try close(at: event.end)
        }
    }

    private mutating func close(at end: YAMLMark) throws(Diagnostic) {
        guard let collection = open.popLast() else { return }
        let content: Node.Content = collection.isMap ? .map(collection.entries) : .list(collection.elements)
        // libyaml ends a collection without brackets where the next thing begins; it ends with its last part.
        let last = collection.elements.last?.span ?? collection.entries.last?.value.span
        let (line, column) = collection.isFlow ? (end.line, end.column) : (last?.endLine, last?.endColumn)
        let start = collection.start
        let node = Node(
            content,
            at: SourceSpan(
                source, line: start.line, column: start.column, endLine: line, endColumn: column ?? start.column + 1))
        try add(
            node, anchor: collection.anchor, count: nodeCount - collection.countBefore + 1, height: collection.height)
    }

    private mutating func addAlias(_ name: String, at span: SourceSpan) throws(Diagnostic) {
        guard let anchored = anchors[name] else {
            let inside = open.contains { $0.anchor == name }
            let near = nearest(name, anchors.keys.sorted()).map { "did you mean `*\($0)`?" }
            throw .error(
                inside ? "`*\(name)` stands inside the value that it repeats" : "there is no anchor `&\(name)`",
                at: span, help: near ?? "an anchor is written before its use, as in `&\(name) value`")
        }
        guard nodeCount + anchored.count <= Self.nodeLimit else {
            throw .error(
                "aliases expand this file to more than \(Self.nodeLimit) values, like an alias bomb", at: span,
                help: "write the values out")
        }
        nodeCount += anchored.count - 1
        var node = anchored.node
        node.span = span
        try add(node, anchor: nil, text: node.text, height: anchored.height)
    }

    /// Puts a finished node where it belongs.
    private mutating func add(
        _ node: Node, anchor: String?, text: String? = nil, count: Int = 1, height: Int = 0
    ) throws(Diagnostic) {
        nodeCount += 1
        guard nodeCount <= Self.nodeLimit else {
            throw .error("more than \(Self.nodeLimit) values in one file", at: node.span)
        }
        guard open.count + height <= Self.depthLimit else {
            throw .error("more than \(Self.depthLimit) levels of lists and maps", at: node.span)
        }
        if let anchor { anchors[anchor] = Anchored(node: node, count: count, height: height) }
        guard let top = open.indices.last else {
            root = node
            return
        }
        open[top].height = max(open[top].height, height + 1)
        if !open[top].isMap {
            open[top].elements.append(node)
        } else if let key = open[top].key {
            open[top].key = nil
            if let name = key.text {
                open[top].entries.append(Node.Entry(key: name, keySpan: key.span, value: node))
            }
        } else {
            open[top].key = (accept(key: text, of: node, in: top), node.span)
        }
    }

    /// The text of a key, nil when it cannot be one.
    private mutating func accept(key text: String?, of node: Node, in top: Int) -> String? {
        guard let text else {
            diagnostics.append(
                .error(
                    "\(node.summary) cannot be a key", at: node.span,
                    help: "a text with `{`, `[`, `*` or `&` in front belongs in quotes"))
            return nil
        }
        if text == "<<", case .scalar(_, isPlain: true) = node.content {
            diagnostics.append(
                .error(
                    "merge keys (`<<`) are not part of YAML 1.2", at: node.span,
                    help: "repeat a whole value with `*name`, or declare what differs under `parameters`"))
            return nil
        }
        if let first = open[top].keySpans.updateValue(node.span, forKey: text) {
            open[top].keySpans[text] = first
            diagnostics.append(
                .error(
                    "the key \(quoted(text)) is here twice", at: node.span,
                    notes: [Diagnostic.Note("it was first given here", at: first)]))
            return nil
        }
        return text
    }

    /// Types come from the parameters, so only the tags that say what is plain to see are let through.
    private mutating func checkTag(_ event: YAMLEvent) {
        guard let tag = event.tag, tag != "!" else { return }
        let name = tag.hasPrefix("tag:yaml.org,2002:") ? String(tag.dropFirst(18)) : ""
        let fits =
            switch event.kind {
            case .scalar: ["str", "int", "float", "bool", "null"].contains(name)
            case .listStart: name == "seq"
            case .mapStart: name == "map"
            default: true
            }
        guard !fits else { return }
        diagnostics.append(
            .error(
                "the tag \(quoted(name.isEmpty ? tag : "!!" + name)) means nothing here", at: span(event),
                help: "leave it out: each parameter knows its type"))
    }

    private func span(_ event: YAMLEvent) -> SourceSpan {
        SourceSpan(
            source, line: event.start.line, column: event.start.column, endLine: event.end.line,
            endColumn: event.end.column)
    }
}
