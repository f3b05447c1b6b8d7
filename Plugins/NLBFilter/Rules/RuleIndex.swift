import Weir
import WeirWire

/// Finds the rule of a packet: one look into a table, whatever rules there are.
struct RuleIndex {
    /// The most rules; NLB has 32.
    static let ruleLimit = 250
    /// The entries of a table: all ports for TCP, then all for UDP.
    private static let tableSize = 2 << 16

    /// One after the other: the table for addresses without rules of their own, then those of the others.
    private var rules: [UInt8]

    /// Where each address's table begins, in the order of the cluster's addresses.
    private let tables: [Int]

    /// - Parameter defaultRule: the number of the rule for ports that no rule names.
    init(_ portRules: [PortRule], addresses: [AnyIPAddress], defaultRule: UInt8) {
        var general = [UInt8](repeating: defaultRule, count: Self.tableSize)
        Self.enter(portRules, for: nil, in: &general)
        rules = general
        var tables: [Int] = []
        for address in addresses {
            guard portRules.contains(where: { $0.address == address }) else {
                tables.append(0)
                continue
            }
            var specific = general
            Self.enter(portRules, for: address, in: &specific)
            tables.append(rules.count)
            rules += specific
        }
        self.tables = tables
    }

    private static func enter(_ portRules: [PortRule], for address: AnyIPAddress?, in table: inout [UInt8]) {
        for (number, rule) in portRules.enumerated() where rule.address == address {
            if rule.isForAll {
                table = [UInt8](repeating: UInt8(number), count: tableSize)
                continue
            }
            for port in rule.ports.numbers {
                let place = Int(UInt16(port).byteSwapped)
                if rule.protocol != .udp { table[place] = UInt8(number) }
                if rule.protocol != .tcp { table[1 << 16 + place] = UInt8(number) }
            }
        }
    }

    /// Where the table of the cluster's address number `index` begins.
    func table(_ index: Int) -> Int { tables[index] }

    /// The number of the rule.
    /// - Parameters:
    ///   - table: where the table of the destination address begins.
    ///   - ports: as they lie in the packet, read little-endian: the cluster's port in the upper half.
    @inline(__always)
    func rule(table: Int, isUDP: Bool, ports: UInt32) -> Int {
        Int(rules[table &+ (isUDP ? 1 << 16 : 0) &+ Int(ports >> 16)])
    }
}
