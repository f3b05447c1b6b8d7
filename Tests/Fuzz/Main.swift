// The file of this program with unsafe code: libFuzzer's arguments and octets are pointers.
import CLibFuzzer
import Glibc

/// `weir-fuzz TARGET [libFuzzer's arguments]`: feeds octets that libFuzzer makes up to a part of weir.
@main
struct Main {
    static let targets: [String: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32] = unsafe [
        "cluster": { unsafe take($0, $1, fuzzCluster) },
        "capture": { unsafe take($0, $1, fuzzCapture) },
        "wire": { unsafe take($0, $1, fuzzWire) },
        "yaml": { unsafe take($0, $1, fuzzYAML) },
    ]

    static func main() {
        guard CommandLine.argc > 1, let body = unsafe targets[CommandLine.arguments[1]] else {
            print("usage: weir-fuzz \(unsafe targets.keys.sorted().joined(separator: "|")) [arguments of libFuzzer]")
            exit(64)
        }
        // libFuzzer sees the program's name and what follows the target.
        var count = CommandLine.argc - 1
        let arguments = unsafe CommandLine.unsafeArgv
        unsafe arguments[1] = arguments[0]
        var rest: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe arguments + 1
        exit(unsafe LLVMFuzzerRunDriver(&count, &rest, body))
    }

    private static func take(_ octets: UnsafePointer<UInt8>?, _ count: Int, _ body: ([UInt8]) -> Void) -> Int32 {
        body(unsafe Array(UnsafeBufferPointer(start: octets, count: count)))
        return 0
    }
}
