import Testing
import UnicastRewrite
import Weir
import WeirTesting
import WeirWire

/// Hosts that share a MAC address and want to reach one another. This host is number 1.
@Suite struct UnicastPeerTests {
    private static let peer = IPv4Address(10, 0, 0, 12)
    private static let peerIPv6 = IPv6Address(high: 0x2001_0db8_0000_0000, low: 0x12)

    private func rewritten(_ frame: [UInt8], peers mac: MACAddress? = nil) throws -> [UInt8]? {
        try UnicastModeTests.rewritten([frame]) { configuration in
            configuration.realMAC = realMAC
            configuration.peers = [AnyIPAddress.ipv4(Self.peer), .ipv6(Self.peerIPv6)].map { address in
                var peer = UnicastRewrite.Peer()
                peer.address = address
                if let mac { peer.mac = mac } else { peer.hostID = 2 }
                return peer
            }
        }.first
    }

    @Test(arguments: [nil, MACAddress(0x52, 0x54, 0, 0, 0, 2)])
    func whatGoesToAPeersOwnAddressGoesToItsMAC(mac: MACAddress?) throws {
        func frame(to destination: MACAddress) -> [UInt8] {
            udpFrame(header(from: masked(1), to: destination), from: dedicated, to: Self.peer)
        }
        #expect(try rewritten(frame(to: sharedMAC), peers: mac) == frame(to: mac ?? masked(2)))
        #expect(try rewritten(frame(to: clientMAC), peers: mac) == frame(to: clientMAC))
    }

    @Test func whatGoesToTheClusterStaysThere() throws {
        let frame = udpFrame(header(from: clientMAC, to: sharedMAC), from: client, to: clusterIPv4)
        #expect(try rewritten(frame) == frame)
    }

    @Test(arguments: [masked(1), realMAC]) func whatAPeerSendsComesToTheStack(destination: MACAddress) throws {
        func frame(to destination: MACAddress) -> [UInt8] {
            udpFrame(header(from: masked(2), to: destination), from: Self.peer, to: dedicated)
        }
        #expect(try rewritten(frame(to: destination)) == frame(to: sharedMAC))
    }

    /// The peer's own reply says 02-bf, as everybody's does; the stack must learn another address, or it keeps the packets.
    @Test func aPeersARPTellsItsMAC() throws {
        let reply = arpFrame(
            header(from: masked(2), to: masked(1)), .reply, (sharedMAC, Self.peer), (masked(1), dedicated))
        let expected = arpFrame(
            header(from: masked(2), to: sharedMAC), .reply, (masked(2), Self.peer), (sharedMAC, dedicated))
        #expect(try rewritten(reply) == expected)
    }

    @Test func aPeersAdvertisementTellsItsMAC() throws {
        func frame(_ told: MACAddress, to destination: MACAddress) -> [UInt8] {
            neighborFrame(
                header(from: masked(2), to: destination), from: Self.peerIPv6, to: dedicatedIPv6,
                .advertisement(target: Self.peerIPv6, address: told, flags: .solicited))
        }
        #expect(try rewritten(frame(sharedMAC, to: masked(1))) == frame(masked(2), to: sharedMAC))
    }
}
