import Weir
import WeirConfig
import WeirWire

// Stages that do nothing, declared as a stage's author declares them.

struct Capture: Source {
    struct Configuration: StageConfiguration {
        @Parameter("The file to read.") var file: FileLocation?
        @Parameter("The interface to listen on.") var interface: String?
    }
    static let kind = "capture"
    static let summary = "Reads frames."
    static let example = ""

    init(_ configuration: Configuration) throws {
        guard configuration.file != nil || configuration.interface != nil else {
            throw ConfigurationError(
                "either `file` or `interface` is needed", help: "write `capture: { file: in.pcap }`")
        }
    }
    mutating func poll(_ batch: inout SourceBatch, _ context: Context) throws -> Bool { false }
}

struct Transmit: Sink {
    struct Configuration: StageConfiguration {
        @Parameter("The file to write.") var file: FileLocation?
        @Parameter("The interface to send on.") var interface: String?
    }
    static let kind = "transmit"
    static let summary = "Writes frames."
    static let example = ""

    init(_ configuration: Configuration) {}
    mutating func consume(_ batch: borrowing Batch, _ context: Context) throws {}
}

struct Discard: Sink {
    static let kind = "discard"
    static let summary = "Drops what reaches it."
    static let example = ""

    init(_ configuration: NoParameters) {}
    mutating func consume(_ batch: borrowing Batch, _ context: Context) throws {}
}

struct Counter: PacketStage {
    static let kind = "counter"
    static let summary = "Counts."
    static let example = ""

    init(_ configuration: NoParameters) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

struct VLANIsolation: PacketStage {
    enum TagAction: String, CaseIterable, ParameterWord { case strip, keep, push }
    enum Drop: String, StageWord { case otherVLAN = "the frame is of another VLAN" }
    struct Configuration: StageConfiguration {
        @Parameter("VLANs whose frames pass.", in: 0...4095) var allow: IntegerRanges
        @Parameter("What happens to the tag.", default: .strip) var tag: TagAction
        @Parameter("Where frames without a tag belong.", in: 1...4094) var native: Int?
    }
    static let kind = "vlan-isolation"
    static let summary = "Lets some VLANs pass."
    static let example = ""

    init(_ configuration: Configuration) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

struct IGMPResponder: PacketStage {
    enum Answer: String, CaseIterable, ParameterWord { case queries, never }
    enum Output: String, StageWord { case reports = "what it sends" }
    struct Configuration: StageConfiguration {
        @Parameter("Groups that it is a member of.") var groups: [IPv4Address]
        @Parameter("When it reports.", default: .queries) var answer: Answer
        @Parameter("How often it reports unasked.", in: .seconds(1)...) var reportInterval: Duration?
    }
    static let kind = "igmp-responder"
    static let summary = "Answers queries."
    static let example = ""

    init(_ configuration: Configuration) throws {
        if let wrong = configuration.groups.firstIndex(where: { !$0.isMulticast }) {
            throw ConfigurationError(
                parameter: "groups[\(wrong)]", "`\(configuration.groups[wrong])` is no group",
                help: "groups are within 224.0.0.0/4")
        }
    }
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

struct NLBFilter: PacketStage {
    struct PortRule: ParameterGroup {
        @Parameter("The ports.") var ports: IntegerRanges
        @Parameter("The share of this host.", default: 50, in: 0...100) var weight: Int
    }
    enum Drop: String, StageWord { case notOurs = "another host owns the packet" }
    struct Configuration: StageConfiguration {
        @Parameter("The cluster's address.") var cluster: IPv4Address
        @Parameter("This host.", default: 1, in: 1...32) var hostID: Int
        @Parameter("All hosts.", default: [1, 2], in: 1...32) var hosts: IntegerRanges
        @Parameter("Which ports go where.", default: []) var rules: [PortRule]
    }
    static let kind = "nlb-filter"
    static let summary = "Keeps this host's share."
    static let example = ""

