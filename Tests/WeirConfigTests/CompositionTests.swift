import Testing
import Weir
import WeirConfig

/// Pipelines inside pipelines.
@Suite struct CompositionTests {
    static let host = """
        weir: 1
        parameters: { host-id: { type: integer } }
        stages:
          - capture: { file: in.pcap }
            id: wire
          - igmp-responder: { groups: 239.0.0.1 }
            to: { reports: uplink }
          - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id, hosts: 1-8 }
            to: { not-ours: [counter, discard: {}] }
          - transmit: { file: "host-${host-id}.pcap" }
            id: up
          - transmit: { file: uplink.pcap }
            id: uplink
        """

    let folder = TemporaryFolder()

    private func load(_ yaml: String, environment: [String: String] = [:]) -> PipelineFile.Result {
        PipelineFile.load(
            path: folder.write(yaml, to: "lab.yaml"), catalogue: catalogue, settings: .init(environment: environment))
    }

    /// What is said of `yaml`, with the folder's path left out.
    private func complaints(_ yaml: String) -> String {
        DiagnosticRenderer().text(load(yaml).diagnostics).replacing(folder.path + "/", with: "")
    }

    @Test func capturesAreInputsAndTransmitsOutputs() throws {
        folder.write(Self.host, to: "host.yaml")
        let result = load(
            """
            weir: 1
            stages:
              - capture: { file: lab.pcap }
              - counter: {}
                to: [h1.wire, h2]
              - pipeline: { file: host.yaml, set: { host-id: $host } }
                each: { host: 1-2 }
                id: h$host
                to: { up: [discard: {}], uplink: sink }
              - transmit: { file: all.pcap }
                id: sink
            """)
        let pipeline = try #require(result.pipeline, "\(DiagnosticRenderer().text(result.diagnostics))")
        #expect(
            pipeline.stages.map(\.id) == [
                "capture", "counter", "h1.igmp-responder", "h1.nlb-filter", "h1.counter", "h1.discard", "discard-1",
                "h2.igmp-responder", "h2.nlb-filter", "h2.counter", "h2.discard", "discard-2", "sink",
            ])
        #expect(pipeline.setting("h2.nlb-filter", "host-id")?.text == "2")
        #expect(
            Set(pipeline.wiring) == [
                "capture.next > counter", "counter.next > h1.igmp-responder", "counter.next > h2.igmp-responder",
                "h1.igmp-responder.reports > sink", "h1.igmp-responder.next > h1.nlb-filter",
                "h1.nlb-filter.not-ours > h1.counter", "h1.counter.next > h1.discard", "h1.nlb-filter.next > discard-1",
                "h2.igmp-responder.reports > sink", "h2.igmp-responder.next > h2.nlb-filter",
                "h2.nlb-filter.not-ours > h2.counter", "h2.counter.next > h2.discard", "h2.nlb-filter.next > discard-2",
            ])
        _ = try pipeline.makeGraph()
    }

    @Test func aPipelineWithOneTransmitStandsInTheList() throws {
        folder.write(
            "weir: 1\nstages:\n  - capture: { file: a }\n  - counter\n  - transmit: { file: b }\n", to: "a.yaml")
        let pipeline = try #require(
            load("weir: 1\nstages:\n  - capture: { file: a }\n  - pipeline: { file: a.yaml }\n  - discard\n").pipeline)
        #expect(Set(pipeline.wiring) == ["capture.next > pipeline.counter", "pipeline.counter.next > discard"])
    }

    @Test func aPipelineDoesNotContainItself() {
        folder.write(
            "weir: 1\nstages:\n  - capture: { file: a }\n  - pipeline: { file: lab.yaml }\n  - transmit: { file: a }\n",
            to: "a.yaml")
        #expect(
            complaints("weir: 1\nstages:\n  - capture: { file: a }\n  - pipeline: { file: ./a.yaml }\n  - discard\n")
                == """
                a.yaml:4:23: error: the pipeline contains itself: lab.yaml → a.yaml → lab.yaml
                 4 |   - pipeline: { file: lab.yaml }
                   |                       ^~~~~~~~
                   = packets that go in a circle are wired with `to`, not by a pipeline inside itself

                """)
    }

    @Test func everyInputAndOutputOfAnInnerPipelineIsWired() {
        folder.write(Self.host, to: "host.yaml")
        #expect(
            complaints(
                """
                weir: 1
                stages:
                  - capture: { file: a }
                    to: h.wier
                  - pipeline: { file: host.yaml, set: { host: 1 } }
                    id: h
                    to: { up: [discard: {}] }
                  - pipeline: { file: nowhere.yaml }
                """) == """
                    lab.yaml:4:9: error: `h` has no input `wier`
                     4 |     to: h.wier
                       |         ^~~~~~
                       = did you mean `h.wire`?
                    lab.yaml:5:5: error: the output `uplink` of `h` leads nowhere
                     5 |   - pipeline: { file: host.yaml, set: { host: 1 } }
                       |     ^~~~~~~~
                       = write `to: { uplink: ID }` beside `pipeline:`, or `to: { uplink: [discard: {}] }`
                    lab.yaml:5:41: error: the pipeline has no parameter `host`
                     5 |   - pipeline: { file: host.yaml, set: { host: 1 } }
                       |                                         ^~~~
                       = it has `host-id`
                    lab.yaml:8:23: error: `nowhere.yaml` cannot be read: there is no such file
                     8 |   - pipeline: { file: nowhere.yaml }
                       |                       ^~~~~~~~~~~~
                    host.yaml:2:15: error: the parameter `host-id` has no value
                     2 | parameters: { host-id: { type: integer } }
                       |               ^~~~~~~
                       = give it a `default`, or set it with `set: { host-id: … }`

                    """)
    }

    @Test func aLoopThroughAnInnerPipelineIsFound() {
        folder.write(
            "weir: 1\nstages:\n  - capture: { file: a }\n  - counter\n  - transmit: { file: b }\n", to: "a.yaml")
        #expect(
            complaints(
                """
                weir: 1
                stages:
                  - capture: { file: a }
                  - pipeline: { file: a.yaml }
                    id: p
                    to: [p, discard]
                  - discard
                """) == """
                    lab.yaml:6:10: error: packets would go in a circle: p.counter → p.counter
                     6 |     to: [p, discard]
                       |          ^
                       = if that is meant, write `loops: allowed` at the top of the file

                    """)
    }

    @Test func theEnvironmentSpeaksToTheOutermostPipelineOnly() throws {
        folder.write(Self.host.replacing("type: integer", with: "type: integer, default: 1"), to: "host.yaml")
        let yaml = """
            weir: 1
            stages:
              - capture: { file: a }
              - pipeline: { file: host.yaml }
                to: { up: [discard: {}], uplink: [discard: {}] }
            """
        let pipeline = try #require(load(yaml, environment: ["WEIR_HOST_ID": "5"]).pipeline)
        #expect(pipeline.setting("pipeline.nlb-filter", "host-id")?.origin == .pipelineDefault)
    }

    @Test func aFileThatIsNotThereIsNoInput() {
        let result = PipelineFile.load(path: folder.path + "/none.yaml", catalogue: catalogue)
        #expect(result.failure == .noInput)
        #expect(PipelineFile.load(path: folder.path, catalogue: catalogue).failure == .noInput)
    }
}
