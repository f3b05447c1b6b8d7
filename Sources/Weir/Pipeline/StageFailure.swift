/// How a process ends, after sysexits.h.
public enum ExitStatus: Int32, Sendable {
    case success = 0
    /// A test failed, or two things differ.
    case failed = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case noPermission = 77
    case badConfiguration = 78
}

/// A stage cannot go on: what happened, what to do, and the status that the process should end with.
///
/// The engine stops the sources, lets what was read run through, and reports the failure in the summary.
public struct StageFailure: Error, Sendable {
    public var message: String
    public var help: String?
    public var status: ExitStatus

    public init(_ message: String, help: String? = nil, status: ExitStatus) {
        self.message = message
        self.help = help
        self.status = status
    }
}