    init(_ configuration: Configuration) throws {
        let (host, hosts) = (configuration.hostID, configuration.hosts)
        guard hosts.contains(host) else {
            throw ConfigurationError(
                parameter: "host-id", "host `\(host)` is not one of `\(hosts.canonicalText)`",
                related: [.init(parameter: "hosts", message: "the hosts are given here")])
        }
    }
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

/// A stage with a value in a file of its own.
struct Watcher: PacketStage {
    struct Members: ParameterGroup {
        @Parameter("The hosts.", in: 1...32) var hosts: IntegerRanges
        @Parameter("A share.", default: 50, in: 0...100) var weight: Int
    }
    struct Configuration: StageConfiguration {
        @Parameter("Who is in.") var members: WatchedFile<Members>
        @Parameter("Who is out.") var others: WatchedFile<[Int]>?
    }
    static let kind = "watcher"
    static let summary = "Watches a file."
    static let example = ""

    init(_ configuration: Configuration) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

/// A stage that wants things for itself.
struct Owner: PacketStage {
    struct Configuration: StageConfiguration {
        @Parameter("Whose.") var name: String
        @Parameter("Numbers, of which others see the last digit.", default: []) var numbers: [Int]
        @Parameter("A share.", default: 50, in: 0...100) var weight: Int
    }
    static let kind = "owner"
    static let summary = "Wants things."
    static let example = ""

    init(_ configuration: Configuration) throws {
        if configuration.weight == 100 {
            throw ConfigurationError(parameter: "weight", "`100` leaves nothing to others")
        }
    }
    static func warnings(about configuration: Configuration) -> [ConfigurationWarning] {
        guard configuration.weight == 0 else { return [] }
        return [
            ConfigurationWarning(
                parameter: "weight", "with a share of 0 it gets nothing", help: "leave the stage out",
                related: [.init(parameter: "name", message: "this is who gets nothing")])
        ]
    }
    static func claims(of configuration: Configuration) -> [Claim] {
        configuration.numbers.enumerated().map { place, number in
            Claim(
                "the last digit `\(number % 10)`", for: "`\(configuration.name)`", parameter: "numbers[\(place)]",
                help: "give them numbers with other last digits")
        }
    }
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

/// A stage with ports.
struct Switch: PortStage {
    struct Configuration: StageConfiguration {
        @Parameter("How many ports.", in: 1...64) var ports: Int
    }
    enum Drop: String, StageWord { case noMember = "nobody wants the frame" }
    static let kind = "switch"
    static let summary = "Switches."
    static let example = ""

    init(_ configuration: Configuration) {}
    static func portCount(_ configuration: Configuration) -> Int { configuration.ports }
    mutating func process(_ packet: inout Packet, from port: Int, _ context: Context) -> PortVerdict<Switch> {
        .drop(.noMember)
    }
    mutating func timerFired(_ token: UInt64, _ context: Context) {}
}

/// A stage with a parameter of each remaining type.
struct Everything: PacketStage {
    struct Configuration: StageConfiguration {
        @Parameter("A truth.", default: true) var flag: Bool
        @Parameter("A number.", default: 0.5) var ratio: Double
        @Parameter("A text.", default: "") var text: String
        @Parameter("A size.", default: .kibibytes(64)) var size: ByteCount
        @Parameter("A rate.", default: .packets(10_000)) var rate: Rate
        @Parameter("A MAC address.", key: "mac") var groupMAC: MACAddress?
        @Parameter("A prefix.") var prefix: IPv4Prefix?
        @Parameter("An address.") var v6: IPv6Address?
        @Parameter("A duration.", default: .milliseconds(1500)) var wait: Duration
        @Parameter("A number without sign.", default: 7, in: 0...) var count: Int
    }
    static let kind = "everything"
    static let summary = "Takes all."
    static let example = ""

    init(_ configuration: Configuration) {}
    mutating func process(_ packet: inout Packet, _ context: Context) -> Verdict { .forward }
}

let catalogue = StageCatalogue([
    StageDescriptor(Capture.self), StageDescriptor(Transmit.self), StageDescriptor(Discard.self),
    StageDescriptor(Counter.self), StageDescriptor(VLANIsolation.self), StageDescriptor(IGMPResponder.self),
    StageDescriptor(NLBFilter.self), StageDescriptor(Switch.self), StageDescriptor(Everything.self),
    StageDescriptor(Watcher.self), StageDescriptor(Owner.self),
])
