import Glibc
import Weir

/// A file that is read from front to back, by its descriptor. `-` is the standard input.
final class InputFile {
    /// Octets that one read(2) asks for.
    static let mostPerRead = 256 << 10

    let name: String
    private let descriptor: Int32

    init(_ location: FileLocation) throws {
        if location.isStandardStream {
            name = "standard input"
            descriptor = STDIN_FILENO
            return
        }
        name = location.path
        descriptor = unsafe open(location.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(errno).failure("cannot open", name, otherwise: .noInput) }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            close(descriptor)
            throw StageFailure(
                "\(name) is a directory", help: "name a capture file inside it", status: .noInput)
        }
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Reads up to as many octets as `memory` holds; 0 at the end of the file.
    func read(into memory: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = unsafe Glibc.read(descriptor, memory.baseAddress, memory.count)
            if count >= 0 { return count }
            if errno != EINTR { throw SystemError(errno).failure("cannot read", name, otherwise: .inputOutput) }
        }
    }
}
