/// What clients sent in http.pcap: whole TCP connections to 10.0.0.100, port 80, each from its SYN on.
struct ClusterSession {
    struct Connection {
        /// Source, destination and both ports as they lie in the packet.
        let flow: [UInt8]
        var frames: [Recording.Frame]

        var begin: Int { frames.first?.microseconds ?? 0 }
        var end: Int { frames.last?.microseconds ?? 0 }

        func isAlive(at time: Int) -> Bool { begin < time && end >= time }
    }

    let start: Int
    let recording: Recording
    let connections: [Connection]

    init(_ recording: Recording) {
        self.recording = recording
        start = recording.frames.first?.microseconds ?? 0
        var connections: [Connection] = []
        var latest: [[UInt8]: Int] = [:]
        for frame in recording.frames where Self.isToCluster(frame) {
            let flow = Array(frame.octets[26..<38])
            if frame.octets[47] & 0x02 != 0 {  // SYN
                latest[flow] = connections.count
                connections.append(Connection(flow: flow, frames: []))
            }
            if let number = latest[flow] { connections[number].frames.append(frame) }
        }
        self.connections = connections
    }

    /// A TCP segment without a VLAN tag and IP options, as all of the recording are.
    static func isToCluster(_ frame: Recording.Frame) -> Bool {
        let octets = frame.octets
        return octets.count >= 54 && octets[12] == 8 && octets[13] == 0 && octets[14] == 0x45 && octets[23] == 6
            && octets[30..<34] == [10, 0, 0, 100]
    }

    /// Microseconds since the epoch of a time in seconds since the first frame.
    func time(_ seconds: Double) -> Int { start + Int(seconds * 1e6) }

    /// By connection, the hosts that have any packet of it.
    func owners(_ kept: [Int: [Recording.Frame]]) -> [[Int]] {
        var owners: [Recording.Frame: [Int]] = [:]
        for (host, frames) in kept { for frame in frames { owners[frame, default: []].append(host) } }
        return connections.map { Set($0.frames.flatMap { owners[$0] ?? [] }).sorted() }
    }

    /// What is wrong with the way these hosts share the session: a line for each connection that is not whole, in order
    /// and at one host.
    func faults(_ kept: [Int: [Recording.Frame]]) -> [String] {
        let sessions = kept.mapValues { frames in
            Dictionary(grouping: frames.filter(Self.isToCluster)) { Array($0.octets[26..<38]) }
        }
        var faults: [String] = []
        for (number, hosts) in owners(kept).enumerated() {
            let connection = connections[number]
            let name = "connection \(number), \((connection.begin - start) / 1000) ms"
            guard hosts.count == 1 else {
                faults.append("\(name): at hosts \(hosts)")
                continue
            }
            // The same flow may come again: this one's frames are those between its begin and its end.
            let found = (sessions[hosts[0]]?[connection.flow] ?? []).filter {
                $0.microseconds >= connection.begin && $0.microseconds <= connection.end
            }
            if found != connection.frames {
                faults.append("\(name): \(found.count) of \(connection.frames.count) packets, or another order")
            }
        }
        let total = kept.values.reduce(0) { $0 + $1.count(where: Self.isToCluster) }
        let offered = connections.reduce(0) { $0 + $1.frames.count }
        if total != offered { faults.append("\(offered) packets came, the hosts together have \(total)") }
        return faults
    }
}
