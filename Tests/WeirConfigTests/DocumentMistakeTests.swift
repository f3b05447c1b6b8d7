import Testing

/// The keys at the top of a file. Each mistake is said once, with where it is and what to write.
@Suite struct DocumentMistakeTests {
    @Test func anEmptyFileIsShownWhatAPipelineLooksLike() {
        expect(
            "",
            says: """
                p.yaml:1:1: error: the file is empty
                   = a pipeline looks like this:
                         weir: 1
                         stages:
                           - capture: { file: in.pcap }
                           - transmit: { file: out.pcap }
                """)
    }

    @Test func aPipelineIsAMap() {
        expect(
            """
            - capture
            """,
            says: """
                p.yaml:1:1: error: a pipeline is a map, found a list
                 1 | - capture
                   | ^~~~~~~~~
                   = a pipeline looks like this:
                         weir: 1
                         stages:
                           - capture: { file: in.pcap }
                           - transmit: { file: out.pcap }
                """)
    }

    @Test func theVersionIsAsked() {
        expect(
            """
            stages:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:1:1: error: the key `weir` is missing
                 1 | stages:
                   | ^
                   = `weir` takes the version of the format; for example `weir: 1`
                """)
    }

    @Test func aLaterVersionIsNotRead() {
        expect(
            """
            weir: 2
            stages:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:1:7: error: `weir`: the file is written in version 2 of the format, and this program reads version 1
                 1 | weir: 2
                   |       ^
                """)
    }

    @Test func aMisspeltKeyIsRecognised() {
        expect(
            """
            weir: 1
            stage:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:2:1: error: unknown key `stage`
                 2 | stage:
                   | ^~~~~
                   = did you mean `stages`?
                """)
    }

    @Test func stagesIsAList() {
        expect(
            """
            weir: 1
            stages: { capture: { file: in.pcap } }
            """,
            says: """
                p.yaml:2:9: error: `stages` takes a list of stages, found a map
                 2 | stages: { capture: { file: in.pcap } }
                   |         ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                   = begin each stage with `- `, as in `- counter: {}`
                """)
    }

    @Test func aStageAtTheTopBelongsUnderStages() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - discard
            counter: {}
            """,
            says: """
                p.yaml:5:1: error: unknown key `counter`
                 5 | counter: {}
                   | ^~~~~~~
                   = a stage is an item of `stages`: `- counter: …`
                """)
    }

    @Test func loopsHasOneWord() {
        expect(
            """
            weir: 1
            loops: alowed
            stages:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:2:8: error: `loops`: expected `allowed`, found `alowed`
                 2 | loops: alowed
                   |        ^~~~~~
                   = did you mean `allowed`?
                """)
    }

    @Test func aTestHasAName() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - discard
            tests:
              - what: ever
              - five
            """,
            says: """
                p.yaml:6:5: error: `tests`: the test has no name
                 6 |   - what: ever
                   |     ^~~~~~~~~~
                   = say what it shows: `- name: …`
                p.yaml:7:5: error: `tests`: expected a test with a `name`, found `five`
                 7 |   - five
                   |     ^~~~
                """)
    }

    @Test func aKeyIsWrittenOnce() {
        expect(
            """
            weir: 1
            name: a
            name: b
            stages:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:3:1: error: the key `name` is here twice
                 3 | name: b
                   | ^~~~
                p.yaml:2:1: note: it was first given here
                 2 | name: a
                   | ^~~~
                """)
    }
}
