import Weir
import WeirWire

/// What a frame of an allowed VLAN must fulfil beside: an inner tag, and who may reach whom.
struct Selection {
    /// The VLANs of the second tag; VLAN 0, which would be a priority tag behind a tag, is none of them.
    private var inner = VLANSet()
    private let hasInner: Bool
    private let privateVLAN: PrivateVLAN?
    let isNeeded: Bool

    init(_ configuration: VLANIsolation.Configuration) throws {
        hasInner = configuration.inner != nil
        privateVLAN = try configuration.private.map { try PrivateVLAN($0) }
        isNeeded = hasInner || privateVLAN != nil
        for identifier in configuration.inner?.numbers ?? [] { inner.insert(identifier) }
    }

    /// Why the frame, which has at least 14 octets and 18 with a tag, is refused; nil when it isn't.
    @inline(never)
    mutating func refusal(of bytes: RawSpan, isTagged: Bool) -> VLANIsolation.Drop? {
        if hasInner {
            guard isTagged, EtherType(rawValue: bytes.uint16(at: 16)).isVLANTag else { return .foreignInnerVLAN }
            guard bytes.byteCount >= 22 else { return .malformed }
            guard inner.contains(bytes.uint16(at: 18) & 0xfff) else { return .foreignInnerVLAN }
        }
        guard let privateVLAN else { return nil }
        let (source, destination) = (
            bytes.macAddress(at: EthernetFrame.Field.source), bytes.macAddress(at: EthernetFrame.Field.destination)
        )
        return privateVLAN.mayReach(destination, from: source) ? nil : .isolated
    }
}
