/// Something in the network that a stage needs for one owner alone, such as an address.
///
/// Two stages of a pipeline, those of the pipelines inside it included, that claim the same for different owners get a
/// warning that names both. Stages of the same owner share it.
public struct Claim: Hashable, Sendable {
    /// What is claimed, as a sentence names it: ``the MAC address `01-00-5e-7f-00-64` ``. Equal texts are the same thing.
    public var resource: String
    /// Whose it is to be, as a sentence names it: ``cluster `10.0.0.100` ``.
    public var owner: String
    /// The parameter that it follows from, as in a ``ConfigurationError``; nil for the stage as a whole.
    public var parameter: String?
    /// What to do when another owner has it.
    public var help: String?

    public init(_ resource: String, for owner: String, parameter: String? = nil, help: String? = nil) {
        self.resource = resource
        self.owner = owner
        self.parameter = parameter
        self.help = help
    }
}
