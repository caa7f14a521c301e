namespace EcoLabelRegistry.Recognition;

/// <summary>What a decision comes to, best first. The order is the order in which the best path wins.</summary>
public enum Outcome
{
    /// <summary>A certificate of the recogniser itself counts.</summary>
    Certified,

    /// <summary>A certificate that counts is covered by a full grant, with nothing left to prove.</summary>
    Recognised,

    /// <summary>Covered, with something left to prove; the answer lists exactly what.</summary>
    Conditional,

    /// <summary>The partner's verification, audits or tests are accepted: a shorter route to a label that is still needed.</summary>
    VerificationAccepted,

    /// <summary>A certificate counts, and no grant in force covers any.</summary>
    NotRecognised,

    /// <summary>The product is on record, and no certificate of it counts on the date.</summary>
    NotCertified,

    /// <summary>The product is not on record.</summary>
    Unknown,
}

/// <summary>The short answer that an outcome gives.</summary>
public enum Answer
{
    /// <summary>Certified or recognised.</summary>
    Yes,

    /// <summary>A part is accepted, and something is left to prove.</summary>
    Partly,

    /// <summary>No certificate counts, or none that counts is recognised. Never a finding of non-equivalence.</summary>
    No,

    /// <summary>The product is not on record.</summary>
    Unknown,
}

/// <summary>Maps outcomes to answers.</summary>
public static class Outcomes
{
    /// <summary>The short answer that the outcome gives.</summary>
    public static Answer Answer(this Outcome outcome) => outcome switch
    {
        Outcome.Certified or Outcome.Recognised => Recognition.Answer.Yes,
        Outcome.Conditional or Outcome.VerificationAccepted => Recognition.Answer.Partly,
        Outcome.NotRecognised or Outcome.NotCertified => Recognition.Answer.No,
        Outcome.Unknown => Recognition.Answer.Unknown,
    };
}
