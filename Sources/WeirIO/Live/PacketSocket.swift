// One of the files with unsafe code: sockets.

import CLinux
import Glibc
import Weir

/// A packet(7) socket that is bound to one interface.
final class PacketSocket {
    /// ETH_P_ALL.
    private static let allProtocols: UInt16 = 3

    let interface: String
    let index: Int32
    let descriptor: Int32

    /// Opens a socket that receives nothing yet.
    init(_ interface: String) throws {
        self.interface = interface
        index = Int32(bitPattern: unsafe if_nametoindex(interface))
        guard index > 0 else {
            throw StageFailure(
                "there is no interface \(interface)", help: "`ip link` shows the interfaces that there are",
                status: .noInput)
        }
        // Protocol 0: not a packet is received before the socket is bound.
        descriptor = socket(
            AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw PacketSocket.failure("cannot open", interface, errno) }
    }

    deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

    /// Binds to the interface: to receive all protocols, or nothing.
    func bind(receives: Bool) throws {
        guard weir_bind_packet(descriptor, index, receives ? PacketSocket.allProtocols : 0) == 0 else {
            throw PacketSocket.failure("cannot bind to", interface, errno)
        }
        let ethernet = 1
        let loopback = 772
        let type = Int(weir_link_type(descriptor))
        guard type == ethernet || type == loopback else {
            throw StageFailure(
                "\(interface) is no Ethernet interface (link type \(type))",
                help: "weir's packets begin with an Ethernet header", status: .unavailable)
        }
    }

    func set(_ option: weir_packet_option, to value: Int32, what: String) throws {
        guard weir_set_packet_option(descriptor, Int32(option.rawValue), value) == 0 else {
            throw PacketSocket.failure("cannot \(what) on", interface, errno)
        }
    }

    /// Whether the interface went down since the last call.
    func wentDown() -> Bool { weir_take_error(descriptor) == ENETDOWN }

    /// Whether the interface is there, under whatever name.
    var interfaceExists: Bool {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        return unsafe if_indextoname(UInt32(index), &name) != nil
    }

    static func failure(_ action: String, _ interface: String, _ number: Int32) -> StageFailure {
        let text = SystemError(number).text
        guard number == EPERM || number == EACCES else {
            return StageFailure("\(action) \(interface): \(text)", help: nil, status: .unavailable)
        }
        return StageFailure(
            "\(action) \(interface): \(text)",
            help: "packets of interfaces take the capability CAP_NET_RAW: "
                + "`sudo setcap cap_net_raw+ep $(command -v weir)`, or run as root",
            status: .noPermission)
    }
}
