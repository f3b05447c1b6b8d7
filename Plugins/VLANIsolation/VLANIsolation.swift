import Weir
import WeirWire

/// `- vlan-isolation: { allow: [10] }`: only frames of the allowed VLANs pass (IEEE 802.1Q).
///
/// The outermost tag decides. A frame without one, or with VLAN 0, which carries a priority only, belongs to the native
/// VLAN if there is one.
public struct VLANIsolation: PacketStage {
    public static let kind = "vlan-isolation"
    public static let summary = "Passes frames of the allowed VLANs only; strips, keeps, translates or pushes tags."

    public enum Drop: String, StageWord {
        case foreignVLAN = "the frame's VLAN is not allowed"
        case untagged = "the frame has no tag and there is no native VLAN"
        case malformed = "the frame is too short for an Ethernet header or its tags"
        case foreignInnerVLAN = "the frame has no second tag, or one of a VLAN that is not allowed there"
        case isolated = "sender and receiver are members of the private VLAN that must not reach each other"
    }

    /// The VLANs whose frames pass; VLAN 0 stands for the native one.
    private var allowed = VLANSet()
    private let hasNative: Bool
    /// Whether nothing happens to a frame of an allowed VLAN but that its tag is taken off.
    private let onlyStrips: Bool
    /// Whether nothing at all happens to a frame of an allowed VLAN that has a tag with its number.
    private let onlyKeeps: Bool
    private var selection: Selection
    private var marking: Marking

    public init(_ configuration: Configuration) throws {
        try configuration.requireAgreement()
        hasNative = configuration.native != nil
        selection = try Selection(configuration)
        marking = Marking(configuration)
        onlyStrips = configuration.tag == .strip && !selection.isNeeded
        onlyKeeps = marking.keepsNumbered && !selection.isNeeded
        for identifier in configuration.allow.numbers { allowed.insert(identifier) }
        if let native = configuration.native, configuration.allow.contains(native) { allowed.insert(0) }
    }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard packet.length >= 14 else { return .drop(.malformed) }
        guard EtherType(rawValue: packet.bytes.uint16(at: 12)).isVLANTag else { return processUntagged(&packet) }
        guard packet.length >= 18 else { return .drop(.malformed) }
        let identifier = packet.bytes.uint16(at: 14) & 0xfff
        guard allowed.contains(identifier) else {
            return .drop(identifier == 0 && !hasNative ? .untagged : .foreignVLAN)
        }
        if !onlyStrips {
            if onlyKeeps, identifier != 0 { return .forward }
            if selection.isNeeded, let reason = selection.refusal(of: packet.bytes, isTagged: true) {
                return .drop(reason)
            }
            let marks = marking.marks(of: packet.bytes.vlanTag(at: 12))
            if !marks.strips {
                if let tag = marks.changed { packet.store(tag, at: 12) }
                if let tag = marks.pushed { packet.pushVLANTag(tag) }
                return .forward
            }
        }
        packet.popVLANTag()
        return .forward
    }

    @inline(__always)
    private mutating func processUntagged(_ packet: inout Packet) -> Verdict {
        guard allowed.contains(0) else { return .drop(hasNative ? .foreignVLAN : .untagged) }
        if onlyStrips { return .forward }
        if selection.isNeeded, let reason = selection.refusal(of: packet.bytes, isTagged: false) {
            return .drop(reason)
        }
        if let tag = marking.native { packet.pushVLANTag(tag) }
        if let tag = marking.service { packet.pushVLANTag(tag) }
        return .forward
    }
}
