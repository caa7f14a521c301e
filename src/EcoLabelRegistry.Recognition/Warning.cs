namespace EcoLabelRegistry.Recognition;

/// <summary>What keeps a buyer from a wrong conclusion. A warning never changes an outcome.</summary>
public enum Warning
{
    /// <summary>A "no" is about recognition on record; it does not say that the product is not equivalent.</summary>
    NotAFindingOfNonEquivalence,

    /// <summary>A "partly" does not replace the recogniser's own label.</summary>
    LabelStillRequired,

    /// <summary>A scheme was asked: whether a tender accepts it is asked of a policy.</summary>
    SchemeNotPolicy,

    /// <summary>The date is later than the day to which the register is held here.</summary>
    RegisterStale,

    /// <summary>Not certified as far as known: the register is not held in full.</summary>
    RegisterIncomplete,

    /// <summary>The certificate does not say where it counts.</summary>
    TerritoryNotKnown,

    /// <summary>The scheme's surveillance audit is overdue.</summary>
    SurveillanceOverdue,

    /// <summary>A newer edition exists that the agreement's mapping does not name yet.</summary>
    MappingStale,

    /// <summary>The agreement is historical, attested by the registrar from its sources and not signed here.</summary>
    AttestedByRegistrar,

    /// <summary>A party contests the agreement as recorded.</summary>
    AgreementContested,

    /// <summary>The agreement takes effect before the day of its signature.</summary>
    EffectiveBeforeSigned,

    /// <summary>The agreement's effective date is not known; another date stands in for it.</summary>
    EffectiveDateUnknown,

    /// <summary>The selectors given do not name the same product.</summary>
    SelectorMismatch,

    /// <summary>The lines asked about lie in several categories.</summary>
    SeveralCategories,

    /// <summary>The GTIN names several products.</summary>
    GtinAmbiguous,

    /// <summary>The answer rests on invented data.</summary>
    Sample,
}
