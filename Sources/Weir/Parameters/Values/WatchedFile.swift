/// A value in a file of its own, which may change while the pipeline runs: `membership: members.yaml`.
///
/// The pipeline names the file, with a path as in ``FileLocation``; the file holds nothing but the value. It is read when
/// the pipeline is checked, and every fault in it is reported at its place there. A stage asks for changes when it suits
/// it, as by a timer, never for each packet:
///
/// ```swift
/// switch members.refresh() {
/// case nil: break
/// case .value(let members): apply(members)
/// case .fault(let faults): for fault in faults { context.log(.warning, fault.logText) }
/// }
/// ```
///
/// The file is best replaced by renaming a new one over it: one that is written in place may be met half-written.
public struct WatchedFile<Value: ParameterValue>: Sendable {
    /// What has become of the file.
    public enum Change: Sendable {
        /// It holds another value, which is in force now.
        case value(Value)
        /// It cannot be read or holds no valid value. The value before stays in force. ``Diagnostic/logText`` is what to log.
        case fault([Diagnostic])
    }

    private enum Source: Sendable {
        case file(FileWatch, text: String)
        case closure(@Sendable () -> Change?)
    }

    /// The value in force: the last valid one.
    public private(set) var value: Value
    private var source: Source

    /// A value without a file, for tests and for pipelines that are built in Swift; `change` says what a refresh finds.
    public init(_ value: Value, change: @escaping @Sendable () -> Change? = { nil }) {
        self.value = value
        source = .closure(change)
    }

    /// Reads the file again if it has changed; nil when it has not, or holds what it held before.
    ///
    /// Costs one stat(2) while nothing changes. A fault is told once, until the file changes again. A file that is away
    /// counts as a fault when it is so for the second time in a row.
    public mutating func refresh() -> Change? {
        let change: Change?
        switch source {
        case .closure(let next): change = next()
        case .file(var watch, let text):
            change = watch.look().map(Self.change)
            source = .file(watch, text: text)
        }
        if case .value(let new) = change { value = new }
        return change
    }

    private static func change(_ contents: Result<Node, ValueError>) -> Change {
        do { return .value(try Value(node: try contents.get())) } catch { return .fault(error.diagnostics) }
    }
}

extension WatchedFile: ParameterValue {
    public static var type: ParameterType {
        ParameterType(.watchedFile(Value.type), "file, re-read when it changes", examples: ["members.yaml"])
    }

    public init(node: Node) throws(ValueError) {
        let location: FileLocation
        do { location = try FileLocation(node: node) } catch {
            if node.text?.isEmpty == false { throw error }
            throw ValueError(expected: ParameterType(.file, "file", examples: Self.type.examples), found: node)
        }
        guard !location.isStandardStream else {
            throw ValueError("the standard input cannot be read again when it changes", at: node, help: "name a file")
        }
        guard let reader = node.home.reader else {
            throw ValueError("the file \(quoted(location.text)) cannot be read from here", at: node)
        }
        var watch = FileWatch(path: location.path, reader: reader)
        do {
            value = try Value(node: try watch.open())
        } catch {
            throw ValueError(error.diagnostics.map { $0.ofFile(named: node) })
        }
        source = .file(watch, text: location.text)
    }

    /// The path; the value itself where there is no file.
    public var canonicalText: String {
        switch source {
        case .file(_, let text): text
        case .closure: value.canonicalText
        }
    }
}

extension Diagnostic {
    /// The same of a file that `node` names: a fault of the file as a whole is one of its name.
    fileprivate func ofFile(named node: Node) -> Self {
        var diagnostic = self
        if span == nil {
            diagnostic.span = node.span
            diagnostic.notes += node.provenance.map(\.note)
        } else {
            diagnostic.notes.append(Note("the file is named here", at: node.span))
        }
        return diagnostic
    }
}
