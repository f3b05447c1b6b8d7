/// Finds out whether a file has changed since it was last read.
struct FileWatch: Sendable {
    private let path: String
    private let reader: any FileReader
    /// What a glance shows while the file is as it was read; nil when only reading it can tell.
    private var stamp: FileStamp?
    /// Of the contents that were last reported, good or bad.
    private var digest = 0
    /// How many looks in a row the file has been away.
    private var misses = 0

    /// A file is replaced by removing it and putting another in its place: at one look it may be away.
    private static let missesOfAFault = 2

    init(path: String, reader: any FileReader) {
        self.path = path
        self.reader = reader
    }

    /// Reads the file for the first time.
    mutating func open() throws(ValueError) -> Node {
        let reading = reader.read(path)
        (stamp, digest) = (reading.stamp, reading.digest)
        return try reading.root.get()
    }

    /// The contents, or what is wrong with the file, if that is not what was last reported.
    mutating func look() -> Result<Node, ValueError>? {
        guard let seen = reader.glance(at: path) else { return miss() }
        if seen == stamp {
            misses = 0
            return nil
        }
        let reading = reader.read(path)
        // It went away after the glance.
        if case .failure = reading.root, reader.glance(at: path) == nil { return miss() }
        misses = 0
        return report(reading)
    }

    private mutating func miss() -> Result<Node, ValueError>? {
        misses = min(misses + 1, Self.missesOfAFault)
        return misses == Self.missesOfAFault ? report(reader.read(path)) : nil
    }

    /// What was read, unless it is the same as before: a file that is only touched has not changed.
    private mutating func report(_ reading: FileReading) -> Result<Node, ValueError>? {
        stamp = reading.stamp
        guard reading.digest != digest else { return nil }
        digest = reading.digest
        return reading.root
    }
}
