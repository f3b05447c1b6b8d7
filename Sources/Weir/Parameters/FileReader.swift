/// Reads the files that a text names whose contents are values.
///
/// The core knows neither files nor their format: who makes a ``SourceFile`` gives it a reader.
package protocol FileReader: Sendable {
    /// Looks at the file without reading it, which is cheap; nil when it is not there.
    func glance(at path: String) -> FileStamp?
    /// Reads the file whole.
    func read(_ path: String) -> FileReading
}

/// What a glance at a file shows. It differs when the file was written or another one took its place.
package struct FileStamp: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
    /// In octets.
    package let size: Int64
    /// When it was last written, in nanoseconds since 1970.
    package let modified: Int64

    package init(device: UInt64, inode: UInt64, size: Int64, modified: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
    }
}

/// A file as it was read.
package struct FileReading: Sendable {
    /// What glances show as long as the file stays so; nil when they could not tell, so that it is to be read again.
    let stamp: FileStamp?
    /// The same for the same contents.
    let digest: Int
    /// The value in the file, or why there is none. A fault of the file as a whole has no place.
    let root: Result<Node, ValueError>

    package init(stamp: FileStamp?, digest: Int, root: Result<Node, ValueError>) {
        self.stamp = stamp
        self.digest = digest
        self.root = root
    }
}
