namespace EcoLabelRegistry.Recognition;

/// <summary>Conditions that the engine itself adds to a path. A grant's own conditions have codes of their own.</summary>
public enum ConditionCode
{
    /// <summary>A mandatory criterion of the wanted standard that is not common: still to be proven.</summary>
    CriterionToProve,

    /// <summary>Only an excerpt of the wanted standard's criteria is held here: more may be left to prove.</summary>
    CriteriaIncomplete,

    /// <summary>None of the wanted standard's criteria are held here.</summary>
    CriteriaNotHeld,

    /// <summary>The path holds only inside the uncertain part of a partial date.</summary>
    DateUncertain,

    /// <summary>No source shows the agreement alive as late as the date.</summary>
    AgreementStandingUnconfirmed,

    /// <summary>No source shows the certificate valid as late as the date.</summary>
    CertificateStandingUnconfirmed,
}
