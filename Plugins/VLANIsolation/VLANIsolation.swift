import Weir
import WeirWire

/// `- vlan-isolation: { allow: [10] }`: only frames of the allowed VLANs pass (IEEE 802.1Q).
///
/// The outermost tag decides. A frame without one, or with VLAN 0, which carries a priority only, belongs to the native
/// VLAN if there is one.
public struct VLANIsolation: PacketStage {
    public static let kind = "vlan-isolation"
    public static let summary = "Passes frames of the allowed VLANs only; strips, keeps or pushes the tag."
    public static let details = """
        The outermost tag decides, 802.1Q or 802.1ad. A frame without a tag, or with a priority tag (VLAN 0), belongs to
        the `native` VLAN; without one it is dropped. `tag: strip` takes the deciding tag off, `keep` changes nothing,
        and `push` gives frames of the native VLAN a tag, so that whatever leaves the stage has one.
        """
    public static let example = """
        weir: 1
        stages:
          - capture: { file: captures/cluster.pcap }
          - vlan-isolation: { allow: "10,20-29", native: 10, tag: strip }
          - discard
        """

    public enum TagAction: String, CaseIterable, ParameterWord { case strip, keep, push }

    public struct Configuration: StageConfiguration {
        @Parameter("VLANs whose frames pass.", in: 1...4094) public var allow: IntegerRanges
        @Parameter("What happens to the tag of a frame that passes.", default: .strip) public var tag: TagAction
        @Parameter("The VLAN of frames without a tag.", in: 1...4094) public var native: Int?
        public init() {}
    }

    public enum Drop: String, StageWord {
        case foreignVLAN = "the frame's VLAN is not allowed"
        case untagged = "the frame has no tag and there is no native VLAN"
        case malformed = "the frame is too short for an Ethernet header or its tag"
    }

    /// A bit for each of the 4,096 VLAN identifiers; that of VLAN 0 is the native VLAN's.
    private var allowed = InlineArray<64, UInt64>(repeating: 0)
    private let strips: Bool
    private let nativeTag: VLANTag?
    private let hasNative: Bool

    public init(_ configuration: Configuration) {
        strips = configuration.tag == .strip
        hasNative = configuration.native != nil
        nativeTag = configuration.tag == .push ? configuration.native.map { VLANTag(identifier: UInt16($0)) } : nil
        for identifier in configuration.allow.numbers { allow(identifier) }
        if let native = configuration.native, configuration.allow.contains(native) { allow(0) }
    }

    private mutating func allow(_ identifier: Int) { allowed[identifier >> 6] |= 1 << UInt64(identifier & 63) }

    @inline(__always)
    private func isAllowed(_ identifier: UInt16) -> Bool {
        allowed[Int(identifier >> 6) & 63] >> UInt64(identifier & 63) & 1 != 0
    }

    @inline(__always)
    public mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict {
        guard packet.length >= 14 else { return .drop(.malformed) }
        guard EtherType(rawValue: packet.bytes.uint16(at: 12)).isVLANTag else { return processUntagged(&packet) }
        guard packet.length >= 18 else { return .drop(.malformed) }
        let identifier = packet.bytes.uint16(at: 14) & 0xfff
        guard isAllowed(identifier) else {
            return .drop(identifier == 0 && !hasNative ? .untagged : .foreignVLAN)
        }
        if strips { packet.popVLANTag() } else if identifier == 0 { nameVLAN(of: &packet) }
        return .forward
    }

    @inline(__always)
    private func processUntagged(_ packet: inout Packet) -> Verdict {
        guard isAllowed(0) else { return .drop(hasNative ? .foreignVLAN : .untagged) }
        if let nativeTag { packet.pushVLANTag(nativeTag) }
        return .forward
    }

    /// With `push`, a priority tag gets the native VLAN's identifier and keeps its priority.
    @inline(__always)
    private func nameVLAN(of packet: inout Packet) {
        guard let nativeTag else { return }
        let priority = packet.bytes.uint16(at: 14) & 0xf000
        packet.store(priority | nativeTag.identifier, at: 14)
    }
}
