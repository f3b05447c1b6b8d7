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
            lock()
            return
        }
        name = location.path
        descriptor = unsafe open(location.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(errno).failure("cannot open", name, otherwise: .noInput) }
        var status = stat()
        if unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw StageFailure(
                "\(name) is a directory", help: "name a capture file inside it", status: .noInput)
        }
        lock()
    }

    /// Keeps outputs of this run and of others from replacing the file. That the file cannot be locked is no reason not
    /// to read it.
    private func lock() { _ = flock(descriptor, LOCK_SH | LOCK_NB) }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// Reads up to as many octets as `memory` holds; 0 at the end of the file, nil when a signal came first: the engine
    /// then looks whether it should stop.
    func read(into memory: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = unsafe Glibc.read(descriptor, memory.baseAddress, memory.count)
        if count >= 0 { return count }
        if errno == EINTR { return nil }
        throw SystemError(errno).failure("cannot read", name, otherwise: .inputOutput)
    }
}
