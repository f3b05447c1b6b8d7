import Weir
import WeirWire

/// A frame that carries a message of a membership protocol.
public protocol MembershipFrame<Address>: WireEncodable {
    associatedtype Address: GroupAddress

    /// A host's message, from the host's addresses to where such a message goes.
    init(from mac: MACAddress, _ source: Address, tag: VLANTag?, _ message: HostMessage<Address>)
}

extension IGMPFrame: MembershipFrame {
    @inlinable
    public init(from mac: MACAddress, _ source: IPv4Address, tag: VLANTag?, _ message: HostMessage<IPv4Address>) {
        let contents: IGMPContents =
            switch message {
            case .report(.first, let group): .version1Report(group)
            case .report(_, let group): .version2Report(group)
            case .done(let group): .leave(group)
            case .records(let records): .version3Report(records)
            }
        self.init(sourceHardwareAddress: mac, source: source, tag: tag, contents: contents)
    }
}

extension MLDFrame: MembershipFrame {
    @inlinable
    public init(from mac: MACAddress, _ source: IPv6Address, tag: VLANTag?, _ message: HostMessage<IPv6Address>) {
        let contents: MLDContents =
            switch message {
            case .report(_, let group): .version1Report(group)
            case .done(let group): .done(group)
            case .records(let records): .version2Report(records)
            }
        self.init(sourceHardwareAddress: mac, source: source, tag: tag, contents: contents)
    }
}
