import Foundation
import Testing

/// What `show` prints is a pipeline that does the same.
@Suite struct ShowTests {
    static let inner = """
        weir: 1
        parameters:
          host-id: { type: integer, default: 1 }
        stages:
          - capture: { file: in.pcap }
          - nlb-filter: { cluster: 10.0.0.100, host-id: $host-id, hosts: 1-4 }
          - transmit: { file: out.pcap }
            id: stack
        """
    static let outer = pipeline(
        """
          - vlan-isolation: { allow: "10,20" }
            to: [host-1, host-2]
          - pipeline: { file: inner.yaml, set: { host-id: $host } }
            each: { host: 1-2 }
            id: host
            to: { stack: kept }
          - transmit: { file: "$$5, a: b.pcap" }
            id: kept

        """)

    @Test func pipelinesInsideAreFlattened() throws {
        let weir = try Weir(["outer.yaml": Self.outer, "inner.yaml": Self.inner])
        let shown = try weir("show", "outer.yaml").output
        #expect(weir.status == 0, "\(weir.errors)")
        #expect(shown.contains("id: host-1-nlb-filter"))
        #expect(shown.contains("# $host, outer.yaml:"))
        let again = try weir("show", "-", input: shown).output
        #expect(weir.status == 0, "\(weir.errors)")
        #expect(Self.withoutOrigins(again) == Self.withoutOrigins(shown))
        try weir("run", "outer.yaml", "--summary", "none")
        let expected = try Data(contentsOf: weir.file("$5, a: b.pcap"))
        try FileManager.default.removeItem(at: weir.file("$5, a: b.pcap"))
        try weir("run", "-", "--summary", "none", input: shown)
        #expect(try Data(contentsOf: weir.file("$5, a: b.pcap")) == expected)
        #expect(expected.count > 1000)
    }

    @Test func pathsStartFromTheWorkingFolder() throws {
        let weir = try Weir()
        try FileManager.default.createDirectory(at: weir.file("sub"), withIntermediateDirectories: true)
        try pipeline("  - transmit: { file: out.pcap }\n").write(
            to: weir.file("sub/p.yaml"), atomically: true, encoding: .utf8)
        #expect(try weir("show", "sub/p.yaml").output.contains("file: sub/out.pcap"))
    }

    static func withoutOrigins(_ text: String) -> [Substring] {
        text.split(separator: "\n").map { $0.prefix { $0 != "#" } }
    }
}
