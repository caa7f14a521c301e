using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Schemes;

/// <summary>An eco-label programme, as recorded.</summary>
public record SchemeEntry : Sourced
{
    /// <summary>Lower kebab-case.</summary>
    public string? Code { get; init; }

    /// <summary>Code of the label body that writes for the scheme and signs.</summary>
    public string? Body { get; init; }

    /// <summary>Names by language.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>Scheme, or a set of common criteria that certifies nothing.</summary>
    public SchemeKind? Kind { get; init; }

    /// <summary>Code of the scheme that this is a sub-scheme of.</summary>
    public string? Parent { get; init; }

    /// <summary>True when its certificates are its parent's as well.</summary>
    public bool? CountsAsParent { get; init; }

    /// <summary>Who does what; the roles can lie with different bodies.</summary>
    public SchemeRoles? Roles { get; init; }

    /// <summary>Codes under which buyers' systems know the scheme.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>ISO 3166-1, or <c>EU</c>, <c>UN</c>; empty for world-wide.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary><c>I</c>, <c>I-like</c>, <c>II</c>, <c>III</c> or <c>none</c>.</summary>
    public string? IsoType { get; init; }

    /// <summary>When it began.</summary>
    public PartialDate? Launched { get; init; }

    /// <summary>Address of its site.</summary>
    public string? Website { get; init; }

    /// <summary>Tiers, lowest first.</summary>
    public IReadOnlyList<string>? Tiers { get; init; }

    /// <summary>Months between two surveillance audits.</summary>
    public int? SurveillanceMonths { get; init; }

    /// <summary>How completely the register is held here.</summary>
    public RegisterHeld? Register { get; init; }

    /// <summary>What a decision needs of it.</summary>
    public Scheme ToModel() => new(Code!, Body!)
    {
        Kind = Kind ?? SchemeKind.Scheme,
        Parent = Parent,
        CountsAsParent = CountsAsParent ?? false,
        Tiers = Tiers ?? [],
        SurveillanceMonths = SurveillanceMonths,
        Coverage = Register?.Coverage ?? RegisterCoverage.None,
        RegisterAsOf = Register?.AsOf,
        Sample = Sample ?? false,
    };
}

/// <summary>Who does what in a scheme: codes of label bodies, or names where no body is recorded.</summary>
public sealed record SchemeRoles(string? Owner = null, string? Criteria = null, string? Certifier = null, string? Awards = null);

/// <summary>How completely a register is held here, and as of when.</summary>
public sealed record RegisterHeld(RegisterCoverage? Coverage, PartialDate? AsOf = null);
