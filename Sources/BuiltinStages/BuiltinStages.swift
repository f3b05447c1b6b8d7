import ARPResolver
import ARPResponder
import BPF
import Counter
import Discard
import Generator
import IGMPQuerier
import IGMPResponder
import IGMPSnooper
import MLDResponder
import NLBFilter
import RateLimit
import Sample
import Switch
import Tee
import UnicastRewrite
import VLANIsolation
import Weir
import WeirIO

extension StageCatalogue {
    /// The stages that come with weir, in the order in which a pipeline meets them.
    public static let builtin = StageCatalogue([
        StageDescriptor(Capture.self),
        StageDescriptor(Generator.self),
        StageDescriptor(VLANIsolation.self),
        StageDescriptor(BPFFilter.self),
        StageDescriptor(IGMPResponder.self),
        StageDescriptor(IGMPQuerier.self),
        StageDescriptor(IGMPSnooper.self),
        StageDescriptor(MLDResponder.self),
        StageDescriptor(Switch.self),
        StageDescriptor(ARPResolver.self),
        StageDescriptor(ARPResponder.self),
        StageDescriptor(NLBFilter.self),
        StageDescriptor(UnicastRewrite.self),
        StageDescriptor(Tee.self),
        StageDescriptor(PacketCounter.self),
        StageDescriptor(Sample.self),
        StageDescriptor(RateLimit.self),
        StageDescriptor(Transmit.self),
        StageDescriptor(Discard.self),
    ])
}
