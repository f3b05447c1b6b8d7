/// A text that values come from: a file, or a stand-in for one such as a command line option.
///
/// Spans refer to it, so that a diagnostic can show the line it speaks of wherever it is printed.
public final class SourceFile: Sendable {
    /// What kind of place the text was found in.
    public enum Kind: Sendable {
        /// A file: positions in it are printed as line and column.
        case file
        /// An option or variable, shown as a line of its own; positions in it serve only to place the caret.
        case standIn
    }

    /// The path as it was given, or the name of the place: `command line`, `environment`.
    public let name: String
    public let kind: Kind
    /// The lines of the text, without their ends.
    public let lines: [String]

    /// How the files are read that the text names for their values; nil where none can be.
    let reader: (any FileReader)?

    /// A text that names no files to read values from.
    public convenience init(name: String, text: String, kind: Kind = .file) {
        self.init(name: name, text: text, kind: kind, reader: nil)
    }

    package init(name: String, text: String, kind: Kind = .file, reader: (any FileReader)?) {
        self.name = name
        self.kind = kind
        self.reader = reader
        lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
    }

    /// The folder that relative paths in this text start from: that of the file, nil for the working folder.
    public var folder: String? {
        guard kind == .file, let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// `path` as it is found from the working folder, when it is written in this text.
    public func resolve(_ path: String) -> String {
        guard let folder, !path.isEmpty, !path.hasPrefix("/") else { return path }
        return folder == "/" ? "/" + path : folder + "/" + path
    }

    /// The span of the whole of line `line`, without the blanks before and after its text.
    public func span(ofLine line: Int) -> SourceSpan {
        guard lines.indices.contains(line - 1) else { return SourceSpan(self, line: max(line, 1), column: 1) }
        let scalars = lines[line - 1].unicodeScalars
        let indent = scalars.prefix { $0 == " " || $0 == "\t" }.count
        return SourceSpan(self, line: line, column: indent + 1, endColumn: max(scalars.count + 1, indent + 1))
    }
}

extension SourceFile: Hashable {
    public static func == (left: SourceFile, right: SourceFile) -> Bool { left === right }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A stretch of a source text. Lines and columns count from 1, columns in Unicode scalars; the end is exclusive.
public struct SourceSpan: Hashable, Sendable {
    public let file: SourceFile
    public let line: Int
    public let column: Int
    public let endLine: Int
    public let endColumn: Int

    public init(_ file: SourceFile, line: Int, column: Int, endLine: Int? = nil, endColumn: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.endLine = max(endLine ?? line, line)
        self.endColumn = endColumn ?? column
    }

    /// Where the span starts, as a person writes it: `pipeline.yaml:5:3`, or the name of a stand-in.
    public var location: String { file.kind == .file ? "\(file.name):\(line):\(column)" : file.name }
}
