// The file of this target with unsafe code: libpcap's compiler, and its interpreter over the octets of one packet.
import CPcap
import Weir

/// A tcpdump expression as a program of libpcap's packet filter machine.
@safe
final class CompiledFilter {
    /// The longest capture of a frame; the value that a program returns for a match.
    private static let snapLength: Int32 = 262_144

    private var program = unsafe bpf_program()
    private let instructions: UnsafeMutablePointer<bpf_insn>

    /// Compiles `expression` for Ethernet frames. Throws what libpcap has to say about it.
    init(_ expression: String) throws(FilterError) {
        // No device and no file: a handle that knows a link type, which is what the compiler asks it for.
        guard let handle = unsafe pcap_open_dead(DLT_EN10MB, CompiledFilter.snapLength) else {
            throw FilterError(text: "libpcap has no memory to compile with")
        }
        defer { unsafe pcap_close(handle) }
        guard unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            throw FilterError(text: unsafe String(cString: pcap_geterr(handle)))
        }
        // Kept apart from `program`, since every access to a variable property of a class asks the runtime for
        // permission.
        unsafe instructions = unsafe program.bf_insns
    }

    deinit { unsafe pcap_freecode(&program) }

    /// Whether the program takes the frame. The machine checks every load against the length.
    func matches(_ octets: RawSpan, wireLength: Int) -> Bool {
        unsafe octets.withUnsafeBytes { memory in
            // An empty frame may have no address, and the machine wants one.
            guard let start = memory.baseAddress else { return false }
            return unsafe bpf_filter(
                instructions, start.assumingMemoryBound(to: UInt8.self), UInt32(truncatingIfNeeded: wireLength),
                UInt32(truncatingIfNeeded: memory.count)) != 0
        }
    }
}

/// What is wrong with an expression, in libpcap's words.
struct FilterError: Error {
    let text: String
}
