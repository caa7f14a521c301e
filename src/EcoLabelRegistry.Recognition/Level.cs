namespace EcoLabelRegistry.Recognition;

/// <summary>What a recogniser accepts of the recognised, strongest first (a closed list).</summary>
/// <remarks>
/// The order is the order of preference. Source: the four mechanisms of the Global Ecolabelling Network, told apart as real
/// agreements use them. In every agreement text that could be read the recogniser still signs its own licence.
/// </remarks>
public enum Level
{
    /// <summary>Every certificate of the scheme.</summary>
    FullScheme,

    /// <summary>A certified product, without further assessment.</summary>
    FullProduct,

    /// <summary>The common criteria; the others are still to be proven.</summary>
    CommonCriteria,

    /// <summary>The certificate as proof of the criteria that it covers.</summary>
    Evidence,

    /// <summary>The partner's verification against the recogniser's criteria.</summary>
    ProxyVerification,

    /// <summary>The partner's site audits.</summary>
    Audit,

    /// <summary>The partner's test reports.</summary>
    TestData,

    /// <summary>The criteria text, not certificates.</summary>
    StandardAdoption,

    /// <summary>Criteria aligned by law or policy; no certificates.</summary>
    CriteriaAlignment,

    /// <summary>A memorandum without operative recognition.</summary>
    Framework,

    /// <summary>Peer review (GENICES): a precondition, never a recognition.</summary>
    PeerReview,

    /// <summary>Training and help in building a scheme.</summary>
    CapacityBuilding,
}

/// <summary>What a level can do.</summary>
public static class Levels
{
    /// <summary>The outcome that a grant of the level gives when it holds with nothing left to people; null when it has no effect on certificates.</summary>
    public static Outcome? Gives(this Level level) => level switch
    {
        Level.FullScheme or Level.FullProduct => Outcome.Recognised,
        Level.CommonCriteria or Level.Evidence => Outcome.Conditional,
        Level.ProxyVerification or Level.Audit or Level.TestData => Outcome.VerificationAccepted,
        Level.StandardAdoption or Level.CriteriaAlignment or Level.Framework or Level.PeerReview or Level.CapacityBuilding => null,
    };

    /// <summary>True for the two levels that accept a certificate without further proof.</summary>
    public static bool IsFull(this Level level) => level is Level.FullScheme or Level.FullProduct;
}
