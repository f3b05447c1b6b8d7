import Weir
import WeirWire

extension VLANIsolation {
    public enum TagAction: String, CaseIterable, ParameterWord { case strip, keep, push, stripNative }

    /// The kind of a tag (IEEE 802.1Q §9.5).
    public enum TagProtocol: String, CaseIterable, ParameterWord {
        case customer = "8021q"
        case service = "8021ad"

        var etherType: EtherType { self == .customer ? .vlan : .serviceVLAN }
    }

    public struct Configuration: StageConfiguration {
        @Parameter("VLANs whose frames pass.", in: 1...4094) public var allow: IntegerRanges
        @Parameter("What happens to the tag of a frame that passes.", default: .strip) public var tag: TagAction
        @Parameter("The VLAN of frames without a tag.", in: 1...4094) public var native: Int?
        @Parameter("VLANs that get another number, and what it is; priority and DEI stay.")
        public var translate: VLANTranslation?
        @Parameter("VLANs of the second tag; frames without one don't pass.", in: 1...4094)
        public var inner: IntegerRanges?
        @Parameter("The VLAN of a tag that is put in front of every frame, on top of what it has.", in: 1...4094)
        public var service: Int?
        @Parameter(
            "Priority of pushed tags; without it 0, and for `service` that of the tag under it.", in: 0...7)
        public var priority: Int?
        @Parameter("DEI of pushed tags: whether bridges may drop the frame first. Without it as for `priority`.")
        public var dropEligible: Bool?
        @Parameter("Kind of the outermost pushed tag; without it `8021ad` for `service`, otherwise `8021q`.")
        public var tpid: TagProtocol?
        @Parameter("Who may reach whom inside the VLANs (RFC 5517).") public var `private`: PrivateVLANMembers?
        public init() {}
    }
}

extension VLANIsolation.Configuration {
    /// Throws when one parameter says what another makes impossible.
    func requireAgreement() throws {
        if tag == .stripNative, native == nil {
            throw ConfigurationError(
                parameter: "tag", "there is no native VLAN whose tags could be stripped",
                help: "add `native: 10`, or write `tag: strip`")
        }
        try requireTagsToTranslate()
        if service != nil, tag == .strip {
            throw ConfigurationError(
                parameter: "service", "a service tag goes on top of the customer's, which is taken off",
                help: "write `tag: keep`", related: [tagAction])
        }
        try requirePushedTags()
    }

    private var tagAction: ConfigurationError.Related {
        .init(parameter: "tag", message: "`tag: \(tag.canonicalText)`" + ($tag.isGiven ? "" : " is the default"))
    }

    private func requireTagsToTranslate() throws {
        guard let translate else { return }
        guard tag != .strip else {
            throw ConfigurationError(
                parameter: "translate", "a tag that is taken off is not translated", help: "write `tag: keep`",
                related: [tagAction])
        }
        if let vlan = translate.identifiers.keys.sorted().first(where: { !allow.contains($0) }) {
            throw ConfigurationError(
                parameter: "translate", "VLAN \(vlan) is translated but not allowed",
                help: "`allow` names VLANs as they come in",
                related: [.init(parameter: "allow", message: "these are allowed")])
        }
        if tag == .stripNative, let native, translate.identifiers[native] != nil {
            throw ConfigurationError(
                parameter: "translate", "VLAN \(native) is translated, though its tag is taken off",
                related: [.init(parameter: "native", message: "it is the native VLAN"), tagAction])
        }
    }

    /// Nothing can be said of pushed tags where none are pushed.
    private func requirePushedTags() throws {
        guard service == nil, tag != .push || native == nil else { return }
        let given = [
            ("priority", priority != nil), ("drop-eligible", dropEligible != nil), ("tpid", tpid != nil),
        ]
        guard let (parameter, _) = given.first(where: \.1) else { return }
        throw ConfigurationError(
            parameter: parameter,
            tag == .push
                ? "only frames of the native VLAN are given a tag, and there is no native VLAN"
                : "it is about pushed tags, and none are pushed",
            help: tag == .push ? "add `native: 10`" : "add `service: 100`, or `native: 10` and `tag: push`",
            related: [tagAction])
    }
}
