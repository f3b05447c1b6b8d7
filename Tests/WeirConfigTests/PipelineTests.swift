import Testing
import Weir
import WeirConfig
import WeirWire

@Suite struct PipelineTests {
    static let fixed = """
        weir: 1
        name: fixed-igmp
        summary: Answer membership queries after a random delay.
        parameters:
          cluster: { type: ipv4, default: 10.0.0.100, help: The cluster's virtual address. }
          host-id: { type: integer, default: 1 }
        stages:
          - capture: { file: captures/cluster.pcap }
            id: wire
          - vlan-isolation: { allow: [10] }
          - igmp-responder:
              groups: [239.255.0.100]
              answer: queries
            to: { reports: uplink }
          - nlb-filter: { cluster: $cluster, host-id: $host-id, hosts: 1-4 }
          - transmit: { file: host.pcap }
            id: host
          - transmit: { file: uplink.pcap }
            id: uplink
        tests:
          - name: a query is answered
            what: ever
        """

    @Test func theOrderOfTheListIsTheWiring() throws {
        let pipeline = try resolve(Self.fixed)
        #expect(pipeline.name == "fixed-igmp")
        #expect(
            pipeline.wiring == [
                "wire.next > vlan-isolation", "vlan-isolation.next > igmp-responder", "igmp-responder.reports > uplink",
                "igmp-responder.next > nlb-filter", "nlb-filter.next > host",
            ])
        #expect(pipeline.tests.count == 1)
        #expect(!pipeline.hasLoop)
        _ = try pipeline.makeGraph()
    }

    @Test func everySettingKnowsWhereItCameFrom() throws {
        let settings = PipelineFile.Settings(
            values: [("host-id", "2")], environment: ["WEIR_HOST_ID": "3", "WEIR_CLUSTER": "10.0.0.7"],
            rebindings: [Rebinding(.write, id: "host", "-"), Rebinding(.read, "in.pcap")])
        let pipeline = try resolve(Self.fixed, settings)
        let filter = { key in pipeline.setting("nlb-filter", key) }
        #expect(filter("cluster")?.text == "10.0.0.7")
        #expect(filter("cluster")?.origin == .environment("WEIR_CLUSTER"))
        #expect(filter("host-id")?.text == "2")
        #expect(filter("host-id")?.origin == .setting)
        #expect(filter("hosts")?.text == "1-4")
        #expect(filter("hosts")?.origin == .file)
        #expect(filter("rules")?.origin == .stageDefault)
        #expect(pipeline.setting("host", "file")?.text == "-")
        #expect(pipeline.setting("host", "file")?.origin == .rebound)
        #expect(pipeline.parameters.map(\.name) == ["cluster", "host-id"])
    }

    @Test func pathsStartFromTheFileTheyAreWrittenIn() throws {
        let yaml = "weir: 1\nstages:\n  - capture: { file: a.pcap }\n  - discard\n"
        func path(_ settings: PipelineFile.Settings = .init()) throws -> String? {
            let result = PipelineFile.load(text: yaml, name: "etc/p.yaml", catalogue: catalogue, settings: settings)
            let capture = try #require(result.pipeline).stages[0].configuration as? Capture.Configuration
            return capture?.file?.path
        }
        #expect(try path() == "etc/a.pcap")
        #expect(try path(.init(rebindings: [Rebinding(.read, "b.pcap")])) == "b.pcap")
    }

    @Test func valuesAreReadAsTheyAreWritten() throws {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { flag: false, ratio: 1e-3, text: no, size: 1.5MiB, rate: 10Mbps, mac: "02:bf:0a:00:00:64",
                  prefix: 10.0.0.0/8, v6: "::1", wait: 1m, count: 0x10 }
              - everything: { text: '1:2', wait: 0, count: 0777 }
              - discard:
            """
        let pipeline = try resolve(yaml)
        let texts = pipeline.stages[1].configuration.settings.map { $0.text }
        #expect(
            texts == [
                "false", "0.001", "no", "1536KiB", "10Mbps", "02-bf-0a-00-00-64", "10.0.0.0/8", "::1", "1m", "16",
            ])
        let others = try #require(pipeline.stages[2].configuration as? Everything.Configuration)
        #expect(others.text == "1:2")
        #expect(others.wait == .zero)
        #expect(others.count == 777)
        #expect(others.groupMAC == nil)
    }

    @Test func aStageIsDescribedByItsDeclaration() {
        let parameters = StageDescriptor(NLBFilter.self).parameters
        #expect(parameters.map(\.key) == ["cluster", "host-id", "hosts", "rules"])
        #expect(parameters.map(\.defaultText) == ["required", "1", "1-2", "[]"])
        #expect(parameters[1].choicesText == "from 1 to 32")
        #expect(StageDescriptor(VLANIsolation.self).parameters[1].choicesText == "`strip`, `keep` or `push`")
        #expect(StageDescriptor(IGMPResponder.self).parameters[2].defaultText == "none")
    }

    @Test func outputsLeadToIdsListsAndChains() throws {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: 10 }
                to: { other-vlan: [counter: {}, discard] }
              - igmp-responder: { groups: 239.0.0.1 }
                to:
                  reports:
                    - counter: {}
                      to: out
                  next: [out, discard-2]
              - discard: {}
                id: out
              - discard
            """
        #expect(
            try resolve(yaml).wiring == [
                "capture.next > vlan-isolation", "vlan-isolation.other-vlan > counter", "counter.next > discard",
                "vlan-isolation.next > igmp-responder", "igmp-responder.reports > counter-2", "counter-2.next > out",
                "igmp-responder.next > out", "igmp-responder.next > discard-2",
            ])
    }

    @Test func aliasesRepeatValues() throws {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: &vlans { allow: [10, 20-29] }
              - vlan-isolation: *vlans
              - discard
            """
        #expect(try resolve(yaml).setting("vlan-isolation-2", "allow")?.text == "10,20-29")
    }

    @Test func anItemIsRepeatedForEachValue() throws {
        let yaml = """
            weir: 1
            parameters: { last: { type: integer, default: 3 } }
            stages:
              - capture: { file: "in-${host}.pcap" }
                each: { host: "1-$last" }
                id: wire$host
                to: sink-$host
              - discard: {}
                each: { host: "1-$last" }
                id: sink
            """
        let pipeline = try resolve(yaml)
        #expect(pipeline.wiring == ["wire1.next > sink-1", "wire2.next > sink-2", "wire3.next > sink-3"])
        #expect(pipeline.setting("wire2", "file")?.text == "in-2.pcap")
    }

    @Test func aLoopMayBeAllowed() throws {
        let yaml = """
            weir: 1
            loops: allowed
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                id: again
              - counter: {}
                to: [again, discard]
              - discard
            """
        #expect(try resolve(yaml).hasLoop)
    }

    @Test func jsonHoldsTheSameAsTheText() {
        let result = load("weir: 1\nstages:\n  - capture: { file: \"a\\nb\" }\n  - diskard\n")
        #expect(
            DiagnosticRenderer.json(result.diagnostics) == """
                [{"severity":"error","message":"there is no stage `diskard`","file":"p.yaml","line":4,"column":5,\
                "end_line":4,"end_column":12,"notes":[{"message":"did you mean `discard`?"}]}]
                """)
    }
}
