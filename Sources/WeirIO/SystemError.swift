import Glibc
import Weir

/// What a system call said when it failed.
struct SystemError: Error {
    let code: Int32

    init(_ code: Int32) { self.code = code }

    var text: String { unsafe String(cString: strerror(code)) }

    /// The failure to report: `cannot open x.pcap: Permission denied`.
    func failure(_ action: String, _ name: String, otherwise: ExitStatus) -> StageFailure {
        let status: ExitStatus =
            switch code {
            case EACCES, EPERM: .noPermission
            default: otherwise
            }
        return StageFailure("\(action) \(name): \(text)", help: advice, status: status)
    }

    private var advice: String? {
        switch code {
        case ENOENT: "check the path; relative ones start at the folder of the pipeline file"
        case EACCES, EPERM: "check its permissions, or run as a user who may"
        case ENOSPC, EDQUOT: "make room on the device; what was written before is whole"
        case EPIPE: "the program that reads from the pipe has ended"
        case EISDIR: "name a file inside it"
        default: nil
        }
    }
}
