import WeirWire

/// What becomes of tags. A tag's control is its priority, DEI and VLAN identifier (IEEE 802.1Q §9.6).
struct Marking {
    /// Whether all tags with a VLAN's number stay, and get none on top.
    let keepsNumbered: Bool
    private let stripsAll: Bool
    /// The native VLAN if its tags, and only those, are taken off; 0 for none.
    private let stripped: UInt16
    /// By identifier: what it becomes. VLAN 0, of a priority tag, becomes the native VLAN with `push`.
    private var names: [UInt16]
    /// The tag that frames without one get.
    let native: VLANTag?
    /// The tag that every frame gets on top of that.
    let service: VLANTag?
    /// The bits, of priority and DEI, that the service tag takes over from the tag under it (IEEE 802.1Q §6.9).
    private let inherited: UInt16

    init(_ configuration: VLANIsolation.Configuration) {
        let stays = configuration.tag == .keep || configuration.tag == .push
        keepsNumbered = stays && configuration.translate == nil && configuration.service == nil
        stripsAll = configuration.tag == .strip
        stripped = configuration.tag == .stripNative ? UInt16(configuration.native ?? 0) : 0
        names = Array(0...4095)
        for (before, after) in configuration.translate?.identifiers ?? [:] {
            names[before & 0xfff] = UInt16(after & 0xfff)
        }
        inherited = (configuration.priority == nil ? 0xe000 : 0) | (configuration.dropEligible == nil ? 0x1000 : 0)
        func tag(_ tpid: EtherType, _ identifier: Int) -> VLANTag {
            VLANTag(
                tpid: tpid, priority: UInt8(configuration.priority ?? 0),
                dropEligible: configuration.dropEligible ?? false, identifier: UInt16(identifier))
        }
        let tpid = configuration.tpid?.etherType
        if configuration.tag == .push, let identifier = configuration.native {
            names[0] = names[identifier & 0xfff]
            native = tag(configuration.service == nil ? tpid ?? .vlan : .vlan, Int(names[0]))
        } else {
            native = nil
        }
        service = configuration.service.map { tag(tpid ?? .serviceVLAN, $0) }
    }

    /// What becomes of the tags of a frame that has one.
    struct Marks {
        /// Whether the outermost is taken off, and that is all.
        var strips = false
        /// What the outermost becomes; nil for what it is.
        var changed: VLANTag?
        /// What is put in front of it.
        var pushed: VLANTag?
    }

    /// What becomes of the tags of a frame whose outermost one this is.
    @inline(never)
    mutating func marks(of tag: VLANTag) -> Marks {
        var top = service
        top?.tci |= tag.tci & inherited
        if stripsAll || stripped != 0 && (tag.identifier == stripped || tag.identifier == 0) {
            // A tag that makes way for another is overwritten.
            return Marks(strips: top == nil, changed: top)
        }
        let renamed = VLANTag(tpid: tag.tpid, tci: tag.tci & 0xf000 | names[Int(tag.identifier)])
        return Marks(changed: renamed == tag ? nil : renamed, pushed: top)
    }
}
