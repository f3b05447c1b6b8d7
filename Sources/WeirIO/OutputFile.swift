import Glibc
import Weir

/// A file that is written from front to back, by its descriptor. `-` is the standard output.
final class OutputFile {
    let name: String
    /// Whether it is a file on a disk, not a pipe, a terminal or a device.
    let isRegular: Bool
    private var descriptor: Int32

    /// Creates the file, or empties the one that is there unless this run or another reads from it or writes to it.
    init(_ location: FileLocation) throws {
        name = location.isStandardStream ? "standard output" : location.path
        // Not emptied yet: it may be an input.
        descriptor =
            location.isStandardStream
            ? STDOUT_FILENO : unsafe open(location.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw SystemError(errno).failure("cannot create", name, otherwise: .cannotCreate) }
        var status = stat()
        isRegular = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        if isRegular, !location.isStandardStream { try replaceContents() }
    }

    deinit { if descriptor > STDERR_FILENO { _ = Glibc.close(descriptor) } }

    private func replaceContents() throws {
        // Inputs hold a shared lock.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw StageFailure(
                "cannot write \(name): it is being read, or written by another stage",
                help: "give the output a name of its own", status: .cannotCreate)
        }
        guard ftruncate(descriptor, 0) == 0 else {
            throw SystemError(errno).failure("cannot empty", name, otherwise: .cannotCreate)
        }
    }

    /// Writes `count` octets. With an error, how many of them were written before it.
    func write(_ memory: UnsafeRawPointer, _ count: Int) -> (written: Int, error: SystemError?) {
        var written = 0
        while written < count {
            let result = unsafe Glibc.write(descriptor, memory + written, count - written)
            if result >= 0 {
                written += result
            } else if errno == EAGAIN {
                // A pipe that another program has set not to block.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wait, 1, -1)
            } else if errno != EINTR {
                return (written, SystemError(errno))
            }
        }
        return (written, nil)
    }

    /// Takes the last `count` octets out of a file again: the part of a record that does not go on.
    func takeBack(_ count: Int) {
        guard isRegular, count > 0 else { return }
        let end = lseek(descriptor, 0, SEEK_CUR)
        // When this fails too, the file ends inside a record, which readers report.
        if end >= count { _ = ftruncate(descriptor, end - count) }
    }

    /// Closes the file; some file systems only now say that there was no room.
    func close() throws {
        guard descriptor > STDERR_FILENO else { return }
        let result = Glibc.close(descriptor)
        let error = SystemError(errno)
        descriptor = -1
        if result != 0, error.code != EINTR { throw failure(error) }
    }

    /// The failure to report when a write has failed.
    func failure(_ error: SystemError) -> StageFailure {
        error.failure("cannot write", name, otherwise: .inputOutput)
    }
}
