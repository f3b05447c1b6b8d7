// Unsafe code: stat(2), fstat(2), open(2) and clock_gettime(2), each with a local variable or a string of Swift's.

import Glibc
import Weir

/// Reads values from YAML files that pipelines name. Nothing that stands at a path can hang it or grow without bound: only
/// ordinary files are read, and no more of them than shows that they are too large.
struct YAMLFileReader: FileReader {
    func glance(at path: String) -> FileStamp? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? FileStamp(status) : nil
    }

    func read(_ path: String) -> FileReading {
        do {
            let (octets, stamp) = try Self.contents(of: path)
            var hasher = Hasher()
            hasher.combine(octets)
            let root = Result { () throws(ValueError) in try Self.root(of: octets, path) }
            return FileReading(stamp: stamp, digest: hasher.finalize(), root: root)
        } catch {
            // What cannot be read is looked at again each time: a permission is given without a trace in the stamp.
            let fault = LoadFailure(error, path: path).diagnostic
            return FileReading(stamp: nil, digest: fault.message.hashValue, root: .failure(ValueError([fault])))
        }
    }

    private static func contents(of path: String) throws(SystemError) -> ([UInt8], FileStamp?) {
        // Opening a pipe would wait for its writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemError(number: errno) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SystemError(number: EISDIR)
        default: throw SystemError(number: SystemError.notOrdinary)
        }
        let stamp = FileStamp(status)
        let isSettled = stamp.isSettled
        return (try SourceText.octets(from: descriptor), isSettled ? stamp : nil)
    }

    private static func root(of octets: [UInt8], _ path: String) throws(ValueError) -> Node {
        let place = SourceFile(name: path, text: "").span(ofLine: 1)
        guard octets.count <= SourceText.sizeLimit else {
            throw ValueError([
                .error("the file is larger than 1 MiB, which is too large to read while packets wait", at: place)
            ])
        }
        let text: SourceText
        do { text = try SourceText(name: path, bytes: octets) } catch { throw ValueError([error]) }
        let (root, faults) = YAMLReader.read(text)
        guard faults.isEmpty else { throw ValueError(faults) }
        // Also what a file holds that is being written just now; an empty map is written `{}`.
        guard let root, root.summary != "nothing" else {
            throw ValueError([.error("the file is empty", at: text.source.span(ofLine: 1))])
        }
        return root
    }
}

extension FileStamp {
    fileprivate init(_ status: stat) {
        let time = status.st_mtim
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: Self.nanoseconds(time))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// False when the file was written so lately that it may be again without a new time: files are stamped with a clock
    /// that stands still for up to 10 ms.
    fileprivate var isSettled: Bool {
        var now = timespec()
        guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
        let age = Self.nanoseconds(now) &- modified
        return !(-20_000_000...20_000_000).contains(age)
    }
}
