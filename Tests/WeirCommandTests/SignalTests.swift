import Foundation
import Testing

/// A run that is asked to stop while it waits for input that does not come.
@Suite struct SignalTests {
    @Test(arguments: [SIGINT, SIGTERM], [0, 24, 30, 50_000])
    func stopsWell(signal: Int32, octetsGiven: Int) throws {
        let weir = try Weir(["p.yaml": pipeline("  - transmit: { file: out.pcap }\n")])
        let pipe = Pipe()
        let process = try weir.start(["run", "p.yaml", "-r", "-", "--summary", "json"], input: pipe)
        let head = try Data(contentsOf: URL(fileURLWithPath: Weir.capture)).prefix(octetsGiven)
        try pipe.fileHandleForWriting.write(contentsOf: head)
        // The run has to have taken all of it, and to wait.
        Thread.sleep(forTimeInterval: 0.5)
        kill(process.processIdentifier, signal)
        try weir.finish(process)
        #expect(weir.status == 0, "\(weir.errors)")
        let summary = try #require(JSONSerialization.jsonObject(with: Data(weir.output.utf8)) as? [String: Any])
        #expect(summary["balanced"] as? Bool == true)
        let packets = try #require(summary["packets"] as? [String: Int])
        #expect(packets["read"] == packets["written"])
        try pipe.fileHandleForWriting.close()
    }
}
