import Switch
import Testing
import Weir
import WeirTesting
import WeirWire

@Suite struct LearningTests {
    /// Station 1 speaks at port 1, then station 2 at port 2 answers it.
    private let hello = ethernet(at: 1, to: mac(2), from: mac(1))
    private let answer = ethernet(at: 2, to: mac(1), from: mac(2))

    @Test func unknownAddressesFloodAndKnownOnesDoNot() throws {
        let lan = try LAN([1: [hello], 2: [answer]])
        #expect(lan.ports(of: hello) == [2, 3])
        #expect(lan.ports(of: answer) == [1])
        #expect(lan.count(.flooded) == 1)
        #expect(lan.count(.learned, 1) == 1)
        #expect(lan.count(.received, 1) == 2)
        #expect(lan.count(.received, 3) == 0)
    }

    @Test func unknownAddressesMayBeDropped() throws {
        let lan = try LAN([1: [hello], 2: [answer]]) { $0.unknownUnicast = .drop }
        #expect(lan.ports(of: hello) == [])
        #expect(lan.dropped(.unknownUnicast) == 1)
        #expect(lan.ports(of: answer) == [1])
    }

    @Test func withoutLearningEveryUnicastAddressFloods() throws {
        let lan = try LAN([1: [hello], 2: [answer]]) { $0.learning = false }
        #expect(lan.ports(of: hello) == [2, 3])
        #expect(lan.ports(of: answer) == [1, 3])
        #expect(lan.count(.flooded) == 2)
        #expect(lan.count(.learned, 1) == 0)
    }

    @Test func anAddressIsForgottenAfterItsAgeingTimeSinceItWasLastHeard() throws {
        let again = ethernet(at: 4, to: .broadcast, from: mac(1))
        let frames = [13.9, 14.0].map { ethernet(at: $0, to: mac(1), from: mac(2)) }
        let lan = try LAN([1: [hello, again], 2: frames]) { $0.macAgeing = .seconds(10) }
        #expect(lan.ports(of: frames[0]) == [1])
        #expect(lan.ports(of: frames[1]) == [1, 3])
        #expect(lan.count(.learned, 1) == 1)
    }

    @Test func anAddressMovesToThePortWhereItIsHeard() throws {
        let moved = ethernet(at: 2, to: .broadcast, from: mac(1))
        let frames = [3.0, 1.5].map { ethernet(at: $0, to: mac(1), from: mac(2)) }
        let lan = try LAN([1: [hello], 3: [moved], 2: frames])
        #expect(lan.ports(of: frames[1]) == [1])
        #expect(lan.ports(of: frames[0]) == [3])
        #expect(lan.count(.moved) == 1)
        #expect(lan.count(.learned, 3) == 1)
    }

    @Test func whatIsBehindThePortThatItCameFromStaysThere() throws {
        let neighbour = ethernet(at: 2, to: mac(1), from: mac(3))
        let lan = try LAN([1: [hello, neighbour]])
        #expect(lan.ports(of: neighbour) == [])
        #expect(lan.dropped(.samePort) == 1)
    }

    @Test func groupAddressesAreNeverLearntAsSources() throws {
        let wrong = ethernet(at: 1, to: .broadcast, from: groupMAC)
        let lan = try LAN([1: [wrong]])
        #expect(lan.ports(of: wrong) == [2, 3])
        #expect(lan.count(.learned, 1) == 0)
    }

    @Test func broadcastGoesEverywhereElseAndCountsAsNoFlood() throws {
        let frame = ethernet(at: 1, to: .broadcast)
        let lan = try LAN([2: [frame]])
        #expect(lan.ports(of: frame) == [1, 3])
        #expect(lan.count(.flooded) == 0)
    }

    @Test func whatBridgesMustNotForwardIsDropped() throws {
        let spanningTree = ethernet(at: 1, to: MACAddress(1, 0x80, 0xc2, 0, 0, 0))
        let lldp = ethernet(at: 1, to: MACAddress(1, 0x80, 0xc2, 0, 0, 0x0e), type: [0x88, 0xcc])
        let other = ethernet(at: 1, to: MACAddress(1, 0x80, 0xc2, 0, 0, 0x10))
        let lan = try LAN([1: [spanningTree, lldp, other]])
        #expect(lan.dropped(.reserved) == 2)
        #expect(lan.ports(of: other) == [2, 3])
    }

    @Test func aFullTableRefusesUntilItsEntriesAreOld() throws {
        func station(_ number: Int) -> MACAddress {
            MACAddress(2, 0, 0, 1, UInt8(number >> 8), UInt8(number & 0xff))
        }
        let flood = (0...8192).map { ethernet(at: 1 + Double($0) / 10_000, to: .broadcast, from: station($0)) }
        let known = ethernet(at: 5, to: station(8191), from: station(0))
        let unknown = ethernet(at: 5, to: station(8192), from: station(0))
        let late = ethernet(at: 400, to: .broadcast, from: station(8192))
        let lan = try LAN([1: flood + [late], 2: [known, unknown, ethernet(at: 401, to: station(8192))]])
        #expect(lan.ports(of: known) == [1])
        #expect(lan.ports(of: unknown) == [1, 3])
        #expect(lan.count(.refused) == 1)
        #expect(lan.count(.learned, 1) == 8193)
        #expect(lan.ports(of: ethernet(at: 401, to: station(8192))) == [1])
    }

    @Test func aSwitchOfOnePortSendsNothing() throws {
        let lan = try LAN(ports: 1, [1: [hello, ethernet(at: 2, to: .broadcast), ethernet(at: 3, to: multicastMAC)]])
        #expect(lan.dropped(.noOtherPort) == 3)
        #expect(lan.dropped(.malformed) == 1)
    }
}
