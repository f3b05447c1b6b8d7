import Weir

/// The name of a network interface, 1 to 15 octets as Linux has it (IFNAMSIZ).
public struct InterfaceName: Hashable, Sendable, TextParameterValue {
    public let name: String

    public static var type: ParameterType {
        ParameterType(.text, "network interface", examples: ["eth0"])
    }

    public init?(_ description: String) {
        guard 1...15 ~= description.utf8.count, description.utf8.allSatisfy({ $0 > 32 && $0 != 127 && $0 != 0x2f })
        else {
            return nil
        }
        name = description
    }

    public var description: String { name }
}

extension StageConfiguration {
    /// A capture or a transmit is of a file or of an interface.
    func check(file: Parameter<FileLocation?>, interface: Parameter<InterfaceName?>) throws {
        switch (file.wrappedValue == nil, interface.wrappedValue == nil) {
        case (true, true):
            throw ConfigurationError(
                "the key `file` is missing, or `interface`", help: "write `file: frames.pcap` or `interface: eth0`")
        case (false, false):
            throw ConfigurationError(
                parameter: "interface", "packets are of a file or of an interface", help: "leave one of them out",
                related: [.init(parameter: "file", message: "the file")])
        default: break
        }
    }
}
