import Testing
import Weir
import WeirConfig

/// Stages with ports, which are wired by name in both directions.
@Suite struct PortTests {
    @Test func portsAreWiredByName() throws {
        let pipeline = try resolve(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: lan.port1
              - switch: { ports: 3 }
                id: lan
                to: { port1: end, port2: [counter: {}, discard: {}], port3: lan2.port2, no-member: end }
              - switch: { ports: 2 }
                id: lan2
                to: { port1: end, port2: end }
              - discard: {}
                id: end
            """)
        let wires = pipeline.wires.map { wire in
            let input = wire.input.map { ".\($0)" } ?? ""
            return "\(pipeline.stages[wire.from].id).\(wire.output) > \(pipeline.stages[wire.to].id)\(input)"
        }
        #expect(
            wires == [
                "capture.next > lan.port1", "lan.port1 > end", "lan.port2 > counter", "counter.next > discard",
                "lan.port3 > lan2.port2", "lan.no-member > end", "lan2.port1 > end", "lan2.port2 > end",
            ])
    }

    @Test func whatLeadsToASwitchNamesAPort() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: lan
              - switch: { ports: 4 }
                id: lan
                to: { port1: end, port2: end, port3: end, port4: end }
              - discard: {}
                id: end
            """,
            says: """
                p.yaml:4:9: error: which port of `lan` is meant?
                 4 |     to: lan
                   |         ^~~
                   = it takes packets by `lan.port1` to `lan.port4`
                """)
    }

    @Test func aPortThatThereIsNotIsNoGuess() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: [lan.port5, lan.uplink, one.port2]
              - switch: { ports: 4 }
                id: lan
                to: { port1: end, port2: end, port3: end, port4: end, port5: end }
              - switch: { ports: 1 }
                id: one
                to: { prot1: end, port1: end, uplink: end }
              - discard: {}
                id: end
            """,
            says: """
                p.yaml:4:10: error: `lan` has no port `port5`
                 4 |     to: [lan.port5, lan.uplink, one.port2]
                   |          ^~~~~~~~~
                   = it takes packets by `lan.port1` to `lan.port4`
                p.yaml:4:21: error: `lan` has no port `uplink`
                 4 |     to: [lan.port5, lan.uplink, one.port2]
                   |                     ^~~~~~~~~~
                   = it takes packets by `lan.port1` to `lan.port4`
                p.yaml:4:33: error: `one` has no port `port2`
                 4 |     to: [lan.port5, lan.uplink, one.port2]
                   |                                 ^~~~~~~~~
                   = it takes packets by `one.port1`
                p.yaml:7:59: error: `lan` has no output `port5`
                 7 |     to: { port1: end, port2: end, port3: end, port4: end, port5: end }
                   |                                                           ^~~~~
                   = packets leave it by `port1` to `port4`
                p.yaml:10:11: error: `one` has no output `prot1`
                 10 |     to: { prot1: end, port1: end, uplink: end }
                    |           ^~~~~
                    = packets leave it by `port1`
                p.yaml:10:35: error: `one` has no output `uplink`
                 10 |     to: { prot1: end, port1: end, uplink: end }
                    |                                   ^~~~~~
                    = packets leave it by `port1`
                """)
    }

    @Test func everyPortLeadsSomewhere() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: lan.port1
              - switch: { ports: 3 }
                id: lan
                to: { port2: end }
              - discard: {}
                id: end
            """,
            says: """
                p.yaml:5:5: error: the output `port1` of `lan` leads nowhere
                 5 |   - switch: { ports: 3 }
                   |     ^~~~~~
                   = write `to: { port1: ID }` beside `switch:`, or `to: { port1: [discard: {}] }`
                p.yaml:5:5: error: the output `port3` of `lan` leads nowhere
                 5 |   - switch: { ports: 3 }
                   |     ^~~~~~
                   = write `to: { port3: ID }` beside `switch:`, or `to: { port3: [discard: {}] }`
                """)
    }

    @Test func aSwitchStandsInNoChain() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - switch: { ports: 1 }
                to: { port1: [discard: {}] }
            """,
            says: """
                p.yaml:3:5: error: the packets of `capture` lead nowhere: the next item, `switch`, takes packets by its ports only
                 3 |   - capture: { file: in.pcap }
                   |     ^~~~~~~
                   = name one: `to: switch.port1`
                """)
    }

    @Test func aSwitchThatNothingLeadsToIsNamed() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - discard: {}
              - switch: { ports: 1 }
                to: { port1: [discard: {}] }
            """,
            says: """
                p.yaml:5:5: error: nothing leads to `switch`
                 5 |   - switch: { ports: 1 }
                   |     ^~~~~~
                   = the chain before it has ended; lead an output of another stage there: `to: { OUTPUT: switch.port1 }`
                """)
    }

    @Test func withoutItsPortsNothingElseIsSaid() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                to: lan.port7
              - switch: { ports: 65 }
                id: lan
                to: { port1: end, port66: end }
              - discard: {}
                id: end
            """,
            says: """
                p.yaml:5:22: error: `ports`: expected from 1 to 64, found `65`
                 5 |   - switch: { ports: 65 }
                   |                      ^~
                """)
    }
}
