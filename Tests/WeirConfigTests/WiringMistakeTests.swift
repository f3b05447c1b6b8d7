import Testing

/// Where packets go. Each mistake is said once, with where it is and what to write.
@Suite struct WiringMistakeTests {
    @Test func theChainEndsInASink() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter
            """,
            says: """
                p.yaml:4:5: error: the packets of `counter` lead nowhere: the chain ends here
                 4 |   - counter
                   |     ^~~~~~~
                   = end the chain with `- discard`, or name a stage: `to: ID`
                """)
    }

    @Test func aChainDoesNotRunIntoASource() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter
              - capture: { file: b.pcap }
              - discard
            """,
            says: """
                p.yaml:4:5: error: the packets of `counter` lead nowhere: the next item, `capture-2`, is a source
                 4 |   - counter
                   |     ^~~~~~~
                   = end the chain with `- discard`, or name a stage: `to: ID`
                """)
    }

    @Test func aNamedOutputLeadsSomewhere() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: 239.0.0.1 }
              - discard
            """,
            says: """
                p.yaml:4:5: error: the output `reports` of `igmp-responder` leads nowhere
                 4 |   - igmp-responder: { groups: 239.0.0.1 }
                   |     ^~~~~~~~~~~~~~
                   = write `to: { reports: ID }` beside `igmp-responder:`, or `to: { reports: [discard: {}] }`
                """)
    }

    @Test func anUnknownOutputIsCalledByTheNearestName() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: 239.0.0.1 }
                to: { report: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:5:11: error: `igmp-responder` has no output `report`
                 5 |     to: { report: [discard: {}] }
                   |           ^~~~~~
                   = did you mean `reports`?
                """)
    }

    @Test func aSinkHasNoOutputs() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - discard: {}
                to: capture
            """,
            says: """
                p.yaml:5:5: error: `discard` has no output `next`
                 5 |     to: capture
                   |     ^~
                   = `discard` is a sink: no packets leave it
                p.yaml:5:9: error: `capture` is a source: nothing can be sent to it
                 5 |     to: capture
                   |         ^~~~~~~
                """)
    }

    @Test func anUnknownIdIsCalledByTheNearestName() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: 239.0.0.1 }
                to: { reports: uplnk }
              - discard
              - transmit: { file: out.pcap }
                id: uplink
            """,
            says: """
                p.yaml:5:20: error: there is no stage with the id `uplnk`
                 5 |     to: { reports: uplnk }
                   |                    ^~~~~
                   = did you mean `uplink`?
                """)
    }

    @Test func aKindIsNotAnId() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                to: transmit
              - discard
            """,
            says: """
                p.yaml:5:9: error: there is no stage with the id `transmit`
                 5 |     to: transmit
                   |         ^~~~~~~~
                   = to put a stage there write a list: `[transmit: {}]`
                """)
    }

    @Test func nothingIsSentToASource() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                to: capture
              - discard
            """,
            says: """
                p.yaml:5:9: error: `capture` is a source: nothing can be sent to it
                 5 |     to: capture
                   |         ^~~~~~~
                """)
    }

    @Test func aStageThatNothingReachesIsNamedOnce() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - discard
              - counter
              - counter
              - discard
            """,
            says: """
                p.yaml:5:5: error: nothing leads to `counter`
                 5 |   - counter
                   |     ^~~~~~~
                   = the chain before it has ended; lead an output of another stage there: `to: { OUTPUT: counter }`
                """)
    }

    @Test func aPipelineHasASource() {
        expect(
            """
            weir: 1
            stages:
              - counter
              - discard
            """,
            says: """
                p.yaml:2:1: error: the pipeline has no source
                 2 | stages:
                   | ^~~~~~
                   = begin it with one, such as `- capture: { file: in.pcap }`
                """)
    }

    @Test func aLoopIsShownAsAPath() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                id: a
              - counter: {}
                id: b
                to: [a, discard]
              - discard
            """,
            says: """
                p.yaml:8:10: error: packets would go in a circle: a → b → a
                 8 |     to: [a, discard]
                   |          ^
                   = if that is meant, write `loops: allowed` at the top of the file
                """)
    }

    @Test func toTakesIdsOrLists() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                to: { next: { counter: {} } }
              - counter: {}
                to:
              - counter: {}
                to: { next: [] }
              - discard
            """,
            says: """
                p.yaml:5:17: error: `to` takes an id or a list, found a map
                 5 |     to: { next: { counter: {} } }
                   |                 ^~~~~~~~~~~~~~~
                   = a chain of stages is a list: `[counter: {}, discard: {}]`
                p.yaml:7:8: error: `to` takes the id of a stage, or a list of ids or of stages, found nothing
                 7 |     to:
                   |        ^
                p.yaml:9:17: error: `to` takes the id of a stage, or a list of ids or of stages, found an empty list
                 9 |     to: { next: [] }
                   |                 ^~
                """)
    }

    @Test func aStageHasNoNamedInputs() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                to: discard.x
              - discard
            """,
            says: """
                p.yaml:5:9: error: `discard` has no input `x`
                 5 |     to: discard.x
                   |         ^~~~~~~~~
                   = write `discard`
                """)
    }
}
