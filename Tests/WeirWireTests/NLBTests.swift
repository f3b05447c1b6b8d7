import Testing
import WeirWire

@Suite struct NLBTests {
    /// 10.1.67.197, whose addresses the documentation of switches prints.
    private let addresses = NLBAddresses(cluster: IPv4Address(10, 1, 67, 197))

    @Test func eachModeHasItsVirtualAddress() {
        #expect(
            ClusterMode.allCases.map { addresses.mac(in: $0).description } == [
                "02-bf-0a-01-43-c5", "03-bf-0a-01-43-c5", "01-00-5e-7f-43-c5",
            ])
        #expect(addresses.group == IPv4Address(239, 255, 67, 197))
    }

    @Test func theMaskedSourceHasTheHostsId() {
        #expect(addresses.maskedMAC(hostID: 3).description == "02-03-0a-01-43-c5")
        #expect(addresses.maskedMAC(hostID: 32).description == "02-20-0a-01-43-c5")
        for id in 1...32 { #expect(addresses.hostID(masked: addresses.maskedMAC(hostID: id)) == id) }
        let others = [addresses.unicastMAC, addresses.multicastMAC, MACAddress(0x02, 0x21, 0x0a, 0x01, 0x43, 0xc5)]
        for mac in others + [.broadcast, MACAddress(0x02, 0x03, 0x0a, 0x01, 0x43, 0xc4)] {
            #expect(addresses.hostID(masked: mac) == nil)
        }
    }
}
