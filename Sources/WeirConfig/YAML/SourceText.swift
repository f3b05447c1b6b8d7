// The file's bytes are read with read(2) into an array; that is the unsafe code here. The array's own buffer is lent to
// the call together with its size.

import Glibc
import Weir

/// The bytes of a pipeline file, read whole and known to be UTF-8.
struct SourceText {
    /// No pipeline is as large as this; anything larger was meant for another program.
    static let sizeLimit = 1 << 20

    let source: SourceFile
    let bytes: [UInt8]

    /// Takes `bytes` if they are UTF-8 and not too many.
    init(name: String, bytes: [UInt8]) throws(Diagnostic) {
        guard bytes.count <= Self.sizeLimit else {
            throw .error(
                "the file is larger than 1 MiB, which no pipeline is", at: Self.start(of: name),
                help: "frames are not written in the pipeline: name a capture file instead")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let decoded = String(decoding: text, as: UTF8.self)
        source = SourceFile(name: name, text: decoded, reader: YAMLFileReader())
        self.bytes = text
        if String(validating: text, as: UTF8.self) == nil { throw notUTF8(at: Self.firstFault(in: text)) }
    }

    /// Reads the file at `path`; `-` is standard input.
    init(path: String) throws(LoadFailure) {
        let name = path == "-" ? "standard input" : path
        let bytes: [UInt8]
        do { bytes = try Self.read(path) } catch { throw LoadFailure(error, path: name) }
        do { try self.init(name: name, bytes: bytes) } catch { throw LoadFailure(error) }
    }

    private static func start(of name: String) -> SourceSpan {
        SourceSpan(SourceFile(name: name, text: ""), line: 1, column: 1)
    }

    /// Where the first byte is that cannot be decoded.
    private static func firstFault(in bytes: [UInt8]) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        var offset = 0
        while case .valid(let scalar) = parser.parseScalar(from: &rest) { offset += scalar.count }
        return min(offset, bytes.count - 1)
    }

    private func notUTF8(at offset: Int) -> Diagnostic {
        let line = bytes[..<offset].count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = String(decoding: bytes[lineStart..<offset], as: UTF8.self).unicodeScalars.count + 1
        let span = SourceSpan(source, line: line, column: column, endColumn: column + 1)
        let isUTF16 = bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
        let octet = String(bytes[offset], radix: 16)
        return .error(
            "the byte 0x\(octet) at offset \(offset) is not UTF-8", at: span,
            help: isUTF16 ? "the file looks like UTF-16; save it as UTF-8" : "save the file as UTF-8")
    }

    private static func read(_ path: String) throws(SystemError) -> [UInt8] {
        let descriptor = unsafe path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        defer { if descriptor != 0 { close(descriptor) } }
        return try octets(from: descriptor)
    }

    /// Reads an open file to its end, but no more of it than shows that it is too large.
    static func octets(from descriptor: Int32) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= sizeLimit {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(number: errno) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}

/// A failed system call.
struct SystemError: Error {
    let number: Int32

    /// What stands at the path is neither a file nor a folder. No system call fails with this number.
    static let notOrdinary: Int32 = -1

    var description: String {
        switch number {
        case ENOENT: "there is no such file"
        case EACCES, EPERM: "reading it is not permitted"
        case EISDIR: "it is a folder"
        case Self.notOrdinary: "it is not an ordinary file"
        default: unsafe String(cString: strerror(number))
        }
    }
}

/// Why a file gave no text: it could not be read, or what it holds is no text.
struct LoadFailure: Error {
    let reason: PipelineFile.Failure
    let diagnostic: Diagnostic

    init(_ error: SystemError, path: String) {
        reason = error.number == EACCES || error.number == EPERM ? .noPermission : .noInput
        diagnostic = .error("\(quoted(path)) cannot be read: \(error.description)", at: nil)
    }

    init(_ diagnostic: Diagnostic) {
        reason = .invalid
        self.diagnostic = diagnostic
    }
}
