namespace EcoLabelRegistry.Recognition;

/// <summary>Why a certificate or a grant does not hold (a closed list, in the order in which a grant is judged).</summary>
/// <remarks>The words that a person reads live outside the engine, in every language.</remarks>
public enum Reason
{
    /// <summary>The date lies before the certificate's first period.</summary>
    CertificateNotYetValid,

    /// <summary>The date lies after the certificate's period, or after its edition's end and transition.</summary>
    CertificateExpired,

    /// <summary>The certificate is suspended on the date.</summary>
    CertificateSuspended,

    /// <summary>The certificate is withdrawn on the date.</summary>
    CertificateWithdrawn,

    /// <summary>The asked product is not on the certificate on the date.</summary>
    ProductNotOnCertificate,

    /// <summary>The certificate does not count in the asked territory.</summary>
    TerritoryOutOfScope,

    /// <summary>The certificate is missing from a register that is held in full.</summary>
    CertificateNotInRegister,

    /// <summary>No grant exists between the two in either direction.</summary>
    NoAgreement,

    /// <summary>Only the opposite direction is granted.</summary>
    WrongDirection,

    /// <summary>A signature is missing.</summary>
    AgreementProposed,

    /// <summary>The agreement is not in force yet on the date.</summary>
    AgreementNotYetEffective,

    /// <summary>The agreement, or one of the two parties in it, is suspended on the date.</summary>
    AgreementSuspended,

    /// <summary>The agreement was terminated.</summary>
    AgreementTerminated,

    /// <summary>The agreement's agreed end has passed.</summary>
    AgreementExpired,

    /// <summary>A party had not acceded on the date.</summary>
    PartyNotAcceded,

    /// <summary>A party had withdrawn by the date.</summary>
    PartyWithdrawn,

    /// <summary>The grant's own start lies after the date.</summary>
    GrantNotYetEffective,

    /// <summary>The grant's own end lies before the date.</summary>
    GrantExpired,

    /// <summary>The level has no effect on certificates: a memorandum, peer review, adoption of a text.</summary>
    AgreementNotOperative,

    /// <summary>The line's category is outside the grant's, or outside the one asked.</summary>
    CategoryOutOfScope,

    /// <summary>A party reserved the category or the partner.</summary>
    PartyReservation,

    /// <summary>The certificate's standard is not in the grant's list.</summary>
    StandardOutOfScope,

    /// <summary>The certificate's edition is not in the grant's list.</summary>
    EditionOutOfScope,

    /// <summary>The certificate's tier is below the grant's minimum, or not stated.</summary>
    TierBelowMinimum,

    /// <summary>A condition that the data can decide is not met.</summary>
    ConditionFailed,

    /// <summary>The level is below the one that the caller asks for.</summary>
    LevelBelowMinimum,
}
